// RocksDbStore: the Store of one machine, on RocksDB. One group, owned for ever.
//
// Updates are decided under key locks against what is committed and what is queued; a committer
// thread merges what is queued into one synced write after another. DIRECTORY holds FORMAT, LOCK,
// WATERMARK, db/ (RocksDB's files), images/ and imports/; see docs/internals/formats.md.

#ifndef GRAMME_STORAGE_ROCKSDB_ROCKSDB_STORE_H_
#define GRAMME_STORAGE_ROCKSDB_ROCKSDB_STORE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "metrics/registry.h"
#include "storage/store.h"

namespace gramme {

struct StorageSeams;  // storage/rocksdb/seams.h, for tests

// kAlways: an answer is released when its commit is synced. kRelaxed: when it is written; a loss of
// power may lose what was answered since the last flush.
enum class Durability { kAlways, kRelaxed };

// Fixed when a directory is created, and kept in its FORMAT.
struct StoreIdentity {
  std::string database_id;  // a UUID
  std::string creating_version;
  std::string region;
  std::string account_id;
};

struct RocksDbOptions {
  std::string directory;  // created where absent
  // For a directory that is created now; an existing one keeps its own.
  std::string creating_version = "gramme";
  std::string region = "us-east-1";
  std::string account_id = "000000000000";
  // Written into LOCK, so that a second server can name the first: "http://127.0.0.1:8000".
  std::string endpoint;

  // For caches, memtables and queue together; `cache_bytes` overrides the first.
  std::size_t memory_bytes = std::size_t{256} << 20;
  std::optional<std::size_t> cache_bytes;

  Durability durability = Durability::kAlways;
  Duration flush_interval = std::chrono::milliseconds(100);  // kRelaxed only

  const Clock* clock = &SystemClock();  // outlives the store
  Registry* metrics = nullptr;          // outlives the store
  // The log can no longer be trusted: end the process (exit code 6; kCorruption: 5) and let
  // recovery decide. Called once, on any thread, before anybody who waits is told. After it nothing
  // is committed and no commit is released as durable.
  std::function<void(const Status&)> on_fatal;
  // A line for the operator: what recovery accepted.
  std::function<void(std::string_view)> on_warning;
  const StorageSeams* seams = nullptr;  // read during Open
};

class RocksDbStore : public Store {
 public:
  // Opens or creates. Errors: kUnavailable (another process holds the directory, it is of a newer
  // format, or it is not one of ours), kCorruption (something acknowledged is missing or damaged;
  // the directory is left byte for byte as it was), kIoError, kOutOfSpace.
  static StoreResult<std::unique_ptr<RocksDbStore>> Open(const RocksDbOptions& options);

  // Closes, if Close() was not called.
  ~RocksDbStore() override;

  const StoreIdentity& identity() const;

  std::vector<Group> Groups(KeyspaceId keyspace) const override;
  GroupId GroupOf(const Key& key) const override;
  StoreResult<std::unique_ptr<View>> OpenView(GroupId group, ReadTier tier) override;
  StoreResult<bool> Read(const Key& key, ReadTier tier, ValueVisitor visit) override;
  StoreResult<UpdateOutcome> Update(std::span<const Key> keys, std::span<const Guard> guards,
                                    const UpdateOptions& options, Decide decide) override;
  void Release(const Position& position, ReleaseCallback done) override;
  StoreResult<void> Await(const Position& position) override;
  StoreResult<KeyspaceId> CreateKeyspace() override;
  StoreResult<void> DropKeyspace(KeyspaceId keyspace) override;
  StoreResult<void> Trim(KeyspaceId keyspace, const KeyRange& range) override;
  StoreResult<Position> Import(std::span<const KeyValue> entries) override;
  std::unique_ptr<Importer> BeginImport() override;
  StoreResult<std::uint64_t> ApproximateSize(KeyspaceId keyspace, const KeyRange& range) override;
  StoreResult<ImageDescription> Freeze(std::string_view image_id,
                                       std::span<const KeyspaceId> keyspaces) override;
  StoreResult<std::unique_ptr<View>> OpenImage(std::string_view image_id, GroupId group) override;
  StoreResult<std::vector<ImageDescription>> ListImages() override;
  StoreResult<void> ReleaseImage(std::string_view image_id) override;
  StoreResult<std::unique_ptr<StoreFileCheck>> BeginFileCheck(
      std::optional<std::string_view> image_id) override;
  void OnGroupChange(std::function<void(GroupId)> gained,
                     std::function<void(GroupId)> lost) override;
  StoreResult<void> Close() override;

 private:
  struct Parts;

  explicit RocksDbStore(std::unique_ptr<Parts> parts);
  // Queues a range removal; the result is its position.
  StoreResult<Position> QueueRemoval(KeyspaceId keyspace, const KeyRange& range);
  // As TableImporter::TakeIn.
  StoreResult<bool> TakeIn(const std::string& path);

  std::unique_ptr<Parts> parts_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_ROCKSDB_STORE_H_
