#include "server/scrub_pass.h"

#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

// Read in one step.
constexpr std::uint64_t kStepBytes = std::uint64_t{4} << 20;

bool IsDamage(const Status& status) {
  return status.code() == StatusCode::kCorruption || status.code() == StatusCode::kIoError;
}

}  // namespace

StoreResult<bool> ScrubPass::Step(FindingSink report) {
  if (stage_ == Stage::kEnd) return true;
  const auto count_and_report = [&](ScrubFinding finding) {
    ++totals_.finding_count;
    report(std::move(finding));
  };
  GRAMME_TRY(const bool is_over, StepStage(count_and_report));
  if (is_over) stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
  return stage_ == Stage::kEnd;
}

StoreResult<bool> ScrubPass::StepStage(FindingSink report) {
  switch (stage_) {
    case Stage::kStart:
      return Start(report);
    case Stage::kFiles:
      return StepFiles(report);
    case Stage::kTables:
      return StepTables(report);
    case Stage::kBackups:
      return StepBackups(report);
    case Stage::kEnd:
      break;
  }
  return true;
}

StoreResult<void> ScrubPass::Note(const Status& status, std::string place, FindingSink report) {
  if (!IsDamage(status)) return std::unexpected(status);
  report({.place = std::move(place), .problem = status.message(), .key_hash = std::nullopt});
  return {};
}

StoreResult<bool> ScrubPass::Start(FindingSink report) {
  images_ = {std::nullopt};
  if (const auto images = store_.ListImages()) {
    for (const ImageDescription& image : *images) images_.emplace_back(image.id);
  } else {
    GRAMME_RETURN_IF_ERROR(Note(images.error(), "images", report));
  }
  tables_.clear();
  for (const TableRef& table : catalog_.view()->tables) tables_.push_back(table->name());
  backup_ids_.clear();
  if (backups_ == nullptr) return true;
  if (auto ids = backups_->List()) {
    backup_ids_.assign(ids->begin(), ids->end());
  } else {
    GRAMME_RETURN_IF_ERROR(Note(ids.error(), "backups", report));
  }
  return true;
}

StoreResult<void> ScrubPass::BeginFiles(FindingSink report) {
  const std::optional<std::string> image = images_.front();
  StoreResult<std::unique_ptr<StoreFileCheck>> check = store_.BeginFileCheck(image);
  if (check) {
    files_ = *std::move(check);
    return {};
  }
  return Note(check.error(), image ? "image " + *image : "the store", report);
}

StoreResult<bool> ScrubPass::StepFiles(FindingSink report) {
  if (images_.empty()) return true;
  if (files_ == nullptr) {
    GRAMME_RETURN_IF_ERROR(BeginFiles(report));
    if (files_ == nullptr) images_.pop_front();
    return images_.empty();
  }
  const std::uint64_t read_before = files_->byte_count();
  const StoreResult<bool> is_read = files_->Step(kStepBytes);
  totals_.file_byte_count += files_->byte_count() - read_before;
  if (!is_read) {
    GRAMME_RETURN_IF_ERROR(Note(is_read.error(), "files", report));
  } else if (*is_read) {
    files_.reset();
    images_.pop_front();
  }
  return images_.empty();
}

StoreResult<bool> ScrubPass::StepTables(FindingSink report) {
  if (tables_.empty()) return true;
  if (!table_) table_.emplace(store_, tables_.front());
  GRAMME_TRY(const bool is_over, table_->Step(report));
  totals_.tables = finished_tables_;
  totals_.tables += table_->totals();
  if (!is_over) return false;
  finished_tables_ = totals_.tables;
  ++totals_.table_count;
  table_.reset();
  tables_.pop_front();
  return tables_.empty();
}

StoreResult<void> ScrubPass::BeginBackup(const std::string& id) {
  GRAMME_TRY(BackupManifest manifest, ReadManifest(*backups_, id));
  backup_bytes_ = 0;
  for (const BackupFile& file : manifest.data_files) backup_bytes_ += file.byte_count;
  backup_.emplace(*backups_, std::move(manifest));
  return {};
}

StoreResult<bool> ScrubPass::StepBackups(FindingSink report) {
  if (backup_ids_.empty()) return true;
  const std::string& id = backup_ids_.front();
  StoreResult<bool> is_over = false;
  if (backup_) {
    is_over = backup_->Step(kStepBytes);
  } else if (const auto begun = BeginBackup(id); !begun) {
    is_over = std::unexpected(begun.error());
  }
  if (is_over && !*is_over) return false;
  if (!is_over) {
    // A draft, or deleted meanwhile.
    const auto manifest = backups_->ReadManifest(id);
    const bool is_gone = manifest && !*manifest;
    if (!is_gone) GRAMME_RETURN_IF_ERROR(Note(is_over.error(), "backup " + id, report));
  }
  if (backup_) {
    ++totals_.backup_count;
    totals_.backup_byte_count += backup_bytes_;
  }
  backup_.reset();
  backup_ids_.pop_front();
  return backup_ids_.empty();
}

}  // namespace gramme
