#include "storage/rocksdb/round_builder.h"

#include <array>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/big_endian.h"
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

// What the batch keeps between two rounds.
constexpr std::size_t kKeptBatchBytesMax = 2 << 20;

std::array<char, kCounterBytes> EncodeCounter(std::int64_t value) {
  std::array<char, kCounterBytes> bytes{};
  auto rest = static_cast<std::uint64_t>(value);
  for (char& byte : bytes) {
    byte = static_cast<char>(rest & 0xff);
    rest >>= 8;
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
  std::array<char, kKeyspacePrefixBytes> prefix{};
  WriteBigEndian64(static_cast<std::uint64_t>(keyspace), prefix.data());
  const std::array<rocksdb::Slice, 2> key = {rocksdb::Slice(prefix.data(), prefix.size()),
                                             rocksdb::Slice(bytes)};
  const rocksdb::SliceParts key_parts(key.data(), static_cast<int>(key.size()));
  if (!value) return out.Delete(key_parts);
  const rocksdb::Slice slice(*value);
  return out.Put(key_parts, rocksdb::SliceParts(&slice, 1));
}

}  // namespace

RoundBuilder::RoundBuilder(rocksdb::DB& db, std::uint64_t next_keyspace)
    : db_(db), batch_(0, 0, kProtectionBytesPerKey, 0), written_next_keyspace_(next_keyspace) {}

RoundBuilder::Counters* RoundBuilder::CountersOf(KeyspaceId keyspace) {
  for (auto& [of, counters] : counters_) {
    if (of == keyspace) return &counters;
  }
  return nullptr;
}

void RoundBuilder::ForgetCounters() {
  counters_.clear();
  changed_.clear();
  counter_count_ = 0;
}

StoreResult<void> RoundBuilder::AddToCounter(const AddOperation& operation) {
  Counters* counters = CountersOf(operation.counter.keyspace);
  if (counters == nullptr) {
    // Moving them leaves what `changed_` borrows where it is.
    static_assert(std::is_nothrow_move_constructible_v<Counters>);
    counters = &counters_.emplace_back(operation.counter.keyspace, Counters()).second;
  }
  auto found = counters->find(std::string_view(operation.counter.bytes));
  if (found == counters->end()) {
    std::string stored;
    const rocksdb::Status status =
        db_.Get(rocksdb::ReadOptions(), EncodeKey(operation.counter), &stored);
    std::int64_t value = 0;
    if (!status.IsNotFound()) {
      GRAMME_RETURN_IF_ERROR(CheckRocksDb(status, "reading a counter"));
      GRAMME_TRY(value, DecodeCounter(stored));
    }
    found = counters->emplace(operation.counter.bytes, Counter{.value = value}).first;
    ++counter_count_;
  }
  // Counters wrap around as two's complement does, rather than overflow.
  Counter& counter = found->second;
  counter.value = static_cast<std::int64_t>(static_cast<std::uint64_t>(counter.value) +
                                            static_cast<std::uint64_t>(operation.delta));
  counter.added = true;
  counter.removed = false;
  List(operation.counter.keyspace, *found);
  return {};
}

void RoundBuilder::List(KeyspaceId keyspace, Counters::value_type& counter) {
  if (std::exchange(counter.second.listed, true)) return;
  changed_.push_back({.keyspace = keyspace, .bytes = counter.first, .counter = &counter.second});
}

void RoundBuilder::NoteWrite(const QueuedWrite& write) {
  if (write.value && write.value->size() != kCounterBytes) return;
  Counters* const counters = CountersOf(write.keyspace);
  if (counters == nullptr) return;
  const auto found = counters->find(write.bytes);
  if (found == counters->end()) return;
  found->second.added = false;
  found->second.value = write.value ? *DecodeCounter(*write.value) : 0;
  found->second.removed = !write.value;
  // What is removed is forgotten with the round, not before: until then the database has it.
  if (found->second.removed) List(write.keyspace, *found);
}

StoreResult<void> RoundBuilder::Append(const QueuedCommit& commit, std::uint64_t last_number) {
  if (commit.removal) {
    const EncodedRange range = EncodeRange(commit.removal->keyspace, commit.removal->range);
    ForgetCounters();
    return CheckRocksDb(batch_.DeleteRange(range.start, range.end), "building a batch");
  }
  auto write = commit.writes().begin();
  for (const WriteBatch::Operation& operation : commit.batch.operations()) {
    if (write != commit.writes().end() && write->operation == &operation) {
      NoteWrite(*write);
      // What a later write of the same round replaces is not written at all.
      const std::uint64_t superseded_by = write->superseded_by.load(std::memory_order_relaxed);
      if (superseded_by == 0 || superseded_by > last_number) {
        GRAMME_RETURN_IF_ERROR(CheckRocksDb(
            Write(write->keyspace, write->bytes, write->value, batch_), "building a batch"));
      }
      ++write;
    } else if (const auto* added = std::get_if<AddOperation>(&operation)) {
      GRAMME_RETURN_IF_ERROR(AddToCounter(*added));
    }
  }
  for (const auto& [guard_id, generation] : commit.generations) {
    const std::array<std::uint64_t, 1> fields = {generation};
    GRAMME_RETURN_IF_ERROR(CheckRocksDb(
        batch_.Put(GenerationKey(guard_id), EncodeStoreRecord(fields)), "building a batch"));
  }
  return {};
}

// What goes with every round: the counters, the last commit, at times the next keyspace.
StoreResult<void> RoundBuilder::AppendRecords(const Round& round) {
  for (const ChangedCounter& changed : changed_) {
    changed.counter->listed = false;
    if (changed.counter->removed) {
      Counters& counters = *CountersOf(changed.keyspace);
      counters.erase(counters.find(changed.bytes));
      --counter_count_;
      continue;
    }
    if (!std::exchange(changed.counter->added, false)) continue;
    const auto value = EncodeCounter(changed.counter->value);
    GRAMME_RETURN_IF_ERROR(CheckRocksDb(Write(changed.keyspace, changed.bytes,
                                              std::string_view(value.data(), value.size()), batch_),
                                        "building a batch"));
  }
  changed_.clear();
  if (round.next_keyspace != written_next_keyspace_) {
    const std::array<std::uint64_t, 1> fields = {round.next_keyspace};
    GRAMME_RETURN_IF_ERROR(
        CheckRocksDb(batch_.Put(NextKeyspaceKey(), EncodeStoreRecord(fields)), "building a batch"));
    written_next_keyspace_ = round.next_keyspace;
  }
  const QueuedCommit& last = *round.commits.back();
  const std::array<std::uint64_t, 2> fields = {
      last.number, static_cast<std::uint64_t>(last.time.time_since_epoch().count())};
  return CheckRocksDb(batch_.Put(LastCommitKey(), EncodeStoreRecord(fields)), "building a batch");
}

StoreResult<rocksdb::WriteBatch*> RoundBuilder::Build(const Round& round) {
  if (counter_count_ > kCachedCounterCountMax) ForgetCounters();
  if (batch_.Data().capacity() > kKeptBatchBytesMax) {
    batch_ = rocksdb::WriteBatch(0, 0, kProtectionBytesPerKey, 0);
  } else {
    batch_.Clear();
  }
  const std::uint64_t last_number = round.commits.back()->number;
  for (const auto& commit : round.commits) {
    GRAMME_RETURN_IF_ERROR(Append(*commit, last_number));
  }
  GRAMME_RETURN_IF_ERROR(AppendRecords(round));
  return &batch_;
}

void RoundBuilder::Forget() {
  ForgetCounters();
  // No id is this small, so the next round writes the record again.
  written_next_keyspace_ = 0;
}

}  // namespace gramme
