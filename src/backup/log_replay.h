// LogReplay: what a change log did to the items of a table between two moments, as one value for
// each item that changed. It reads the log from an image, and keeps the values in a keyspace of its
// own, the overlay, because they may be more than memory holds; a restore lays them over a base.

#ifndef GRAMME_BACKUP_LOG_REPLAY_H_
#define GRAMME_BACKUP_LOG_REPLAY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "encoding/record.h"
#include "storage/queued_importer.h"
#include "storage/store.h"
#include "table/change_log/log_position.h"
#include "table/table.h"

namespace gramme {

// What is replayed, and how far it is: durable between the steps of a restore.
struct LogReplay {
  std::string source_table_name;
  std::uint64_t source_table_number = 0;
  std::uint64_t log_keyspace = 0;
  std::vector<std::uint32_t> shards;  // in the order of their numbers: parents before children
  WallTime after{};                   // the base's instant
  WallTime until{};                   // the last moment that counts
  std::uint64_t overlay_keyspace = 0;
  // Of `shards`, the one that is being read, and from where; all of them: the overlay is whole.
  std::size_t shard_index = 0;
  LogPosition next;
};

// Part of the format of a restore's state, see docs/internals/formats.md.
void WriteLogReplay(const LogReplay& replay, RecordWriter& out);
LogReplay TakeLogReplay(RecordReader& in);

// Used by one thread. Borrows the store; `table`: with the key schema of the source.
class LogReplayer {
 public:
  LogReplayer(Store& store, const Table& table, std::uint64_t piece_bytes)
      : store_(store), table_(table), overlay_(store, piece_bytes) {}

  // Goes on for about so many bytes of records and brings `replay` up to date with what is durable
  // in the overlay; true when all of it is. `image` names an image of the log. May be repeated from
  // an earlier `replay`. Errors: kCorruption names the record, also where records are missing; the
  // store's.
  StoreResult<bool> Step(std::string_view image, std::uint64_t byte_count, LogReplay& replay);

 private:
  StoreResult<void> ReadShard(std::string_view image, std::uint64_t& left, LogReplay& replay);
  StoreResult<void> Add(const LogReplay& replay, std::string_view record);

  Store& store_;
  const Table& table_;
  QueuedImporter overlay_;
};

// An item as the log left it.
struct OverlayEntry {
  std::string key;
  std::string value;  // an item as it is stored; empty: it was removed
};

// Goes through an overlay in key order. Used by one thread. Borrows the store.
class OverlayCursor {
 public:
  // Begins after the key `after`.
  OverlayCursor(Store& store, std::uint64_t keyspace, std::string after)
      : store_(store), keyspace_(KeyspaceId{keyspace}), after_(std::move(after)) {}

  // The next entry, until it is taken; nullptr at the end. Errors: the store's.
  StoreResult<const OverlayEntry*> Peek();
  // REQUIRES: Peek showed an entry.
  void Take() { page_.pop_front(); }

 private:
  StoreResult<void> Fill();

  Store& store_;
  const KeyspaceId keyspace_;
  std::string after_;
  std::deque<OverlayEntry> page_;
  bool is_over_ = false;  // nothing comes after the page
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_LOG_REPLAY_H_
