#include "storage/rocksdb/round_builder.h"

#include <array>
#include <utility>

#include "base/result.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/store_records.h"

namespace gramme {
namespace {

// A few per table and index; beyond it the memory is worth more than the reads it saves.
constexpr std::size_t kCachedCounterCountMax = 100'000;
constexpr std::size_t kCounterBytes = 8;
// RocksDB checks each entry on its way from here to the log and the memtable.
constexpr std::size_t kProtectionBytesPerKey = 8;

std::string EncodeCounter(std::int64_t value) {
  std::string bytes;
  auto rest = static_cast<std::uint64_t>(value);
  for (std::size_t i = 0; i < kCounterBytes; ++i, rest >>= 8) {
    bytes.push_back(static_cast<char>(rest & 0xff));
  }
  return bytes;
}

StoreResult<std::int64_t> DecodeCounter(std::string_view bytes) {
  if (bytes.size() != kCounterBytes) {
    return StoreError(StatusCode::kCorruption, "a counter does not have 8 bytes");
  }
  std::uint64_t value = 0;
  for (std::size_t i = kCounterBytes; i > 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
  }
  return static_cast<std::int64_t>(value);
}

// Puts or deletes `keyspace | bytes` without gluing the key together first.
rocksdb::Status Write(KeyspaceId keyspace, std::string_view bytes,
                      std::optional<std::string_view> value, rocksdb::WriteBatch& out) {
  const std::string prefix = KeyspacePrefix(keyspace);
  const std::array<rocksdb::Slice, 2> key = {rocksdb::Slice(prefix), rocksdb::Slice(bytes)};
  const rocksdb::SliceParts key_parts(key.data(), static_cast<int>(key.size()));
  if (!value) return out.Delete(key_parts);
  const rocksdb::Slice slice(*value);
  return out.Put(key_parts, rocksdb::SliceParts(&slice, 1));
}

}  // namespace

StoreResult<void> RoundBuilder::AddToCounter(const AddOperation& operation) {
  std::string key = EncodeKey(operation.counter);
  auto found = counters_.find(key);
  if (found == counters_.end()) {
    std::string stored;
    const rocksdb::Status status = db_.Get(rocksdb::ReadOptions(), key, &stored);
    std::int64_t value = 0;
    if (!status.IsNotFound()) {
      GRAMME_RETURN_IF_ERROR(CheckRocksDb(status, "reading a counter"));
      GRAMME_TRY(value, DecodeCounter(stored));
    }
    found = counters_.emplace(key, value).first;
  }
  // Counters wrap around as two's complement does, rather than overflow.
  found->second = static_cast<std::int64_t>(static_cast<std::uint64_t>(found->second) +
                                            static_cast<std::uint64_t>(operation.delta));
  changed_counters_.insert(std::move(key));
  return {};
}

void RoundBuilder::NoteWrite(KeyspaceId keyspace, std::string_view bytes,
                             std::optional<std::string_view> value) {
  if (counters_.empty() || (value && value->size() != kCounterBytes)) return;
  const auto found = counters_.find(EncodeKey(keyspace, bytes));
  if (found == counters_.end()) return;
  changed_counters_.erase(found->first);
  found->second = value ? *DecodeCounter(*value) : 0;
}

StoreResult<void> RoundBuilder::Append(const QueuedCommit& commit, rocksdb::WriteBatch& out) {
  if (commit.removal) {
    const EncodedRange range = EncodeRange(commit.removal->keyspace, commit.removal->range);
    counters_.clear();
    return CheckRocksDb(out.DeleteRange(range.start, range.end), "building a batch");
  }
  std::size_t stamped_index = 0;
  const auto write = [&](KeyspaceId keyspace, std::string_view bytes,
                         std::optional<std::string_view> value) {
    NoteWrite(keyspace, bytes, value);
    return CheckRocksDb(Write(keyspace, bytes, value, out), "building a batch");
  };
  for (const WriteBatch::Operation& operation : commit.batch.operations()) {
    if (const auto* put = std::get_if<PutOperation>(&operation)) {
      GRAMME_RETURN_IF_ERROR(write(put->key.keyspace, put->key.bytes, put->value));
    } else if (const auto* removed = std::get_if<DeleteOperation>(&operation)) {
      GRAMME_RETURN_IF_ERROR(write(removed->key.keyspace, removed->key.bytes, std::nullopt));
    } else if (const auto* stamped = std::get_if<PutStampedOperation>(&operation)) {
      GRAMME_RETURN_IF_ERROR(
          write(stamped->keyspace, commit.stamped_keys[stamped_index++], stamped->value));
    } else if (const auto* added = std::get_if<AddOperation>(&operation)) {
      GRAMME_RETURN_IF_ERROR(AddToCounter(*added));
    }
  }
  for (const auto& [guard_id, generation] : commit.generations) {
    const std::array<std::uint64_t, 1> fields = {generation};
    GRAMME_RETURN_IF_ERROR(CheckRocksDb(out.Put(GenerationKey(guard_id), EncodeStoreRecord(fields)),
                                        "building a batch"));
  }
  return {};
}

StoreResult<rocksdb::WriteBatch> RoundBuilder::Build(const Round& round) {
  if (counters_.size() > kCachedCounterCountMax) counters_.clear();
  changed_counters_.clear();
  rocksdb::WriteBatch batch(round.byte_count, 0, kProtectionBytesPerKey, 0);
  for (const auto& commit : round.commits) GRAMME_RETURN_IF_ERROR(Append(*commit, batch));
  for (const std::string& key : changed_counters_) {
    GRAMME_RETURN_IF_ERROR(
        CheckRocksDb(batch.Put(key, EncodeCounter(counters_[key])), "building a batch"));
  }
  if (round.next_keyspace != written_next_keyspace_) {
    const std::array<std::uint64_t, 1> fields = {round.next_keyspace};
    GRAMME_RETURN_IF_ERROR(
        CheckRocksDb(batch.Put(NextKeyspaceKey(), EncodeStoreRecord(fields)), "building a batch"));
    written_next_keyspace_ = round.next_keyspace;
  }
  const QueuedCommit& last = *round.commits.back();
  const std::array<std::uint64_t, 2> fields = {
      last.number, static_cast<std::uint64_t>(last.time.time_since_epoch().count())};
  GRAMME_RETURN_IF_ERROR(
      CheckRocksDb(batch.Put(LastCommitKey(), EncodeStoreRecord(fields)), "building a batch"));
  return batch;
}

void RoundBuilder::Forget() {
  counters_.clear();
  // No id is this small, so the next round writes the record again.
  written_next_keyspace_ = 0;
}

}  // namespace gramme
