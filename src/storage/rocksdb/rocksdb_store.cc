#include "storage/rocksdb/rocksdb_store.h"

#include <fmt/format.h>

#include <future>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "base/result.h"
#include "storage/rocksdb/committer.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/file_check.h"
#include "storage/rocksdb/images.h"
#include "storage/rocksdb/key_locks.h"
#include "storage/rocksdb/options.h"
#include "storage/rocksdb/overlay.h"
#include "storage/rocksdb/release_gate.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/space_reclaimer.h"
#include "storage/rocksdb/store_records.h"
#include "storage/rocksdb/table_import.h"
#include "storage/rocksdb/updater.h"
#include "storage/rocksdb/value_cache.h"

namespace gramme {
namespace {

// Large enough to share the price of a sync, small enough that Updates pass between two.
constexpr std::size_t kImportCommitBytesMax = 256 << 10;

std::unexpected<Status> Closed() {
  return StoreError(StatusCode::kUnavailable, "the store is closed");
}

}  // namespace

struct RocksDbStore::Parts {
  Parts(const RocksDbOptions& options, Database opened)
      : identity(std::move(opened.identity)),
        lock(std::move(opened.lock)),
        background_errors(opened.background_errors),
        log_guard(opened.files),
        values(std::make_shared<ValueCache>(opened.memory.value_bytes)),
        metrics(options.metrics, values),
        overlay(opened.memory.settled_bytes),
        gate(opened.state.commit_number),
        queue(*options.clock, overlay, gate, opened.state, opened.memory.queue_bytes),
        images(opened.files, options.directory + "/images",
               ReadOnlyOptions(opened.env.get(), opened.memory, opened.cache), opened.env),
        imports(opened.files, opened.env, options.directory + "/imports",
                ReadOnlyOptions(opened.env.get(), opened.memory, opened.cache),
                opened.imported_table_bytes_min),
        db(opened.db),
        updater(*db, *options.clock, key_locks, overlay, queue, metrics),
        committer({.db = opened.db,
                   .log_guard = opened.files,
                   .watermark = std::move(opened.watermark),
                   .queue = queue,
                   .gate = gate,
                   .values = *values,
                   .metrics = metrics,
                   .state = opened.state,
                   .boot_id = opened.boot_id,
                   .durability = options.durability,
                   .flush_interval = options.flush_interval,
                   .on_fatal = options.on_fatal}),
        reclaimer(opened.db) {}

  StoreIdentity identity;
  std::unique_ptr<DirectoryLock> lock;
  std::shared_ptr<BackgroundErrors> background_errors;
  const std::shared_ptr<LogGuard> log_guard;
  const std::shared_ptr<ValueCache> values;
  StoreMetrics metrics;
  KeyLocks key_locks;
  Overlay overlay;
  ReleaseGate gate;
  CommitQueue queue;
  Images images;
  TableImports imports;
  std::shared_ptr<rocksdb::DB> db;
  Updater updater;
  Committer committer;
  SpaceReclaimer reclaimer;

  // Held shared by every call that uses the database, alone by the one that closes it.
  std::shared_mutex in_use;
  bool closed = false;
  std::mutex close_mutex;
  StoreResult<void> close_result;
  std::function<void(GroupId)> lost;
};

StoreResult<std::unique_ptr<RocksDbStore>> RocksDbStore::Open(const RocksDbOptions& options) {
  GRAMME_TRY(Database database, OpenDatabase(options));
  auto parts = std::make_unique<Parts>(options, std::move(database));
  GRAMME_RETURN_IF_ERROR(parts->images.RemoveIncomplete());
  GRAMME_RETURN_IF_ERROR(parts->imports.RemoveLeftovers());
  Committer& committer = parts->committer;
  parts->background_errors->Bind([&committer](const Status& status) { committer.Fail(status); });
  committer.Start();
  return std::unique_ptr<RocksDbStore>(new RocksDbStore(std::move(parts)));
}

RocksDbStore::RocksDbStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

RocksDbStore::~RocksDbStore() { static_cast<void>(Close()); }

const StoreIdentity& RocksDbStore::identity() const { return parts_->identity; }

std::vector<Group> RocksDbStore::Groups(KeyspaceId) const {
  return {Group{.id = kOnlyGroup, .epoch = kOnlyEpoch}};
}

GroupId RocksDbStore::GroupOf(const Key&) const { return kOnlyGroup; }

StoreResult<std::unique_ptr<View>> RocksDbStore::OpenView(GroupId group, ReadTier tier) {
  if (group != kOnlyGroup) return StoreError(StatusCode::kMoved, "no such group");
  std::shared_ptr<const PublishedView> published = parts_->committer.Published();
  if (!published) return Closed();
  return std::make_unique<RocksDbView>(std::move(published), tier);
}

StoreResult<bool> RocksDbStore::Read(const Key& key, ReadTier tier, ValueVisitor visit) {
  const CacheKey cache_key(key);
  const bool shown = parts_->values->Show(cache_key, visit);
  parts_->metrics.NoteRead(/*from_cache=*/shown);
  if (shown) return true;
  const std::shared_ptr<const PublishedView> published = parts_->committer.Published();
  if (!published) return Closed();
  return ReadPublished(*published, cache_key.encoded.view(), tier, [&](std::string_view value) {
    visit(value);
    parts_->values->Offer(cache_key, value, published->commit_number());
  });
}

StoreResult<UpdateOutcome> RocksDbStore::Update(std::span<const Key> keys,
                                                std::span<const Guard> guards,
                                                const UpdateOptions& options, Decide decide) {
  const std::shared_lock in_use(parts_->in_use);
  if (parts_->closed) return Closed();
  return parts_->updater.Run(keys, guards, options, decide);
}

void RocksDbStore::Release(const Position& position, ReleaseCallback done) {
  parts_->gate.Release(position.commit_number(), std::move(done));
}

StoreResult<void> RocksDbStore::Await(const Position& position) {
  std::promise<StoreResult<void>> promise;
  std::future<StoreResult<void>> outcome = promise.get_future();
  Release(position, [&promise](StoreResult<void> result) { promise.set_value(std::move(result)); });
  parts_->queue.WakeCommitter();
  return outcome.get();
}

StoreResult<KeyspaceId> RocksDbStore::CreateKeyspace() { return parts_->queue.GiveKeyspace(); }

StoreResult<Position> RocksDbStore::QueueRemoval(KeyspaceId keyspace, const KeyRange& range) {
  GRAMME_RETURN_IF_ERROR(parts_->queue.WaitForRoom());
  const auto commit = std::make_shared<QueuedCommit>();
  commit->removal = RangeRemoval{.keyspace = keyspace, .range = range};
  GRAMME_TRY(const auto place, parts_->queue.Enqueue(commit, {}, std::nullopt));
  return PositionOf(place->number);
}

StoreResult<void> RocksDbStore::DropKeyspace(KeyspaceId keyspace) {
  GRAMME_TRY(const Position position, QueueRemoval(keyspace, KeyRange{}));
  GRAMME_RETURN_IF_ERROR(Await(position));
  parts_->reclaimer.Reclaim(EncodeRange(keyspace, KeyRange{}));
  return {};
}

StoreResult<void> RocksDbStore::Trim(KeyspaceId keyspace, const KeyRange& range) {
  if (range.end && *range.end <= range.start) return {};
  GRAMME_TRY(const Position position, QueueRemoval(keyspace, range));
  Release(position, [this, encoded = EncodeRange(keyspace, range)](StoreResult<void> removed) {
    if (removed) parts_->reclaimer.Reclaim(encoded);
  });
  return {};
}

StoreResult<Position> RocksDbStore::Import(std::span<const KeyValue> entries) {
  Position last;
  std::size_t next = 0;
  while (next < entries.size()) {
    const auto commit = std::make_shared<QueuedCommit>();
    commit->imported = true;
    for (; next < entries.size(); ++next) {
      const KeyValue& entry = entries[next];
      const std::size_t byte_count = entry.key.bytes.size() + entry.value.size();
      const std::size_t commit_byte_count = commit->batch.byte_count() + byte_count;
      if (!commit->batch.empty() && commit_byte_count > kImportCommitBytesMax) break;
      commit->batch.Put(entry.key, entry.value);
    }
    commit->Prepare();
    GRAMME_RETURN_IF_ERROR(parts_->queue.WaitForRoom());
    GRAMME_TRY(const auto place, parts_->queue.Enqueue(commit, {}, std::nullopt));
    last = PositionOf(place->number);
  }
  return last;
}

std::unique_ptr<Importer> RocksDbStore::BeginImport() {
  return std::make_unique<TableImporter>(*this, parts_->imports,
                                         [this](const std::string& path) { return TakeIn(path); });
}

StoreResult<bool> RocksDbStore::TakeIn(const std::string& path) {
  // Resumed after a full disk, RocksDB 7.8 still takes itself for stopped where it numbers a table
  // that is to be taken in: it gives it none, and aborts. The entries go through the queue.
  if (parts_->log_guard->has_stood_still()) return false;
  Position position;
  const auto queue_mark = [&](const ManifestMark& mark) -> StoreResult<void> {
    const auto commit = std::make_shared<QueuedCommit>();
    commit->batch.Put(ManifestMarkKey(), EncodeManifestMark(mark));
    commit->Prepare();
    GRAMME_TRY(const auto place, parts_->queue.Enqueue(commit, {}, std::nullopt));
    position = PositionOf(place->number);
    return {};
  };
  {
    const std::shared_lock in_use(parts_->in_use);
    if (parts_->closed) return Closed();
    GRAMME_RETURN_IF_ERROR(parts_->queue.WaitForRoom());
    GRAMME_TRY(const bool is_in, parts_->imports.TakeIn(*parts_->db, path, queue_mark));
    if (!is_in) return false;
  }
  GRAMME_RETURN_IF_ERROR(Await(position));
  return true;
}

StoreResult<std::uint64_t> RocksDbStore::ApproximateSize(KeyspaceId keyspace,
                                                         const KeyRange& range) {
  const EncodedRange encoded = EncodeRange(keyspace, range);
  if (encoded.start >= encoded.end) return 0;
  const std::shared_lock in_use(parts_->in_use);
  if (parts_->closed) return Closed();
  const rocksdb::Range slices(encoded.start, encoded.end);
  rocksdb::SizeApproximationOptions options;
  options.include_memtables = true;
  std::uint64_t byte_count = 0;
  GRAMME_RETURN_IF_ERROR(
      CheckRocksDb(parts_->db->GetApproximateSizes(options, parts_->db->DefaultColumnFamily(),
                                                   &slices, 1, &byte_count),
                   "measuring a range"));
  return byte_count;
}

StoreResult<ImageDescription> RocksDbStore::Freeze(std::string_view image_id,
                                                   std::span<const KeyspaceId> keyspaces) {
  std::promise<StoreResult<ImageDescription>> promise;
  std::future<StoreResult<ImageDescription>> made = promise.get_future();
  const bool accepted = parts_->queue.RunBetweenRounds([&] {
    // An image begins with a new log, and RocksDB aborts where the old one has had a failed write.
    if (!parts_->committer.TryToResume()) {
      return promise.set_value(StoreError(StatusCode::kOutOfSpace, "the disk is full"));
    }
    promise.set_value(
        parts_->images.Make(*parts_->db, image_id, keyspaces, *parts_->committer.Published()));
  });
  if (!accepted) return Closed();
  return made.get();
}

StoreResult<std::unique_ptr<View>> RocksDbStore::OpenImage(std::string_view image_id,
                                                           GroupId group) {
  if (group != kOnlyGroup) return StoreError(StatusCode::kMoved, "no such group");
  return parts_->images.Open(image_id);
}

StoreResult<std::vector<ImageDescription>> RocksDbStore::ListImages() {
  return parts_->images.List();
}

StoreResult<void> RocksDbStore::ReleaseImage(std::string_view image_id) {
  return parts_->images.Release(image_id);
}

StoreResult<std::unique_ptr<StoreFileCheck>> RocksDbStore::BeginFileCheck(
    std::optional<std::string_view> image_id) {
  if (image_id) return parts_->images.BeginCheck(*image_id);
  const std::shared_lock in_use(parts_->in_use);
  if (parts_->closed) return Closed();
  return CheckLiveFiles(parts_->db);
}

void RocksDbStore::OnGroupChange(std::function<void(GroupId)> gained,
                                 std::function<void(GroupId)> lost) {
  {
    const std::lock_guard lock(parts_->close_mutex);
    parts_->lost = std::move(lost);
  }
  if (gained) gained(kOnlyGroup);
}

StoreResult<void> RocksDbStore::Close() {
  const std::lock_guard close_lock(parts_->close_mutex);
  if (parts_->closed) return parts_->close_result;
  if (parts_->lost) parts_->lost(kOnlyGroup);
  parts_->queue.Close();
  parts_->reclaimer.Stop();
  parts_->close_result = parts_->committer.Stop();
  parts_->values->Close();
  parts_->background_errors->Bind(nullptr);
  const std::lock_guard in_use(parts_->in_use);
  parts_->closed = true;
  // The database goes before the lock: whoever takes the directory next is alone in it, unless a
  // view outlives its store against its contract.
  parts_->reclaimer.LetGo();
  parts_->committer.LetGo();
  parts_->db.reset();
  parts_->lock.reset();
  return parts_->close_result;
}

}  // namespace gramme
