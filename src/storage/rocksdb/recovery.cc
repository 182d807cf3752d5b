#include "storage/rocksdb/recovery.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/planted_bug.h"
#include "base/result.h"
#include "storage/rocksdb/file_check.h"
#include "storage/rocksdb/files.h"
#include "storage/rocksdb/manifest_mark.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/store_records.h"
#include "storage/rocksdb/trimmed_file_system.h"
#include "storage/rocksdb/wal_scan.h"

namespace gramme {
namespace {

using RecoveryMode = rocksdb::WALRecoveryMode;

constexpr std::string_view kAdvice =
    "The directory was left as it was. Copy it before anything else, then restore a backup, or put "
    "back the missing files.";

// What a database holds, once its log is replayed in memory.
struct Found {
  std::uint64_t commit_number = 0;
  std::uint64_t sequence = 0;
  std::optional<ManifestMark> manifest;  // as long as this it must be
};

class Inspection {
 public:
  Inspection(const std::shared_ptr<rocksdb::FileSystem>& files, const std::string& directory,
             const rocksdb::Options& options, const Watermark& watermark)
      : files_(files), database_(directory + "/db"), options_(options), watermark_(watermark) {}

  StoreResult<RecoveryVerdict> Run(bool machine_restarted) {
    RecoveryVerdict verdict;
    const StoreResult<Found> found = LookInside(verdict);
    if (found) return Judge(*found, std::move(verdict));
    const Status refusal = found.error();
    if (refusal.code() != StatusCode::kCorruption) return std::unexpected(refusal);
    // While the machine stays up the page cache holds all that was written: nothing can be torn.
    if (!machine_restarted) return Refuse(refusal.message());
    return LookBehindTornEnds(refusal);
  }

 private:
  // What a loss of power tears is what was being written last: of the manifest, of the log, of
  // both.
  StoreResult<RecoveryVerdict> LookBehindTornEnds(const Status& refusal) {
    RecoveryVerdict verdict;
    GRAMME_TRY(verdict.trimmed_manifest, FindTornManifest());
    StoreResult<Found> found = LookInside(verdict);
    if (!found) {
      verdict.mode = RecoveryMode::kPointInTimeRecovery;
      found = LookInside(verdict);
    }
    if (!found) return Refuse(found.error().message());
    GRAMME_RETURN_IF_ERROR(CheckNothingWholeIsLeftOut(*found, refusal));
    verdict.warning = fmt::format(
        "{}: what was being written when the machine went down was torn and is left out; every "
        "acknowledged commit up to {} is there ({})",
        database_, found->commit_number, refusal.message());
    return Judge(*found, std::move(verdict));
  }

  StoreResult<Found> LookInside(const RecoveryVerdict& verdict) {
    rocksdb::Options options = options_;
    options.wal_recovery_mode = verdict.mode;
    std::unique_ptr<rocksdb::Env> trimmed;
    if (verdict.trimmed_manifest) {
      const auto& [name, contents] = *verdict.trimmed_manifest;
      trimmed = rocksdb::NewCompositeEnv(
          std::make_shared<TrimmedFileSystem>(files_, database_ + "/" + name, contents));
      options.env = trimmed.get();
    }
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, database_, &opened);
    const std::unique_ptr<rocksdb::DB> db(opened);
    if (!status.ok()) {
      return std::unexpected(ExplainOpening(status, *files_, options, database_));
    }
    GRAMME_TRY(const StoreState state, ReadStoreState(*db));
    return Found{.commit_number = state.commit_number,
                 .sequence = db->GetLatestSequenceNumber(),
                 .manifest = state.manifest};
  }

  StoreResult<std::string> ManifestName() {
    GRAMME_TRY(const auto current, ReadWholeFile(*files_, database_ + "/CURRENT"));
    return current.value_or("").substr(0, current.value_or("").find('\n'));
  }

  // The whole part of the current manifest, where its end alone is damaged.
  StoreResult<std::optional<std::pair<std::string, std::string>>> FindTornManifest() {
    std::optional<std::pair<std::string, std::string>> torn;
    GRAMME_TRY(const std::string name, ManifestName());
    if (!name.starts_with("MANIFEST-")) return torn;
    GRAMME_TRY(const auto contents, ReadWholeFile(*files_, database_ + "/" + name));
    const WalScan scan = ScanWal(contents.value_or(""));
    if (scan.damage_offset && !scan.whole_after_damage) {
      torn = {name, contents->substr(0, *scan.damage_offset)};
    }
    return torn;
  }

  StoreResult<std::vector<std::string>> LogFiles() {
    GRAMME_TRY(std::vector<std::string> names, ListDirectory(*files_, database_));
    std::erase_if(names, [](const std::string& name) { return !name.ends_with(".log"); });
    return names;
  }

  // A whole record that recovery does not reach lies behind damage that no loss of power explains:
  // each record was synced before the next was written. Not so under relaxed durability.
  StoreResult<void> CheckNothingWholeIsLeftOut(const Found& found, const Status& refusal) {
    if (watermark_.relaxed) return {};
    GRAMME_TRY(const std::vector<std::string> logs, LogFiles());
    for (const std::string& name : logs) {
      GRAMME_TRY(const auto contents, ReadWholeFile(*files_, database_ + "/" + name));
      if (ScanWal(contents.value_or("")).last_sequence <= found.sequence) continue;
      return Refuse(fmt::format("{}/{}: whole records follow damage in the log: {}", database_,
                                name, refusal.message()));
    }
    return {};
  }

  // Imported tables are in the manifest alone: the log tells how long it was with them.
  StoreResult<void> CheckManifest(const Found& found, const RecoveryVerdict& verdict) {
    if (!found.manifest) return {};
    GRAMME_TRY(const std::string name, ManifestName());
    const std::string path = database_ + "/" + name;
    ManifestMark there{.number = ManifestNumber(name).value_or(0)};
    if (verdict.trimmed_manifest) {
      there.byte_count = verdict.trimmed_manifest->second.size();
    } else {
      GRAMME_RETURN_IF_ERROR(
          CheckIo(files_->GetFileSize(path, rocksdb::IOOptions(), &there.byte_count, nullptr),
                  "measuring", path));
    }
    if (there >= *found.manifest) return {};
    return Refuse(
        fmt::format("{}: {} bytes of MANIFEST-{:06} were durable, but only {} are there; "
                    "imported entries are lost",
                    path, found.manifest->byte_count, found.manifest->number, there.byte_count));
  }

  // Accepts what holds all that the watermark promises.
  StoreResult<RecoveryVerdict> Judge(const Found& found, RecoveryVerdict verdict) {
    GRAMME_RETURN_IF_ERROR(CheckManifest(found, verdict));
    const bool complete =
        found.commit_number >= watermark_.commit_number && found.sequence >= watermark_.sequence;
    if (complete || BugIsPlanted("watermark_unread")) return verdict;
    GRAMME_TRY(const std::vector<std::string> logs, LogFiles());
    const std::string where = logs.empty() ? fmt::format("{} has no log file", database_)
                                           : fmt::format("the end of {}/{} is missing or damaged",
                                                         database_, logs.back());
    return Refuse(fmt::format(
        "{}: commits up to {} (sequence {}) were durable, but only those up to {} (sequence {}) "
        "are there; {} commits are lost",
        where, watermark_.commit_number, watermark_.sequence, found.commit_number, found.sequence,
        watermark_.commit_number - std::min(watermark_.commit_number, found.commit_number)));
  }

  static std::unexpected<Status> Refuse(std::string_view why) {
    return StoreError(StatusCode::kCorruption, fmt::format("{}. {}", why, kAdvice));
  }

  const std::shared_ptr<rocksdb::FileSystem>& files_;
  const std::string database_;
  const rocksdb::Options& options_;
  const Watermark& watermark_;
};

}  // namespace

StoreResult<RecoveryVerdict> InspectDirectory(const std::shared_ptr<rocksdb::FileSystem>& files,
                                              const std::string& directory,
                                              const rocksdb::Options& options,
                                              const Watermark& watermark,
                                              const std::string& boot_id) {
  const bool machine_restarted = !boot_id.empty() && boot_id != watermark.boot_id;
  return Inspection(files, directory, options, watermark).Run(machine_restarted);
}

}  // namespace gramme
