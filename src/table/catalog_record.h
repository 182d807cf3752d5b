// A table's description as a stored record: the value of its key in the catalog keyspace, and the
// definitions part of a backup. Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_TABLE_CATALOG_RECORD_H_
#define GRAMME_TABLE_CATALOG_RECORD_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "encoding/record.h"
#include "model/table_description.h"
#include "storage/key.h"

namespace gramme {

std::string EncodeTableDescription(const TableDescription& description);
// Errors: kCorruption.
StoreResult<TableDescription> DecodeTableDescription(std::string_view bytes);

// Parts of a description that other records have too (table/change_log/stream_record.h).
void WriteKeySchema(const KeySchema& schema, RecordWriter& out);
KeySchema TakeKeySchema(RecordReader& in);
void WriteLogShards(const std::vector<LogShard>& shards, RecordWriter& out);
std::vector<LogShard> TakeLogShards(RecordReader& in);
void WriteStream(const StreamDescription& stream, RecordWriter& out);
StreamDescription TakeStream(RecordReader& in);

// Where the description of `table_name` is kept.
Key CatalogKey(std::string_view table_name);
// All of them.
KeyRange CatalogRange();

}  // namespace gramme

#endif  // GRAMME_TABLE_CATALOG_RECORD_H_
