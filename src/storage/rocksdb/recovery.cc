#include "storage/rocksdb/recovery.h"

#include <fmt/format.h>
#include <rocksdb/db.h>

#include <memory>
#include <vector>

#include "base/planted_bug.h"
#include "base/result.h"
#include "storage/rocksdb/files.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/store_records.h"
#include "storage/rocksdb/wal_scan.h"

namespace gramme {
namespace {

using RecoveryMode = rocksdb::WALRecoveryMode;

// What a database holds, once its log is replayed in memory.
struct Found {
  std::uint64_t commit_number = 0;
  std::uint64_t sequence = 0;
};

StoreResult<Found> LookInside(const std::string& database, rocksdb::Options options,
                              RecoveryMode mode) {
  options.wal_recovery_mode = mode;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, database, &opened);
  const std::unique_ptr<rocksdb::DB> db(opened);
  if (!status.ok()) return std::unexpected(FromRocksDb(status, "looking at " + database));
  GRAMME_TRY(const StoreState state, ReadStoreState(*db));
  return Found{.commit_number = state.commit_number, .sequence = db->GetLatestSequenceNumber()};
}

StoreResult<std::vector<std::string>> LogFiles(rocksdb::FileSystem& files,
                                               const std::string& database) {
  GRAMME_TRY(std::vector<std::string> names, ListDirectory(files, database));
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(".log"); });
  return names;
}

constexpr std::string_view kAdvice =
    "The directory was left as it was. Copy it before anything else, then restore a backup, or put "
    "back the missing files.";

// Nothing, where `found` holds all that the watermark promises.
StoreResult<void> CompareWithWatermark(rocksdb::FileSystem& files, const std::string& directory,
                                       const Found& found, const Watermark& watermark) {
  if (BugIsPlanted("watermark_unread")) return {};
  if (found.commit_number >= watermark.commit_number && found.sequence >= watermark.sequence) {
    return {};
  }
  GRAMME_TRY(const std::vector<std::string> logs, LogFiles(files, directory + "/db"));
  const std::string last_log =
      logs.empty()
          ? fmt::format("{}/db has no log file", directory)
          : fmt::format("the end of {}/db/{} is missing or damaged", directory, logs.back());
  return StoreError(
      StatusCode::kCorruption,
      fmt::format("{}: commits up to {} (sequence {}) were durable, but only those up to {} "
                  "(sequence {}) are there; {} commits are lost. {}",
                  last_log, watermark.commit_number, watermark.sequence, found.commit_number,
                  found.sequence,
                  watermark.commit_number - std::min(watermark.commit_number, found.commit_number),
                  kAdvice));
}

// Whether a loss of power alone explains the damage: it can tear what was being written last, and
// leaves nothing whole behind that. Under relaxed durability several records may be torn.
StoreResult<void> CheckDamageIsAtTheEnd(rocksdb::FileSystem& files, const std::string& directory,
                                        const Watermark& watermark, const Status& refusal) {
  if (watermark.relaxed) return {};
  const std::string database = directory + "/db";
  GRAMME_TRY(const std::vector<std::string> logs, LogFiles(files, database));
  WalScan scan;
  for (const std::string& name : logs) {
    GRAMME_TRY(const auto contents, ReadWholeFile(files, database + "/" + name));
    scan.Add(contents.value_or(""));
    if (scan.gap_after_damage()) {
      return StoreError(StatusCode::kCorruption,
                        fmt::format("{}/{}: whole records follow damage in the log: {}. {}",
                                    database, name, refusal.message(), kAdvice));
    }
  }
  return {};
}

}  // namespace

StoreResult<RecoveryVerdict> InspectDirectory(rocksdb::FileSystem& files,
                                              const std::string& directory,
                                              const rocksdb::Options& options,
                                              const Watermark& watermark,
                                              const std::string& boot_id) {
  const std::string database = directory + "/db";
  StoreResult<Found> found =
      LookInside(database, options, RecoveryMode::kTolerateCorruptedTailRecords);
  if (found) {
    GRAMME_RETURN_IF_ERROR(CompareWithWatermark(files, directory, *found, watermark));
    return RecoveryVerdict();
  }
  const Status refusal = found.error();
  if (refusal.code() != StatusCode::kCorruption) return std::unexpected(refusal);
  // The machine has been up all along: the page cache still holds what was written, so nothing of
  // the log can be torn.
  if (boot_id.empty() || boot_id == watermark.boot_id) {
    return StoreError(StatusCode::kCorruption, fmt::format("{}. {}", refusal.message(), kAdvice));
  }
  GRAMME_RETURN_IF_ERROR(CheckDamageIsAtTheEnd(files, directory, watermark, refusal));
  found = LookInside(database, options, RecoveryMode::kPointInTimeRecovery);
  if (!found) {
    return StoreError(StatusCode::kCorruption,
                      fmt::format("{}. {}", found.error().message(), kAdvice));
  }
  GRAMME_RETURN_IF_ERROR(CompareWithWatermark(files, directory, *found, watermark));
  return RecoveryVerdict{
      .mode = RecoveryMode::kPointInTimeRecovery,
      .warning = fmt::format("{}: the end of the log was torn by a restart of the machine and is "
                             "left out; every acknowledged commit up to {} is there ({})",
                             directory, found->commit_number, refusal.message())};
}

}  // namespace gramme
