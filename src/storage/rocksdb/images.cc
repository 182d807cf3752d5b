#include "storage/rocksdb/images.h"

#include <fmt/format.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/result.h"
#include "storage/rocksdb/file_check.h"
#include "storage/rocksdb/files.h"
#include "storage/rocksdb/options.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/text_record.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md.
constexpr std::string_view kTitle = "gramme image";
constexpr std::string_view kDescriptionName = "DESCRIPTION";
constexpr std::string_view kFileLine = "file";
constexpr std::size_t kIdBytesMax = 64;
// Read at once by a scan of an image.
constexpr std::size_t kReadAheadBytes = 1 << 20;

const rocksdb::IOOptions kIoOptions;

bool IsValidId(std::string_view id) {
  return !id.empty() && id.size() <= kIdBytesMax &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

StoreResult<std::vector<KeyspaceId>> ParseKeyspaces(const std::string& text,
                                                    const std::string& path) {
  std::vector<KeyspaceId> keyspaces;
  for (const std::string& word : SplitWords(text)) {
    std::uint64_t id = 0;
    if (std::from_chars(word.data(), word.data() + word.size(), id).ec != std::errc()) {
      return StoreError(StatusCode::kCorruption, path + ": 'keyspaces' is no list of numbers");
    }
    keyspaces.push_back(KeyspaceId{id});
  }
  return keyspaces;
}

}  // namespace

std::string Images::PathOf(std::string_view id) const {
  return fmt::format("{}/{}", directory_, id);
}

StoreResult<std::optional<Images::Kept>> Images::ReadDescription(std::string_view id) const {
  const std::string path = fmt::format("{}/{}", PathOf(id), kDescriptionName);
  GRAMME_TRY(const auto text, ReadWholeFile(*files_, path));
  if (!text) return std::optional<Kept>();
  GRAMME_TRY(const TextRecord record, TextRecord::Decode(kTitle, *text, path));
  Kept kept;
  ImageDescription& description = kept.description;
  GRAMME_TRY(description.id, record.Get("id"));
  GRAMME_TRY(const std::uint64_t commit_number, record.GetNumber("commit-number"));
  description.positions = {PositionOf(commit_number)};
  GRAMME_TRY(const std::uint64_t micros, record.GetNumber("commit-time-us"));
  description.commit_time = WallTime(Duration(static_cast<std::int64_t>(micros)));
  GRAMME_TRY(description.disk_byte_count, record.GetNumber("bytes"));
  GRAMME_TRY(const std::string keyspaces, record.Get("keyspaces"));
  GRAMME_TRY(description.keyspaces, ParseKeyspaces(keyspaces, path));
  for (const auto& [name, value] : record.lines()) {
    if (name != kFileLine) continue;
    GRAMME_TRY(ListedFile file, DecodeListedFile(value, path));
    kept.files.push_back(std::move(file));
  }
  return std::optional(std::move(kept));
}

StoreResult<void> Images::WriteDescription(const Kept& kept) {
  const ImageDescription& description = kept.description;
  TextRecord record{std::string(kTitle)};
  record.Add("id", description.id);
  record.Add("commit-number", std::to_string(description.positions[0].commit_number()));
  record.Add("commit-time-us", std::to_string(description.commit_time.time_since_epoch().count()));
  record.Add("bytes", std::to_string(description.disk_byte_count));
  std::vector<std::string> keyspaces;
  for (const KeyspaceId keyspace : description.keyspaces) {
    keyspaces.push_back(std::to_string(static_cast<std::uint64_t>(keyspace)));
  }
  record.Add("keyspaces", JoinWords(keyspaces));
  for (const ListedFile& file : kept.files) {
    record.Add(std::string(kFileLine), EncodeListedFile(file));
  }
  return ReplaceFile(*files_, PathOf(description.id), std::string(kDescriptionName),
                     record.Encode());
}

StoreResult<void> Images::RemoveIncomplete() {
  GRAMME_TRY(const std::vector<std::string> names, ListDirectory(*files_, directory_));
  for (const std::string& name : names) {
    GRAMME_TRY(const auto text,
               ReadWholeFile(*files_, fmt::format("{}/{}", PathOf(name), kDescriptionName)));
    if (!text) GRAMME_RETURN_IF_ERROR(RemoveTree(*files_, PathOf(name)));
  }
  return SyncDirectory(*files_, directory_);
}

StoreResult<ImageDescription> Images::Make(rocksdb::DB& db, std::string_view id,
                                           std::span<const KeyspaceId> keyspaces,
                                           const PublishedView& now) {
  if (!IsValidId(id)) {
    return StoreError(StatusCode::kConflict, fmt::format("'{}' is no image id", id));
  }
  GRAMME_TRY(const auto existing, ReadDescription(id));
  if (existing) {
    return StoreError(StatusCode::kConflict, fmt::format("image '{}' exists", id));
  }
  // A try that failed half way.
  GRAMME_RETURN_IF_ERROR(RemoveTree(*files_, PathOf(id)));
  auto made = MakeFiles(db, id, keyspaces, now);
  // Its links would keep space, perhaps that which was missing. What stays, the next start removes.
  if (!made) static_cast<void>(RemoveTree(*files_, PathOf(id)));
  return made;
}

StoreResult<ImageDescription> Images::MakeFiles(rocksdb::DB& db, std::string_view id,
                                                std::span<const KeyspaceId> keyspaces,
                                                const PublishedView& now) {
  const std::string path = PathOf(id);
  GRAMME_RETURN_IF_ERROR(MakeDirectory(*files_, path));
  rocksdb::Checkpoint* made = nullptr;
  GRAMME_RETURN_IF_ERROR(
      CheckRocksDb(rocksdb::Checkpoint::Create(&db, &made), "preparing an image"));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  GRAMME_RETURN_IF_ERROR(
      CheckRocksDb(checkpoint->CreateCheckpoint(path + "/db"), "making an image"));
  Kept kept{.description = {.id = std::string(id),
                            .keyspaces = {keyspaces.begin(), keyspaces.end()},
                            .positions = {PositionOf(now.commit_number())},
                            .commit_time = now.commit_time()},
            .files = {}};
  GRAMME_TRY(kept.description.disk_byte_count, TreeByteCount(*files_, path + "/db"));
  GRAMME_TRY(kept.files, ListSmallFiles(*files_, path + "/db"));
  GRAMME_RETURN_IF_ERROR(WriteDescription(kept));
  return std::move(kept.description);
}

StoreResult<std::vector<ImageDescription>> Images::List() const {
  GRAMME_TRY(const std::vector<std::string> names, ListDirectory(*files_, directory_));
  std::vector<ImageDescription> descriptions;
  for (const std::string& name : names) {
    GRAMME_TRY(auto kept, ReadDescription(name));
    if (kept) descriptions.push_back(std::move(kept->description));
  }
  return descriptions;
}

StoreResult<std::shared_ptr<rocksdb::DB>> Images::OpenDatabase(const Kept& kept) {
  const std::string path = PathOf(kept.description.id) + "/db";
  GRAMME_RETURN_IF_ERROR(CheckListedFiles(*files_, path, kept.files));
  rocksdb::DB* opened = nullptr;
  const rocksdb::Options options = OnceThroughOptions(options_);
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, path, &opened);
  if (!status.ok()) return std::unexpected(ExplainOpening(status, *files_, options, path));
  return std::shared_ptr<rocksdb::DB>(
      opened, [keep_alive = keep_alive_](rocksdb::DB* closing) { delete closing; });
}

StoreResult<std::shared_ptr<const PublishedView>> Images::OpenShared(const Kept& kept) {
  const ImageDescription& description = kept.description;
  const std::lock_guard lock(mutex_);
  if (const auto found = open_.find(description.id); found != open_.end()) {
    if (auto alive = found->second.lock()) return alive;
  }
  GRAMME_TRY(std::shared_ptr<rocksdb::DB> db, OpenDatabase(kept));
  auto view = std::make_shared<const PublishedView>(
      std::move(db), description.positions[0].commit_number(), description.commit_time);
  open_[description.id] = view;
  return view;
}

StoreResult<std::unique_ptr<View>> Images::Open(std::string_view id) {
  if (!IsValidId(id)) return nullptr;
  GRAMME_TRY(const auto kept, ReadDescription(id));
  if (!kept) return nullptr;
  GRAMME_TRY(auto database, OpenShared(*kept));
  return std::make_unique<RocksDbView>(std::move(database), ReadTier::kDisk,
                                       kept->description.keyspaces, kReadAheadBytes);
}

StoreResult<std::unique_ptr<StoreFileCheck>> Images::BeginCheck(std::string_view id) {
  if (!IsValidId(id)) return nullptr;
  ForgetCached(*files_, fmt::format("{}/{}", PathOf(id), kDescriptionName));
  const auto is_there = [this, id = std::string(id)]() -> StoreResult<bool> {
    GRAMME_TRY(const auto kept, ReadDescription(id));
    return kept.has_value();
  };
  GRAMME_TRY(const auto kept, ReadDescription(id));
  if (!kept) return nullptr;
  StoreResult<std::shared_ptr<rocksdb::DB>> db = OpenDatabase(*kept);
  if (!db) {
    // Released just now: what was read of it is no damage.
    GRAMME_TRY(const bool is_still_there, is_there());
    if (!is_still_there) return nullptr;
    return std::unexpected(std::move(db).error());
  }
  return CheckImageTables(*std::move(db), kept->description.keyspaces, is_there);
}

StoreResult<void> Images::Release(std::string_view id) {
  if (!IsValidId(id)) return {};
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = open_.find(id); found != open_.end()) {
      if (found->second.lock()) {
        return StoreError(StatusCode::kConflict, fmt::format("image '{}' is being read", id));
      }
      open_.erase(found);
    }
  }
  const std::string path = PathOf(id);
  const std::string description = fmt::format("{}/{}", path, kDescriptionName);
  // First it stops being an image, durably; then the space comes back.
  if (files_->FileExists(description, kIoOptions, nullptr).ok()) {
    GRAMME_RETURN_IF_ERROR(
        CheckIo(files_->DeleteFile(description, kIoOptions, nullptr), "removing", description));
    GRAMME_RETURN_IF_ERROR(SyncDirectory(*files_, path));
  }
  GRAMME_RETURN_IF_ERROR(RemoveTree(*files_, path));
  return SyncDirectory(*files_, directory_);
}

}  // namespace gramme
