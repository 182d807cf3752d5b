// PublishedView: one state of a database between two commits, and the views that look at it.

#ifndef GRAMME_STORAGE_ROCKSDB_PUBLISHED_VIEW_H_
#define GRAMME_STORAGE_ROCKSDB_PUBLISHED_VIEW_H_

#include <rocksdb/db.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "storage/store.h"

namespace gramme {

// The one group of this store, and its epoch: nobody else ever owned it.
inline constexpr GroupId kOnlyGroup{1};
inline constexpr std::uint64_t kOnlyEpoch = 1;

inline Position PositionOf(std::uint64_t commit_number) {
  return Position(kOnlyGroup, kOnlyEpoch, commit_number);
}

// Keeps the database open while anybody looks. Immutable, thread-safe.
class PublishedView {
 public:
  // The newest state of `db`, which nobody is writing to during the call.
  PublishedView(std::shared_ptr<rocksdb::DB> db, std::uint64_t commit_number, WallTime commit_time)
      : db_(std::move(db)),
        snapshot_(db_->GetSnapshot()),
        commit_number_(commit_number),
        commit_time_(commit_time) {}
  ~PublishedView() {
    if (snapshot_ != nullptr) db_->ReleaseSnapshot(snapshot_);
  }
  PublishedView(const PublishedView&) = delete;
  PublishedView& operator=(const PublishedView&) = delete;

  rocksdb::DB& db() const { return *db_; }
  // Null for a database that never changes.
  const rocksdb::Snapshot* snapshot() const { return snapshot_; }
  std::uint64_t commit_number() const { return commit_number_; }
  WallTime commit_time() const { return commit_time_; }

 private:
  std::shared_ptr<rocksdb::DB> db_;
  const rocksdb::Snapshot* snapshot_;
  std::uint64_t commit_number_;
  WallTime commit_time_;
};

class RocksDbView : public View {
 public:
  // `keyspaces`: the only ones that are shown, if given. `read_ahead_bytes`: what a scan reads at
  // once; 0 leaves it to the engine.
  RocksDbView(std::shared_ptr<const PublishedView> published, ReadTier tier,
              std::optional<std::vector<KeyspaceId>> keyspaces = std::nullopt,
              std::size_t read_ahead_bytes = 0);

  Position position() const override { return PositionOf(published_->commit_number()); }
  StoreResult<std::optional<std::string>> Get(const Key& key) const override;
  StoreResult<std::vector<std::optional<std::string>>> MultiGet(
      std::span<const Key> keys) const override;
  StoreResult<void> Scan(KeyspaceId keyspace, const KeyRange& range, Direction direction,
                         ScanVisitor visit) const override;

 private:
  bool Shows(KeyspaceId keyspace) const;

  std::shared_ptr<const PublishedView> published_;
  rocksdb::ReadOptions read_options_;
  std::optional<std::vector<KeyspaceId>> keyspaces_;
};

// Shows `visit` the value that an encoded key has in `published`; false: it is absent. At `tier`.
// Errors: kWouldBlock, kCorruption, kIoError.
StoreResult<bool> ReadPublished(const PublishedView& published, std::string_view encoded_key,
                                ReadTier tier, ValueVisitor visit);

// Reads the newest committed value of a key, at `tier`; absent: nothing. `value` owns the bytes.
// Errors: kWouldBlock, kCorruption, kIoError.
StoreResult<bool> ReadCommitted(rocksdb::DB& db, const Key& key, ReadTier tier,
                                rocksdb::PinnableSlice& value);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_PUBLISHED_VIEW_H_
