// RoundBuilder: turns a round of commits into the one RocksDB batch that makes it durable. Nobody
// sees a state inside a round, so counters are folded into one plain write each, and so are the
// writes of one key. The last commit and the next keyspace travel along.

#ifndef GRAMME_STORAGE_ROCKSDB_ROUND_BUILDER_H_
#define GRAMME_STORAGE_ROCKSDB_ROUND_BUILDER_H_

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/status.h"
#include "storage/rocksdb/commit_queue.h"

namespace gramme {

// Used by the committer's thread alone.
class RoundBuilder {
 public:
  // Keeps a reference. `next_keyspace` is what the database holds.
  RoundBuilder(rocksdb::DB& db, std::uint64_t next_keyspace);

  // The batch is the builder's, valid until the next call.
  // Errors: kCorruption, kIoError, where a counter cannot be read.
  StoreResult<rocksdb::WriteBatch*> Build(const Round& round);
  // The batch built last was not written: what was remembered of it is forgotten.
  void Forget();

 private:
  struct Counter {
    std::int64_t value = 0;  // the newest
    // In the round being built: an Add changed it since it was last written as a plain key.
    bool added = false;
    bool removed = false;  // in the round being built, and nothing came after that
    bool listed = false;   // in `changed_`
  };
  struct ChangedCounter {
    KeyspaceId keyspace{};
    std::string_view bytes;
    Counter* counter = nullptr;
  };
  struct HashBytes {
    using is_transparent = void;
    std::size_t operator()(std::string_view bytes) const {
      return std::hash<std::string_view>()(bytes);
    }
  };
  // Of one keyspace, by the key's bytes.
  using Counters = std::unordered_map<std::string, Counter, HashBytes, std::equal_to<>>;

  StoreResult<void> Append(const QueuedCommit& commit, std::uint64_t last_number);
  StoreResult<void> AppendRecords(const Round& round);
  StoreResult<void> AddToCounter(const AddOperation& operation);
  // A counter may also be put or deleted as a plain key; then this is its value from now on.
  void NoteWrite(const QueuedWrite& write);
  void List(KeyspaceId keyspace, Counters::value_type& counter);
  Counters* CountersOf(KeyspaceId keyspace);
  void ForgetCounters();

  rocksdb::DB& db_;
  rocksdb::WriteBatch batch_;
  std::uint64_t written_next_keyspace_;
  std::vector<std::pair<KeyspaceId, Counters>> counters_;  // of one keyspace, in practice
  std::size_t counter_count_ = 0;
  std::vector<ChangedCounter> changed_;  // in the round being built; borrows from `counters_`
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_ROUND_BUILDER_H_
