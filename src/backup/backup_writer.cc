#include "backup/backup_writer.h"

#include <fmt/format.h>

#include <utility>

#include "base/result.h"
#include "encoding/item_encoding.h"

namespace gramme {

StoreResult<void> BackupWriter::Add(std::string_view key, std::string_view value) {
  GRAMME_TRY(const ItemView item, ItemView::Open(value));
  ++counts_.items;
  counts_.bytes += static_cast<std::int64_t>(item.size_bytes());
  block_.Add(key, value);
  if (block_.byte_count() < options_.block_bytes) return {};
  return WriteBlock();
}

StoreResult<void> BackupWriter::WriteBlock() {
  if (block_.empty()) return {};
  if (file_.name.empty()) {
    file_.name = fmt::format("data-{:06}", data_files_.size() + 1);
    hash_.emplace();
    GRAMME_RETURN_IF_ERROR(Append(file_, kDataFileMagic));
  }
  file_.item_count += block_.entry_count();
  GRAMME_RETURN_IF_ERROR(Append(file_, block_.Finish()));
  if (file_.byte_count < options_.file_bytes) return {};
  return FinishDataFile();
}

StoreResult<void> BackupWriter::FinishDataFile() {
  if (file_.name.empty()) return {};
  GRAMME_RETURN_IF_ERROR(draft_->Finish(file_.name));
  file_.sha256 = hash_->Finish();
  data_files_.push_back(std::exchange(file_, BackupFile()));
  return {};
}

StoreResult<void> BackupWriter::Append(BackupFile& file, std::string_view bytes) {
  GRAMME_RETURN_IF_ERROR(draft_->Append(file.name, bytes));
  hash_->Add(bytes);
  file.byte_count += bytes.size();
  return {};
}

StoreResult<BackupManifest> BackupWriter::FinishFiles(BackupDescription description) {
  GRAMME_RETURN_IF_ERROR(WriteBlock());
  GRAMME_RETURN_IF_ERROR(FinishDataFile());
  description.counts = counts_;
  description.status = BackupStatus::kAvailable;
  const std::string definitions = EncodeBackupDescription(description);
  GRAMME_RETURN_IF_ERROR(draft_->Append(kDefinitionsFile, definitions));
  GRAMME_RETURN_IF_ERROR(draft_->Finish(kDefinitionsFile));
  return BackupManifest{.id = description.id,
                        .name = description.name,
                        .arn = description.arn,
                        .type = description.type,
                        .creation_time = description.creation_time,
                        .positions = description.positions,
                        .commit_time = description.commit_time,
                        .counts = counts_,
                        .definitions = {.name = std::string(kDefinitionsFile),
                                        .byte_count = definitions.size(),
                                        .sha256 = Sha256Of(definitions)},
                        .data_files = data_files_};
}

StoreResult<void> BackupWriter::Publish(const BackupManifest& manifest) {
  return draft_->Publish(EncodeManifest(manifest));
}

}  // namespace gramme
