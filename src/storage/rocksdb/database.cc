#include "storage/rocksdb/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "base/result.h"
#include "storage/rocksdb/files.h"
#include "storage/rocksdb/format_file.h"
#include "storage/rocksdb/options.h"
#include "storage/rocksdb/recovery.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/seams.h"

namespace gramme {
namespace {

// One opening, step by step. Nothing in the directory changes before Inspect() has agreed.
class Opening {
 public:
  explicit Opening(const RocksDbOptions& options) : options_(options) {}

  StoreResult<Database> Run() {
    PrepareMachine();
    GRAMME_TRY(std::optional<FormatFile> format, ReadFormatFile(*out_.files, options_.directory));
    if (!format) {
      GRAMME_TRY(format, CreateFormat());
    }
    out_.identity = format->identity;
    GRAMME_RETURN_IF_ERROR(TakeLock());
    GRAMME_TRY(const RecoveryVerdict verdict, Inspect());
    if (verdict.warning && options_.on_warning) options_.on_warning(*verdict.warning);
    GRAMME_RETURN_IF_ERROR(OpenForWriting(verdict));
    if (out_.lock) GRAMME_RETURN_IF_ERROR(out_.lock->Describe(options_.endpoint));
    return std::move(out_);
  }

 private:
  void PrepareMachine() {
    const StorageSeams seams = options_.seams == nullptr ? StorageSeams() : *options_.seams;
    out_.boot_id = seams.boot_id.empty() ? ReadBootId() : seams.boot_id;
    in_memory_ = seams.file_system != nullptr;
    out_.imported_table_bytes_min = seams.imported_table_bytes_min;
    // Relaxed, a log holds many appends that are not synced.
    out_.files =
        std::make_shared<LogGuard>(in_memory_ ? seams.file_system : rocksdb::FileSystem::Default(),
                                   /*prewrites_logs=*/options_.durability == Durability::kAlways);
    // The environment keeps the file system alive; the database keeps the environment.
    out_.env = rocksdb::NewCompositeEnv(out_.files);
    out_.memory = SplitMemory(options_.memory_bytes, options_.cache_bytes);
    out_.cache = rocksdb::NewLRUCache(out_.memory.cache_bytes);
    out_.background_errors = std::make_shared<BackgroundErrors>(out_.files);
  }

  // A directory without FORMAT is created, unless something else is in it.
  StoreResult<std::optional<FormatFile>> CreateFormat() {
    GRAMME_TRY(std::vector<std::string> names, ListDirectory(*out_.files, options_.directory));
    std::erase_if(names, [](const std::string& name) {
      return name == kLockFileName || name == fmt::format("{}.new", kFormatFileName);
    });
    if (!names.empty()) {
      return StoreError(StatusCode::kUnavailable,
                        fmt::format("{} is not a Gramme data directory: it has '{}' but no {} file",
                                    options_.directory, names.front(), kFormatFileName));
    }
    GRAMME_RETURN_IF_ERROR(MakeDirectory(*out_.files, options_.directory));
    // Two servers may find the directory empty at once: only the holder of the lock creates.
    GRAMME_RETURN_IF_ERROR(TakeLock());
    GRAMME_TRY(std::optional<FormatFile> existing, ReadFormatFile(*out_.files, options_.directory));
    if (existing) return existing;
    FormatFile format;
    format.identity = {.database_id = NewUuid(SystemRandom()),
                       .creating_version = options_.creating_version,
                       .region = options_.region,
                       .account_id = options_.account_id};
    GRAMME_RETURN_IF_ERROR(WriteFormatFile(*out_.files, options_.directory, format));
    return std::optional(std::move(format));
  }

  StoreResult<void> TakeLock() {
    if (in_memory_ || out_.lock) return {};
    GRAMME_TRY(out_.lock, DirectoryLock::Acquire(options_.directory));
    return {};
  }

  StoreResult<RecoveryVerdict> Inspect() {
    const std::string database = options_.directory + "/db";
    GRAMME_TRY(const auto watermark, ReadWatermark(*out_.files, options_.directory));
    GRAMME_TRY(const std::vector<std::string> names, ListDirectory(*out_.files, database));
    if (!watermark) {
      // It is created before the database, so its absence means that there is nothing yet.
      if (names.empty()) return RecoveryVerdict();
      return StoreError(
          StatusCode::kCorruption,
          fmt::format("{}/{} is missing: how far the log was durable is not known. The directory "
                      "was left as it was",
                      options_.directory, kWatermarkFileName));
    }
    const auto has = [&](auto matches) { return std::any_of(names.begin(), names.end(), matches); };
    const bool created = has([](const std::string& name) { return name == "CURRENT"; });
    const bool has_tables = has([](const std::string& name) { return name.ends_with(".sst"); });
    if (!created && watermark->commit_number == 0 && !has_tables) {
      create_afresh_ = true;  // an earlier creation was interrupted before its first commit
      return RecoveryVerdict();
    }
    if (!created) {
      return StoreError(StatusCode::kCorruption,
                        fmt::format("{}/CURRENT is missing, of a database with {} commits. The "
                                    "directory was left as it was",
                                    database, watermark->commit_number));
    }
    return InspectDirectory(out_.files, options_.directory,
                            ReadOnlyOptions(out_.env.get(), out_.memory, out_.cache), *watermark,
                            out_.boot_id);
  }

  StoreResult<void> OpenForWriting(const RecoveryVerdict& verdict) {
    const std::string database = options_.directory + "/db";
    if (verdict.trimmed_manifest) {
      const auto& [name, contents] = *verdict.trimmed_manifest;
      GRAMME_RETURN_IF_ERROR(ReplaceFile(*out_.files, database, name, contents));
    }
    if (create_afresh_) GRAMME_RETURN_IF_ERROR(RemoveTree(*out_.files, database));
    GRAMME_TRY(out_.watermark, WatermarkFile::Open(out_.files, options_.directory));
    GRAMME_RETURN_IF_ERROR(MakeDirectory(*out_.files, database));
    GRAMME_RETURN_IF_ERROR(MakeDirectory(*out_.files, options_.directory + "/images"));
    rocksdb::Options options = in_memory_ ? ReadOnlyOptions(out_.env.get(), out_.memory, out_.cache)
                                          : PinnedOptions(out_.env.get(), out_.memory, out_.cache);
    options.create_if_missing = true;
    options.wal_recovery_mode = verdict.mode;
    options.listeners.push_back(out_.background_errors);
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(options, database, &opened);
    if (!status.ok()) return std::unexpected(FromRocksDb(status, "opening " + database));
    out_.db = std::shared_ptr<rocksdb::DB>(
        opened, [env = out_.env](rocksdb::DB* closing) { CloseRocksDb(closing); });
    GRAMME_TRY(out_.state, ReadStoreState(*out_.db));
    // From here on the stop is not clean, and what was replayed is in tables.
    GRAMME_RETURN_IF_ERROR(
        out_.watermark->Write({.commit_number = out_.state.commit_number,
                               .sequence = out_.db->GetLatestSequenceNumber(),
                               .relaxed = options_.durability == Durability::kRelaxed,
                               .boot_id = out_.boot_id}));
    return out_.watermark->Sync();
  }

  const RocksDbOptions& options_;
  Database out_;
  bool in_memory_ = false;
  bool create_afresh_ = false;
};

}  // namespace

void CloseRocksDb(rocksdb::DB* database) { delete database; }

StoreResult<Database> OpenDatabase(const RocksDbOptions& options) { return Opening(options).Run(); }

}  // namespace gramme
