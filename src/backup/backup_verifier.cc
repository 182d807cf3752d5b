#include <fmt/format.h>

#include <memory>

#include "backup/backup_reader.h"
#include "base/result.h"

namespace gramme {

StoreResult<bool> BackupVerifier::Step(std::uint64_t byte_count) {
  for (std::uint64_t done = 0; done < byte_count;) {
    GRAMME_TRY(const auto block, Next());
    if (!block) return true;
    done += block->byte_count;
  }
  return false;
}

StoreResult<std::optional<BackupBlock>> BackupVerifier::Next() {
  if (!description_) {
    GRAMME_TRY(description_, ReadDefinitions(storage_, manifest_));
    items_.emplace(std::make_shared<const Table>(description_->table), depth_);
  }
  GRAMME_TRY(auto block, cursor_.Next());
  if (block) {
    GRAMME_RETURN_IF_ERROR(items_->Check(*block));
  } else {
    GRAMME_RETURN_IF_ERROR(CheckCounts(items_->counts(), manifest_));
  }
  return block;
}

StoreResult<void> CheckCounts(const Counts& found, const BackupManifest& manifest) {
  if (found == manifest.counts) return {};
  return StoreError(StatusCode::kCorruption,
                    fmt::format("{} items of {} bytes instead of {} items of {} bytes",
                                found.items, found.bytes, manifest.counts.items,
                                manifest.counts.bytes));
}

}  // namespace gramme
