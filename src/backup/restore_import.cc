#include "backup/restore_import.h"

#include <utility>

#include "base/result.h"
#include "encoding/item_encoding.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {

RestoreImport::RestoreImport(Store& store, TableDescription target, std::uint64_t piece_bytes,
                             std::vector<Counts> counts)
    : target_(std::move(target)),
      table_(target_),
      counts_(std::move(counts)),
      items_(store.BeginImport()),
      index_entries_(store, piece_bytes) {
  counts_.resize(target_.indexes.size() + 1);
}

StoreResult<void> RestoreImport::Add(const BackupEntry& entry) {
  GRAMME_TRY(const ItemView view, ItemView::Open(entry.value));
  GRAMME_TRY(const Item item, view.Decode());
  const auto key = KeyOfItem(table_, item);
  if (!key || key->bytes != entry.key) {
    return StoreError(StatusCode::kCorruption, "an item of a backup does not lie under its key");
  }
  std::vector<KeyValue> of_indexes;
  AppendEntriesOf(target_, *key, item, view.size_bytes(), of_indexes, counts_);
  const TimeToLiveDescription* time_to_live = MaintainedTimeToLive(target_);
  if (const auto second =
          time_to_live != nullptr ? ExpirySecondOf(*time_to_live, item) : std::nullopt) {
    of_indexes.push_back({.key = ExpiryKeyOf(*time_to_live, *second, *key), .value = {}});
  }
  for (const KeyValue& one : of_indexes) {
    GRAMME_RETURN_IF_ERROR(index_entries_.Append(one.key, one.value));
    byte_count_ += one.key.bytes.size() + one.value.size();
  }
  byte_count_ += entry.key.size() + entry.value.size();
  return items_->Append(*key, entry.value);
}

StoreResult<void> RestoreImport::Finish() {
  GRAMME_RETURN_IF_ERROR(items_->Finish());
  GRAMME_RETURN_IF_ERROR(index_entries_.Finish());
  byte_count_ = 0;
  return {};
}

}  // namespace gramme
