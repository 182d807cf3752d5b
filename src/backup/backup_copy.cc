#include "backup/backup_copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "backup/backup_manifest.h"
#include "backup/backup_reader.h"
#include "backup/sha256.h"
#include "base/result.h"

namespace gramme {
namespace {

// Read at once: much beside the cost of a call, little beside a file.
constexpr std::size_t kPieceBytes = 1 << 20;

std::vector<BackupFile> FilesOf(const BackupManifest& manifest) {
  std::vector<BackupFile> files = {manifest.definitions};
  files.insert(files.end(), manifest.data_files.begin(), manifest.data_files.end());
  return files;
}

Status Damaged(std::string_view where, const BackupFile& file, std::string_view why) {
  return {StatusCode::kCorruption, fmt::format("{}{}: {}", where, file.name, why)};
}

// Reads a file from its start to its end, and shows each piece to `take`.
template <typename Take>
StoreResult<void> ReadWhole(const BackupStorage& storage, std::string_view id,
                            const BackupFile& file, std::string& buffer, const Take& take) {
  for (std::uint64_t at = 0; at < file.byte_count;) {
    buffer.resize(std::min<std::uint64_t>(kPieceBytes, file.byte_count - at));
    GRAMME_RETURN_IF_ERROR(storage.Read(id, file.name, at, buffer));
    GRAMME_RETURN_IF_ERROR(take(std::string_view(buffer)));
    at += buffer.size();
  }
  return {};
}

// One copy. Its functions say false where they refuse, and `why` then; their errors are the
// target's.
class Copying {
 public:
  Copying(const BackupStorage& source, BackupStorage& target, std::string_view id)
      : source_(source), target_(target), id_(id) {}

  StoreResult<BackupCopy> Run() {
    if (!IsBackupId(id_)) return BackupCopy{.outcome = CopyOutcome::kGone};
    const auto manifest_bytes = source_.ReadManifest(id_);
    if (!manifest_bytes) return Refused(manifest_bytes.error());
    if (!*manifest_bytes) return BackupCopy{.outcome = CopyOutcome::kGone};
    const auto manifest = ReadManifest(source_, id_);
    if (!manifest) return RefusedUnlessGone(manifest.error());
    GRAMME_TRY(const auto present, target_.ReadManifest(id_));
    if (present) return JudgePresent(*manifest, *present == **manifest_bytes);
    auto draft = target_.Begin(id_);
    if (!draft) {
      if (draft.error().code() == StatusCode::kConflict) return Refused(draft.error());
      return std::unexpected(draft.error());
    }
    const auto is_copied = CopyAndPublish(*manifest, **manifest_bytes, **draft);
    if (is_copied && *is_copied) {
      return BackupCopy{.outcome = CopyOutcome::kCopied, .byte_count = byte_count_};
    }
    // Its space may be what is missing; the next copy replaces what is left.
    draft->reset();
    static_cast<void>(target_.RemoveAbandoned(id_));
    if (!is_copied) return std::unexpected(is_copied.error());
    return RefusedUnlessGone(*why_);
  }

 private:
  static BackupCopy Refused(Status why) {
    return {.outcome = CopyOutcome::kRefused, .why = std::move(why)};
  }

  // A backup that is deleted while it is read looks damaged.
  BackupCopy RefusedUnlessGone(Status why) const {
    const auto manifest = source_.ReadManifest(id_);
    if (manifest && !*manifest) return {.outcome = CopyOutcome::kGone};
    return Refused(std::move(why));
  }

  StoreResult<BackupCopy> JudgePresent(const BackupManifest& manifest, bool is_same) const {
    if (!is_same) {
      return Refused({StatusCode::kConflict, "the target has another backup of this id"});
    }
    for (const BackupFile& file : FilesOf(manifest)) {
      const auto size = target_.FileSize(id_, file.name);
      if (!size && size.error().code() != StatusCode::kCorruption) {
        return std::unexpected(size.error());
      }
      if (!size || *size != file.byte_count) {
        return Refused(Damaged("at the target, ", file, "is missing or has another length"));
      }
    }
    return BackupCopy{.outcome = CopyOutcome::kPresent};
  }

  StoreResult<bool> CopyAndPublish(const BackupManifest& manifest, std::string_view manifest_bytes,
                                   BackupDraft& draft) {
    for (const BackupFile& file : FilesOf(manifest)) {
      GRAMME_TRY(const bool is_copied, CopyFile(file, draft));
      if (!is_copied) return false;
      GRAMME_RETURN_IF_ERROR(draft.Finish(file.name));
      GRAMME_RETURN_IF_ERROR(ReadBackFile(file));
      byte_count_ += file.byte_count;
    }
    GRAMME_RETURN_IF_ERROR(draft.Publish(manifest_bytes));
    byte_count_ += manifest_bytes.size();
    return true;
  }

  StoreResult<bool> CopyFile(const BackupFile& file, BackupDraft& draft) {
    const auto size = source_.FileSize(id_, file.name);
    if (!size) return Refuse(size.error());
    if (*size != file.byte_count) {
      return Refuse(Damaged("", file, "has another length than the manifest says"));
    }
    Sha256 hash;
    StoreResult<void> appended;
    const auto take = [&](std::string_view piece) {
      hash.Add(piece);
      appended = draft.Append(file.name, piece);
      return appended;
    };
    const auto read = ReadWhole(source_, id_, file, buffer_, take);
    GRAMME_RETURN_IF_ERROR(appended);
    if (!read) return Refuse(read.error());
    if (hash.Finish() != file.sha256) {
      return Refuse(Damaged("", file, "has another SHA-256 than it should"));
    }
    return true;
  }

  StoreResult<void> ReadBackFile(const BackupFile& file) {
    Sha256 hash;
    const auto take = [&](std::string_view piece) {
      hash.Add(piece);
      return StoreResult<void>();
    };
    GRAMME_RETURN_IF_ERROR(ReadWhole(target_, id_, file, buffer_, take));
    if (hash.Finish() == file.sha256) return {};
    return StoreError(
        StatusCode::kIoError,
        fmt::format("{} of backup {} does not read back as it was written", file.name, id_));
  }

  bool Refuse(Status why) {
    why_ = std::move(why);
    return false;
  }

  const BackupStorage& source_;
  BackupStorage& target_;
  const std::string id_;
  std::string buffer_;
  std::optional<Status> why_;
  std::uint64_t byte_count_ = 0;
};

}  // namespace

StoreResult<BackupCopy> CopyBackup(const BackupStorage& source, BackupStorage& target,
                                   std::string_view id) {
  return Copying(source, target, id).Run();
}

}  // namespace gramme
