// A table's description: everything a request or a write needs to know about a table besides its
// items. Value types, in DynamoDB's words. The catalog keeps them; api/ renders them.

#ifndef GRAMME_MODEL_TABLE_DESCRIPTION_H_
#define GRAMME_MODEL_TABLE_DESCRIPTION_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/attribute_value.h"

namespace gramme {

enum class KeyType { kHash, kRange };

struct KeySchemaElement {
  std::string attribute_name;
  KeyType key_type = KeyType::kHash;
  friend bool operator==(const KeySchemaElement&, const KeySchemaElement&) = default;
};
// Partition key attributes first, then sort key attributes. A base table and an LSI have 1 + 0..1;
// a GSI up to 4 + 4.
using KeySchema = std::vector<KeySchemaElement>;

// The names of its attributes, in their order.
std::vector<std::string> AttributeNames(const KeySchema& schema);

// Of a key attribute: kString, kNumber or kBinary.
struct AttributeDefinition {
  std::string attribute_name;
  AttributeType attribute_type = AttributeType::kString;
  friend bool operator==(const AttributeDefinition&, const AttributeDefinition&) = default;
};

enum class ProjectionType { kAll, kKeysOnly, kInclude };

struct Projection {
  ProjectionType type = ProjectionType::kAll;
  std::vector<std::string> non_key_attributes;
  friend bool operator==(const Projection&, const Projection&) = default;
};

struct ProvisionedThroughput {
  std::int64_t read_capacity_units = 0;
  std::int64_t write_capacity_units = 0;
  friend bool operator==(const ProvisionedThroughput&, const ProvisionedThroughput&) = default;
};

// When capacity was last changed; part of the description only.
struct ThroughputHistory {
  std::optional<WallTime> last_increase;
  std::optional<WallTime> last_decrease;
  std::int64_t decreases_today = 0;
};

// -1 is "no maximum".
struct OnDemandThroughput {
  std::optional<std::int64_t> max_read_request_units;
  std::optional<std::int64_t> max_write_request_units;
  friend bool operator==(const OnDemandThroughput&, const OnDemandThroughput&) = default;
};

enum class BillingMode { kProvisioned, kPayPerRequest };
enum class TableStatus { kCreating, kUpdating, kDeleting, kActive };
enum class IndexStatus { kCreating, kUpdating, kDeleting, kActive };

std::string_view TableStatusName(TableStatus status);
std::string_view IndexStatusName(IndexStatus status);

struct IndexDescription {
  std::string name;
  KeySchema key_schema;
  Projection projection;
  bool is_global = false;
  IndexStatus status = IndexStatus::kActive;  // always kActive for an LSI
  bool backfilling = false;
  ProvisionedThroughput provisioned_throughput;  // GSI only
  ThroughputHistory throughput_history;
  std::optional<OnDemandThroughput> on_demand_throughput;
  // Where its entries live (storage keyspace), and its counters' names in the store.
  std::uint64_t keyspace = 0;
};

// What a stream shows of each change, besides the keys.
enum class StreamViewType { kKeysOnly, kNewImage, kOldImage, kNewAndOldImages };

std::string_view StreamViewTypeName(StreamViewType type);
bool ShowsOldImages(StreamViewType type);
bool ShowsNewImages(StreamViewType type);

// A part of a change log: the changes of the items in one range of placement hashes, from one edit
// of the table to another.
struct LogShard {
  std::uint32_t number = 0;             // never reused in its log
  std::optional<std::uint32_t> parent;  // whose range it took over, whole or in part
  std::uint64_t placement_first = 0;
  std::uint64_t placement_last = UINT64_MAX;
  WallTime creation_time{};
  std::optional<WallTime> closing_time;  // nothing: open, changes go there
  friend bool operator==(const LogShard&, const LogShard&) = default;
};

// A table's change log (table/change_log/). It lives as long as the table, in a keyspace of its
// own; changes are recorded while it has open shards.
struct ChangeLogDescription {
  std::uint64_t keyspace = 0;
  std::uint32_t next_shard = 1;
  std::vector<LogShard> shards;  // those that may hold records, in the order of their numbers
  bool keeps_old_images = false;
  bool keeps_new_images = false;
  friend bool operator==(const ChangeLogDescription&, const ChangeLogDescription&) = default;
};

// The latest stream of a table. Its shards are those of the log from `first_shard` on, as far as
// `end_shard`: later ones are of point-in-time recovery alone.
struct StreamDescription {
  std::string label;  // the time it was enabled, to the millisecond; unique for the table
  StreamViewType view_type = StreamViewType::kKeysOnly;
  WallTime creation_time{};
  std::optional<WallTime> disabling_time;  // nothing: enabled
  std::uint32_t first_shard = 1;
  std::optional<std::uint32_t> end_shard;  // the first that is not its own; nothing: there is none
  friend bool operator==(const StreamDescription&, const StreamDescription&) = default;
};

// Point-in-time recovery: the table can be restored as it was at any moment of the period, from a
// base backup (backup/) and the change log since. While a table has it, it has open shards that
// keep new images.
struct PointInTimeRecovery {
  std::int64_t period_days = 35;  // 1 to 35
  WallTime enabling_time{};
  // The change log is kept from here on: the instant of the oldest base backup.
  WallTime log_start{};
  friend bool operator==(const PointInTimeRecovery&, const PointInTimeRecovery&) = default;
};

enum class TimeToLiveStatus { kEnabling, kEnabled, kDisabling, kDisabled };

std::string_view TimeToLiveStatusName(TimeToLiveStatus status);

// Which attribute tells when items expire.
struct TimeToLiveDescription {
  std::string attribute_name;
  TimeToLiveStatus status = TimeToLiveStatus::kDisabled;
  // Where its index lives: an entry for each item that has the attribute as a number.
  std::uint64_t keyspace = 0;
  WallTime last_change_time{};
  friend bool operator==(const TimeToLiveDescription&, const TimeToLiveDescription&) = default;
};

struct RestoreSummary {
  std::string source_backup_arn;  // empty where the source is a moment of a table
  std::string source_table_arn;
  WallTime restore_time{};
  bool restore_in_progress = true;
};

struct TableDescription {
  std::string name;
  std::string id;                // UUID, never reused
  std::uint64_t number = 0;      // never reused; the id of its guard and counters
  std::uint64_t generation = 0;  // raised by whatever changes what a write must do
  TableStatus status = TableStatus::kCreating;
  WallTime creation_time{};
  KeySchema key_schema;
  std::vector<AttributeDefinition> attribute_definitions;
  std::vector<IndexDescription> indexes;  // LSIs and GSIs, each kind in request order
  BillingMode billing_mode = BillingMode::kProvisioned;
  std::optional<WallTime> last_update_to_pay_per_request;
  bool billing_mode_given = false;  // BillingModeSummary is described only where it was set
  ProvisionedThroughput provisioned_throughput;
  ThroughputHistory throughput_history;
  std::optional<OnDemandThroughput> on_demand_throughput;
  bool deletion_protection_enabled = false;
  std::map<std::string, std::string> tags;
  std::optional<RestoreSummary> restore_summary;
  std::uint64_t keyspace = 0;  // where its items live
  std::optional<ChangeLogDescription> change_log;
  std::optional<StreamDescription> stream;
  std::optional<TimeToLiveDescription> time_to_live;
  std::optional<PointInTimeRecovery> point_in_time_recovery;

  const IndexDescription* FindIndex(std::string_view index_name) const;
  // The key attribute's type. REQUIRES: it is defined.
  AttributeType TypeOf(std::string_view attribute_name) const;
};

// Whether a restore is still filling the table. Until it is over, DynamoDB knows the table for
// DescribeTable alone.
bool IsBeingRestored(const TableDescription& table);

}  // namespace gramme

#endif  // GRAMME_MODEL_TABLE_DESCRIPTION_H_
