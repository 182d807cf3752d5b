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
    file_.name = fmt::format("data-{:06}", ++data_file_count_);
    marks_hash_.emplace();
    GRAMME_RETURN_IF_ERROR(draft_.Append(file_.name, kDataFileMagic));
    file_.byte_count = kDataFileMagic.size();
  }
  file_.item_count += block_.entry_count();
  const std::string_view block = block_.Finish();
  GRAMME_RETURN_IF_ERROR(draft_.Append(file_.name, block));
  marks_hash_->Add(block.substr(0, kBlockMarkBytes));
  file_.byte_count += block.size();
  if (file_.byte_count >= options_.file_bytes) EndDataFile();
  return {};
}

void BackupWriter::EndDataFile() {
  if (file_.name.empty()) return;
  file_.marks_sha256 = marks_hash_->Finish();
  ended_.push_back(std::exchange(file_, BackupFile()));
}

StoreResult<BackupManifest> BackupWriter::FinishFiles(BackupDescription description) {
  GRAMME_RETURN_IF_ERROR(WriteBlock());
  EndDataFile();
  description.counts = counts_;
  description.status = BackupStatus::kAvailable;
  const std::string definitions = EncodeBackupDescription(description);
  GRAMME_RETURN_IF_ERROR(draft_.Append(kDefinitionsFile, definitions));
  GRAMME_RETURN_IF_ERROR(draft_.Finish(kDefinitionsFile));
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
                        .data_files = {}};
}

}  // namespace gramme
