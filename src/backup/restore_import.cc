#include "backup/restore_import.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/result.h"
#include "encoding/item_encoding.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

// Enough that the store always has the next batch, little enough that the write of a request hardly
// waits behind them.
constexpr std::size_t kQueuedBatchCountMax = 4;

}  // namespace

StoreResult<void> RestoreImport::Add(const BackupEntry& entry) {
  GRAMME_TRY(const ItemView view, ItemView::Open(entry.value));
  GRAMME_TRY(const Item item, view.Decode());
  const auto key = KeyOfItem(table_, item);
  if (!key || key->bytes != entry.key) {
    return StoreError(StatusCode::kCorruption, "an item of a backup does not lie under its key");
  }
  std::vector<KeyValue> added = {{.key = *key, .value = std::string(entry.value)}};
  AppendEntriesOf(target_, *key, item, view.size_bytes(), added, counts_);
  std::uint64_t byte_count = 0;
  for (const KeyValue& one : added) byte_count += one.key.bytes.size() + one.value.size();
  if (!batch_.empty() && (batch_byte_count_ + byte_count > batch_bytes_ ||
                          store_.GroupOf(batch_.front().key) != store_.GroupOf(*key))) {
    GRAMME_RETURN_IF_ERROR(Flush());
  }
  batch_byte_count_ += byte_count;
  std::ranges::move(added, std::back_inserter(batch_));
  return {};
}

StoreResult<void> RestoreImport::Flush() {
  if (batch_.empty()) return {};
  if (queued_.size() == kQueuedBatchCountMax) {
    GRAMME_RETURN_IF_ERROR(store_.Await(queued_.front()));
    queued_.pop_front();
  }
  GRAMME_TRY(const Position position, store_.Import(batch_));
  queued_.push_back(position);
  batch_.clear();
  batch_byte_count_ = 0;
  const auto same = std::ranges::find(positions_, position.group(), &Position::group);
  if (same == positions_.end()) {
    positions_.push_back(position);
  } else {
    *same = position;
  }
  return {};
}

StoreResult<void> RestoreImport::Finish() {
  GRAMME_RETURN_IF_ERROR(Flush());
  for (const Position& position : positions_) GRAMME_RETURN_IF_ERROR(store_.Await(position));
  return {};
}

}  // namespace gramme
