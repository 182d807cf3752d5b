#include <fmt/format.h>

#include "backup/backup_reader.h"
#include "base/result.h"
#include "encoding/item_encoding.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

std::unexpected<Status> Wrong(std::string message) {
  return StoreError(StatusCode::kCorruption, std::move(message));
}

}  // namespace

StoreResult<bool> BackupVerifier::Step(std::uint64_t byte_count) {
  if (!description_) {
    GRAMME_TRY(description_, ReadDefinitions(storage_, manifest_));
    table_ = std::make_shared<const Table>(description_->table);
  }
  for (std::uint64_t done = 0; done < byte_count;) {
    GRAMME_TRY(const auto block, cursor_.Next());
    if (!block) {
      GRAMME_RETURN_IF_ERROR(CheckEnd());
      return true;
    }
    GRAMME_RETURN_IF_ERROR(CheckBlock(*block));
    done += block->bytes.size();
  }
  return false;
}

StoreResult<void> BackupVerifier::CheckBlock(const BackupBlock& block) {
  for (const BackupEntry& entry : block.entries) {
    if (counts_.items > 0 && entry.key <= last_key_) {
      return Wrong(fmt::format("item {} is out of order", counts_.items + 1));
    }
    last_key_ = entry.key;
    GRAMME_TRY(const ItemView view, ItemView::Open(entry.value));
    GRAMME_TRY(const Item item, view.Decode());
    ++counts_.items;
    counts_.bytes += static_cast<std::int64_t>(view.size_bytes());
    const auto key = KeyOfItem(*table_, item);
    if (!key || key->bytes != entry.key) {
      return Wrong(fmt::format("item {} does not lie under its key", counts_.items));
    }
  }
  return {};
}

StoreResult<void> BackupVerifier::CheckEnd() const {
  if (counts_ == manifest_.counts) return {};
  return Wrong(fmt::format("{} items of {} bytes instead of {} items of {} bytes", counts_.items,
                           counts_.bytes, manifest_.counts.items, manifest_.counts.bytes));
}

}  // namespace gramme
