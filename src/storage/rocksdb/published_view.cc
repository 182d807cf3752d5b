#include "storage/rocksdb/published_view.h"

#include <algorithm>
#include <utility>

#include "base/result.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/rocksdb_status.h"

namespace gramme {
namespace {

rocksdb::ReadOptions ReadOptionsFor(ReadTier tier) {
  rocksdb::ReadOptions options;
  if (tier == ReadTier::kMemory) options.read_tier = rocksdb::kBlockCacheTier;
  return options;
}

// The same, made once.
const rocksdb::ReadOptions& OptionsOf(ReadTier tier) {
  static const rocksdb::ReadOptions of_memory = ReadOptionsFor(ReadTier::kMemory);
  static const rocksdb::ReadOptions of_disk = ReadOptionsFor(ReadTier::kDisk);
  return tier == ReadTier::kMemory ? of_memory : of_disk;
}

// What a thread keeps for the next value: an item of usual size.
constexpr std::size_t kKeptCopyBytesMax = 64 << 10;

// What RocksDB answered for a key: the value, nothing where it is absent, or an error.
StoreResult<std::optional<std::string>> ValueOf(const rocksdb::Status& status,
                                                const rocksdb::PinnableSlice& value) {
  if (status.IsNotFound()) return std::optional<std::string>();
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(status, "reading a key"));
  return std::optional<std::string>(value.ToString());
}

}  // namespace

RocksDbView::RocksDbView(std::shared_ptr<const PublishedView> published, ReadTier tier,
                         std::optional<std::vector<KeyspaceId>> keyspaces,
                         std::size_t read_ahead_bytes)
    : published_(std::move(published)),
      read_options_(OptionsOf(tier)),
      keyspaces_(std::move(keyspaces)) {
  read_options_.snapshot = published_->snapshot();
  read_options_.readahead_size = read_ahead_bytes;
}

bool RocksDbView::Shows(KeyspaceId keyspace) const {
  return !keyspaces_ ||
         std::find(keyspaces_->begin(), keyspaces_->end(), keyspace) != keyspaces_->end();
}

StoreResult<std::optional<std::string>> RocksDbView::Get(const Key& key) const {
  if (!Shows(key.keyspace)) return std::optional<std::string>();
  rocksdb::DB& db = published_->db();
  // RocksDB copies into the result itself, unless it can lend the bytes.
  std::optional<std::string> bytes(std::in_place);
  rocksdb::PinnableSlice value(&*bytes);
  const BriefEncodedKey encoded(key);
  const rocksdb::Status status =
      db.Get(read_options_, db.DefaultColumnFamily(), encoded.view(), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(status, "reading a key"));
  if (value.IsPinned()) bytes->assign(value.data(), value.size());
  return bytes;
}

StoreResult<std::vector<std::optional<std::string>>> RocksDbView::MultiGet(
    std::span<const Key> keys) const {
  std::vector<std::optional<std::string>> values(keys.size());
  std::vector<std::string> encoded;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!Shows(keys[i].keyspace)) continue;
    encoded.push_back(EncodeKey(keys[i]));
    places.push_back(i);
  }
  const std::vector<rocksdb::Slice> slices(encoded.begin(), encoded.end());
  std::vector<rocksdb::PinnableSlice> found(slices.size());
  std::vector<rocksdb::Status> statuses(slices.size());
  rocksdb::DB& db = published_->db();
  db.MultiGet(read_options_, db.DefaultColumnFamily(), slices.size(), slices.data(), found.data(),
              statuses.data());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    GRAMME_TRY(values[places[i]], ValueOf(statuses[i], found[i]));
  }
  return values;
}

StoreResult<void> RocksDbView::Scan(KeyspaceId keyspace, const KeyRange& range, Direction direction,
                                    ScanVisitor visit) const {
  if (!Shows(keyspace)) return {};
  const EncodedRange encoded = EncodeRange(keyspace, range);
  if (encoded.start >= encoded.end) return {};
  const rocksdb::Slice lower_bound(encoded.start);
  const rocksdb::Slice upper_bound(encoded.end);
  rocksdb::ReadOptions options = read_options_;
  options.iterate_lower_bound = &lower_bound;
  options.iterate_upper_bound = &upper_bound;
  const std::unique_ptr<rocksdb::Iterator> iterator(published_->db().NewIterator(options));
  const bool forward = direction == Direction::kForward;
  if (forward) {
    iterator->SeekToFirst();
  } else {
    iterator->SeekToLast();
  }
  while (iterator->Valid()) {
    std::string_view key = iterator->key().ToStringView();
    key.remove_prefix(kKeyspacePrefixBytes);
    if (visit(key, iterator->value().ToStringView()) == ScanStep::kStop) return {};
    if (forward) {
      iterator->Next();
    } else {
      iterator->Prev();
    }
  }
  return CheckRocksDb(iterator->status(), "scanning a range");
}

StoreResult<bool> ReadPublished(const PublishedView& published, std::string_view encoded_key,
                                ReadTier tier, ValueVisitor visit) {
  rocksdb::ReadOptions options = OptionsOf(tier);
  options.snapshot = published.snapshot();
  rocksdb::DB& db = published.db();
  // What RocksDB cannot lend is copied here, into memory that the thread keeps.
  static thread_local std::string copy;
  rocksdb::PinnableSlice value(&copy);
  const rocksdb::Status status = db.Get(options, db.DefaultColumnFamily(), encoded_key, &value);
  if (status.IsNotFound()) return false;
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(status, "reading a key"));
  visit(value.ToStringView());
  if (copy.capacity() > kKeptCopyBytesMax) copy = std::string();
  return true;
}

StoreResult<bool> ReadCommitted(rocksdb::DB& db, const Key& key, ReadTier tier,
                                rocksdb::PinnableSlice& value) {
  const BriefEncodedKey encoded(key);
  const rocksdb::Status status =
      db.Get(OptionsOf(tier), db.DefaultColumnFamily(), encoded.view(), &value);
  if (status.IsNotFound()) return false;
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(status, "reading a key"));
  return true;
}

}  // namespace gramme
