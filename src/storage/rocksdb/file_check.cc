#include "storage/rocksdb/file_check.h"

#include <fmt/format.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/file_system.h>
#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/files.h"
#include "storage/rocksdb/format_file.h"
#include "storage/rocksdb/manifest_mark.h"
#include "storage/rocksdb/options.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/wal_scan.h"

namespace gramme {
namespace {

// Read at once.
constexpr std::size_t kChunkBytes = 1 << 20;

constexpr std::string_view kTableExtension = ".sst";

const rocksdb::IOOptions kIoOptions;

std::unexpected<Status> Damaged(std::string_view path, std::string_view how) {
  return StoreError(StatusCode::kCorruption, fmt::format("{}: {}", path, how));
}

bool IsAbsent(const rocksdb::IOStatus& status) {
  return status.IsNotFound() || status.IsPathNotFound();
}

std::vector<rocksdb::LiveFileMetaData> TablesOf(rocksdb::DB& db) {
  std::vector<rocksdb::LiveFileMetaData> tables;
  db.GetLiveFilesMetaData(&tables);
  return tables;
}

// What is to be looked at besides the tables, each in a step of its own.
using SmallCheck = std::function<StoreResult<void>()>;
// Whether a table is still part of what is checked; asked where its file is missing.
using IsNeeded = std::function<StoreResult<bool>(const rocksdb::LiveFileMetaData& table)>;

class DatabaseFileCheck : public StoreFileCheck {
 public:
  DatabaseFileCheck(std::shared_ptr<rocksdb::DB> db, std::vector<rocksdb::LiveFileMetaData> tables,
                    std::vector<SmallCheck> small_checks, IsNeeded is_needed)
      : db_(std::move(db)),
        files_(*db_->GetFileSystem()),
        options_(OnceThroughOptions(db_->GetOptions())),
        tables_(std::move(tables)),
        small_checks_(std::move(small_checks)),
        is_needed_(std::move(is_needed)) {}

  StoreResult<bool> Step(std::uint64_t byte_count) override {
    if (!small_checks_.empty()) {
      const SmallCheck check = std::move(small_checks_.back());
      small_checks_.pop_back();
      GRAMME_RETURN_IF_ERROR(check());
      return IsDone();
    }
    const std::uint64_t end = byte_count_ + std::max<std::uint64_t>(byte_count, 1);
    while (byte_count_ < end && !IsDone()) {
      const StoreResult<bool> is_read = file_ == nullptr ? Begin() : ReadOn(end - byte_count_);
      if (is_read && !*is_read) continue;
      file_.reset();
      ++next_;
      if (!is_read) return is_read;
    }
    return IsDone();
  }

  std::uint64_t byte_count() const override { return byte_count_; }

 private:
  bool IsDone() const { return small_checks_.empty() && next_ == tables_.size(); }

  const rocksdb::LiveFileMetaData& table() const { return tables_[next_]; }
  std::string PathOfTable() const { return table().db_path + table().name; }

  // Both: whether nothing is left to read of the table.
  StoreResult<bool> Begin() {
    const std::string path = PathOfTable();
    const rocksdb::IOStatus opened =
        files_.NewSequentialFile(path, rocksdb::FileOptions(), &file_, nullptr);
    if (IsAbsent(opened)) {
      GRAMME_TRY(const bool is_needed, is_needed_(table()));
      if (is_needed) return Damaged(path, "is missing");
      return true;
    }
    GRAMME_RETURN_IF_ERROR(CheckIo(opened, "opening", path));
    file_byte_count_ = 0;
    checksum_ = options_.file_checksum_gen_factory->CreateFileChecksumGenerator(
        {.file_name = path, .requested_checksum_func_name = table().file_checksum_func_name});
    const bool has_checksum =
        checksum_ != nullptr && table().file_checksum_func_name == checksum_->Name();
    if (has_checksum) return false;
    return VerifyBlocks(path);
  }

  StoreResult<bool> VerifyBlocks(const std::string& path) {
    file_->InvalidateCache(0, 0).PermitUncheckedError();
    byte_count_ += table().size;
    rocksdb::SstFileReader reader(options_);
    GRAMME_RETURN_IF_ERROR(CheckRocksDb(reader.Open(path), "reading " + path));
    GRAMME_RETURN_IF_ERROR(CheckRocksDb(reader.VerifyChecksum(), "reading " + path));
    return true;
  }

  StoreResult<bool> ReadOn(std::uint64_t byte_count) {
    const std::size_t chunk = std::min<std::uint64_t>(byte_count, kChunkBytes);
    buffer_.resize(chunk);
    // A page that memory has kept well may have gone bad on the disk.
    file_->InvalidateCache(file_byte_count_, chunk).PermitUncheckedError();
    rocksdb::Slice read;
    GRAMME_RETURN_IF_ERROR(CheckIo(file_->Read(chunk, kIoOptions, &read, buffer_.data(), nullptr),
                                   "reading", PathOfTable()));
    if (read.empty()) return Compare();
    checksum_->Update(read.data(), read.size());
    file_byte_count_ += read.size();
    byte_count_ += read.size();
    return false;
  }

  StoreResult<bool> Compare() {
    if (file_byte_count_ != table().size) {
      return Damaged(PathOfTable(),
                     fmt::format("has {} bytes, not {}", file_byte_count_, table().size));
    }
    checksum_->Finalize();
    if (checksum_->GetChecksum() != table().file_checksum) {
      return Damaged(PathOfTable(), "fails its checksum");
    }
    return true;
  }

  const std::shared_ptr<rocksdb::DB> db_;
  rocksdb::FileSystem& files_;
  const rocksdb::Options options_;
  const std::vector<rocksdb::LiveFileMetaData> tables_;
  std::vector<SmallCheck> small_checks_;  // the next one last
  const IsNeeded is_needed_;
  std::size_t next_ = 0;  // of tables_
  // The table that is being read; null: not begun.
  std::unique_ptr<rocksdb::FSSequentialFile> file_;
  std::unique_ptr<rocksdb::FileChecksumGenerator> checksum_;
  std::string buffer_;
  std::uint64_t file_byte_count_ = 0;
  std::uint64_t byte_count_ = 0;
};

StoreResult<void> CheckFormat(rocksdb::FileSystem& files, const std::string& directory) {
  ForgetCached(files, fmt::format("{}/{}", directory, kFormatFileName));
  GRAMME_TRY(const auto format, ReadFormatFile(files, directory));
  if (!format) return Damaged(fmt::format("{}/{}", directory, kFormatFileName), "is missing");
  return {};
}

StoreResult<void> CheckManifest(rocksdb::DB& db) {
  rocksdb::FileSystem& files = *db.GetFileSystem();
  // Only so much of it is surely written.
  GRAMME_TRY(const ManifestMark mark, MarkManifest(db));
  const std::string name = fmt::format("MANIFEST-{:06}", mark.number);
  const std::string path = fmt::format("{}/{}", db.GetName(), name);
  ForgetCached(files, path);
  GRAMME_TRY(const auto manifest, ReadWholeFile(files, path));
  GRAMME_TRY(const ManifestMark now, MarkManifest(db));
  if (now.number != mark.number) return {};  // a new one was written just now
  const std::string_view there = manifest ? std::string_view(*manifest) : std::string_view();
  if (there.size() < mark.byte_count) {
    return Damaged(path, fmt::format("has {} bytes, not {}", there.size(), mark.byte_count));
  }
  const WalScan scan = ScanWal(there.substr(0, mark.byte_count));
  if (scan.damage_offset) {
    return Damaged(path, fmt::format("is damaged at byte {}", *scan.damage_offset));
  }
  const std::string current_path = fmt::format("{}/CURRENT", db.GetName());
  ForgetCached(files, current_path);
  GRAMME_TRY(const auto current, ReadWholeFile(files, current_path));
  if (current != name + "\n") return Damaged(current_path, "does not name " + name);
  return {};
}

}  // namespace

std::unique_ptr<StoreFileCheck> CheckLiveFiles(std::shared_ptr<rocksdb::DB> db) {
  const std::string directory = db->GetName().substr(0, db->GetName().rfind('/'));
  rocksdb::DB& live = *db;
  std::vector<rocksdb::LiveFileMetaData> tables = TablesOf(live);
  return std::make_unique<DatabaseFileCheck>(
      std::move(db), std::move(tables),
      std::vector<SmallCheck>{
          [&live] { return CheckManifest(live); },
          [&live, directory] { return CheckFormat(*live.GetFileSystem(), directory); }},
      [&live](const rocksdb::LiveFileMetaData& table) -> StoreResult<bool> {
        const auto now = TablesOf(live);
        return std::any_of(now.begin(), now.end(), [&](const rocksdb::LiveFileMetaData& other) {
          return other.file_number == table.file_number;
        });
      });
}

std::unique_ptr<StoreFileCheck> CheckImageTables(std::shared_ptr<rocksdb::DB> db,
                                                 std::span<const KeyspaceId> keyspaces,
                                                 std::function<StoreResult<bool>()> is_there) {
  std::vector<rocksdb::LiveFileMetaData> tables = TablesOf(*db);
  std::erase_if(tables, [&](const rocksdb::LiveFileMetaData& table) {
    return std::ranges::none_of(keyspaces, [&](const KeyspaceId keyspace) {
      const EncodedRange range = EncodeRange(keyspace, {});
      return table.smallestkey < range.end && table.largestkey >= range.start;
    });
  });
  return std::make_unique<DatabaseFileCheck>(
      std::move(db), std::move(tables), std::vector<SmallCheck>(),
      [is_there = std::move(is_there)](const rocksdb::LiveFileMetaData&) { return is_there(); });
}

Status ExplainOpening(const rocksdb::Status& status, rocksdb::FileSystem& files,
                      const rocksdb::Options& options, const std::string& directory) {
  Status said = FromRocksDb(status, "opening " + directory);
  if (!status.IsCorruption() || said.message().find(kTableExtension) != std::string::npos) {
    return said;
  }
  const auto names = ListDirectory(files, directory);
  if (!names) return said;
  for (const std::string& name : *names) {
    if (!name.ends_with(kTableExtension)) continue;
    const std::string path = fmt::format("{}/{}", directory, name);
    const rocksdb::Status opened = rocksdb::SstFileReader(options).Open(path);
    if (opened.IsCorruption()) return FromRocksDb(opened, "opening " + path);
  }
  return said;
}

void ForgetCached(rocksdb::FileSystem& files, const std::string& path) {
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  const rocksdb::IOStatus opened =
      files.NewSequentialFile(path, rocksdb::FileOptions(), &file, nullptr);
  if (opened.ok()) file->InvalidateCache(0, 0).PermitUncheckedError();
}

}  // namespace gramme
