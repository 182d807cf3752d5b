// ChangeRecord: one change of one item, as the change log of its table keeps it. Written in the
// batch that makes the change, so that none is missed and none is made up. Part of the format, see
// docs/internals/formats.md.

#ifndef GRAMME_TABLE_CHANGE_LOG_CHANGE_RECORD_H_
#define GRAMME_TABLE_CHANGE_LOG_CHANGE_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "encoding/item_encoding.h"
#include "model/table_description.h"
#include "storage/store.h"
#include "storage/write_batch.h"
#include "table/change_log/log_position.h"
#include "table/table.h"

namespace gramme {

enum class ChangeKind { kInsert, kModify, kRemove };

// On whose behalf an item changed.
enum class ChangeCause { kUser, kTimeToLive };

// Borrows the bytes of the stored record, but for the old image. Which images are there is the
// log's choice (ChangeLogDescription) at the time of the change; the one that an insert or a
// removal does not have is never there.
struct ChangeRecord {
  ChangeKind kind = ChangeKind::kInsert;
  ChangeCause cause = ChangeCause::kUser;
  std::string_view keys;       // attributes (DecodeAttributes); empty where there is an image
  std::string_view new_image;  // an item as it is stored (ItemView::Open); empty: none
  std::string old_image;
};

// Errors: kCorruption.
StoreResult<ChangeRecord> DecodeChangeRecord(std::string_view bytes);

// How many bytes the keys and images of a record are when they are whole. Errors: kCorruption.
StoreResult<std::size_t> ChangeRecordSize(std::string_view bytes);

// The record as it would be if the log kept no more than a stream of this type shows: the same
// bytes, unless it has an image that the stream does not. Errors: kCorruption.
StoreResult<std::string> ShownChangeRecord(StreamViewType type, const KeySchema& key_schema,
                                           std::string_view bytes);

// A change that is about to be made. `before` and `after` are stored items; nothing: absent. They
// differ.
struct LoggedChange {
  const Table& table;
  std::uint64_t placement = 0;  // of the item
  CurrentValue before;
  CurrentValue after;
  ChangeCause cause = ChangeCause::kUser;
  std::uint32_t index_in_commit = 0;  // no other change of the commit has it
};

// Appends the record of the change to the batch that makes it, if the table keeps a log.
void AppendChangeRecord(const LoggedChange& change, WriteBatch& batch);

// The keyspace of a log holds the records of each shard in the order of their positions, and for
// each shard that was ever trimmed the last position that it has lost.
KeyRange LogShardRange(std::uint32_t shard);
// From `from` on.
KeyRange LogShardRange(std::uint32_t shard, const LogPosition& from);
// Errors: kCorruption.
StoreResult<LogPosition> PositionOfLogKey(std::string_view key);

// Of all shards. Errors: kCorruption.
KeyRange TrimPointRange();
StoreResult<std::uint32_t> ShardOfTrimPointKey(std::string_view key);
// Where the last position that a shard lost is kept, and its value.
Key TrimPointKey(std::uint64_t log_keyspace, const LogShard& shard);
std::string EncodeTrimPoint(const LogPosition& last_removed);
// Errors: kCorruption.
StoreResult<LogPosition> DecodeTrimPoint(std::string_view bytes);

}  // namespace gramme

#endif  // GRAMME_TABLE_CHANGE_LOG_CHANGE_RECORD_H_
