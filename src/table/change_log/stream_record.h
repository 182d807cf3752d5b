// StreamRecord: a stream that can be read, in kStreamKeyspace. The catalog writes it with every
// edit of its table that changes it, so it is what the table's description says; it outlives the
// stream and the table by the retention, for who has not read all of it. Part of the format, see
// docs/internals/formats.md.

#ifndef GRAMME_TABLE_CHANGE_LOG_STREAM_RECORD_H_
#define GRAMME_TABLE_CHANGE_LOG_STREAM_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/function_ref.h"
#include "base/status.h"
#include "model/table_description.h"
#include "storage/store.h"
#include "storage/write_batch.h"

namespace gramme {

struct StreamRecord {
  std::string table_name;
  std::string table_id;  // UUID
  KeySchema key_schema;
  std::uint64_t log_keyspace = 0;
  StreamDescription stream;
  std::vector<LogShard> shards;  // of this stream, in the order of their numbers

  // nullptr where there is none of that number.
  const LogShard* FindShard(std::uint32_t number) const;
};

std::string EncodeStreamRecord(const StreamRecord& record);
// Errors: kCorruption.
StoreResult<StreamRecord> DecodeStreamRecord(std::string_view bytes);

// A table name has no '/', so streams stand in the order of table names, then of labels.
Key StreamKey(std::string_view table_name, std::string_view label);
// All, or those of one table.
KeyRange StreamRange();
KeyRange StreamRange(std::string_view table_name);

// Appends the record of the table's stream where the edit from `before` (absent: the table is new)
// to `after` changes it.
void AppendStreamRecord(const TableDescription* before, const TableDescription& after,
                        WriteBatch& batch);

// Calls `visit` for each stream there is, with the name of its table, and its record or what is
// wrong with that. Errors: the store's.
using StreamVisitor = FunctionRef<void(std::string_view table_name, StoreResult<StreamRecord>)>;
StoreResult<void> ForEachStream(Store& store, StreamVisitor visit);

// Nothing where there is no such stream. Durable. Errors: the store's, kCorruption.
StoreResult<std::optional<StreamRecord>> FindStream(Store& store, std::string_view table_name,
                                                    std::string_view label);
// The streams of all tables, or of one, in order, those after (table name, label) `after`; at most
// `count_max`. Errors: as FindStream.
struct StreamName {
  std::string table_name;
  std::string label;
};
struct StreamListing {
  std::optional<std::string> table_name;
  std::optional<StreamName> after;
  std::size_t count_max = SIZE_MAX;
};
StoreResult<std::vector<StreamRecord>> ListStreamRecords(Store& store,
                                                         const StreamListing& listing);

// The stream after which the next one of a table of this name comes: the last there is, ended by
// `now` whatever became of its table. Errors: as FindStream.
StoreResult<std::optional<StreamDescription>> FormerStream(Store& store,
                                                           const std::string& table_name,
                                                           WallTime now);

}  // namespace gramme

#endif  // GRAMME_TABLE_CHANGE_LOG_STREAM_RECORD_H_
