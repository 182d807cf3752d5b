// RoundBuilder: turns a round of commits into the one RocksDB batch that makes it durable. Counters
// are folded into one plain write each; the last commit and the next keyspace travel along.

#ifndef GRAMME_STORAGE_ROCKSDB_ROUND_BUILDER_H_
#define GRAMME_STORAGE_ROCKSDB_ROUND_BUILDER_H_

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/status.h"
#include "storage/rocksdb/commit_queue.h"

namespace gramme {

// Used by the committer's thread alone.
class RoundBuilder {
 public:
  // Keeps a reference. `next_keyspace` is what the database holds.
  RoundBuilder(rocksdb::DB& db, std::uint64_t next_keyspace)
      : db_(db), written_next_keyspace_(next_keyspace) {}

  // Errors: kCorruption, kIoError, where a counter cannot be read.
  StoreResult<rocksdb::WriteBatch> Build(const Round& round);
  // The batch built last was not written: what was remembered of it is forgotten.
  void Forget();

 private:
  StoreResult<void> Append(const QueuedCommit& commit, rocksdb::WriteBatch& out);
  StoreResult<void> AddToCounter(const AddOperation& operation);
  // A counter may also be put or deleted as a plain key; then this is its value from now on.
  void NoteWrite(KeyspaceId keyspace, std::string_view bytes,
                 std::optional<std::string_view> value);

  rocksdb::DB& db_;
  std::uint64_t written_next_keyspace_;
  std::unordered_map<std::string, std::int64_t> counters_;  // by encoded key: the newest values
  std::unordered_set<std::string> changed_counters_;        // of the round being built
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_ROUND_BUILDER_H_
