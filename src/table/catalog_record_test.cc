#include "table/catalog_record.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "encoding/record.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

WallTime Seconds(std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); }

TableDescription Smallest() {
  TableDescription table;
  table.name = "Music";
  table.id = "6f1c2d1e-0000-4000-8000-000000000001";
  table.number = table.keyspace = 64;
  table.generation = 1;
  table.status = TableStatus::kActive;
  table.creation_time = Seconds(1'700'000'000);
  table.key_schema = {{.attribute_name = "Artist"}};
  table.attribute_definitions = {{.attribute_name = "Artist"}};
  table.provisioned_throughput = {.read_capacity_units = 5, .write_capacity_units = 6};
  return table;
}

// Every member has a value of its own.
TableDescription Whole() {
  TableDescription table = Smallest();
  table.generation = UINT64_MAX;
  table.status = TableStatus::kUpdating;
  table.key_schema.push_back({.attribute_name = "Song", .key_type = KeyType::kRange});
  table.attribute_definitions = {
      {.attribute_name = "Artist", .attribute_type = AttributeType::kBinary},
      {.attribute_name = "Song", .attribute_type = AttributeType::kNumber}};
  IndexDescription local = {
      .name = "by-year",
      .key_schema = table.key_schema,
      .projection = {.type = ProjectionType::kInclude, .non_key_attributes = {"a", "b"}},
      .keyspace = 65};
  IndexDescription global = {
      .name = "by-song",
      .key_schema = {{.attribute_name = "Song"}},
      .projection = {.type = ProjectionType::kKeysOnly},
      .is_global = true,
      .status = IndexStatus::kCreating,
      .backfilling = true,
      .provisioned_throughput = {.read_capacity_units = 1, .write_capacity_units = 2},
      .throughput_history = {.last_increase = Seconds(1),
                             .last_decrease = Seconds(2),
                             .decreases_today = 3},
      .on_demand_throughput =
          OnDemandThroughput{.max_read_request_units = -1, .max_write_request_units = 9},
      .keyspace = 66};
  table.indexes = {local, global};
  table.billing_mode = BillingMode::kPayPerRequest;
  table.last_update_to_pay_per_request = Seconds(1'600'000'000);
  table.billing_mode_given = true;
  table.throughput_history = {.last_increase = Seconds(4), .decreases_today = 27};
  table.on_demand_throughput = OnDemandThroughput{.max_read_request_units = 40'000};
  table.deletion_protection_enabled = true;
  table.tags = {{"team", "a"}, {"", ""}};
  table.restore_summary = RestoreSummary{.source_backup_arn = "b",
                                         .source_table_arn = "t",
                                         .restore_time = Seconds(1'500'000'000),
                                         .restore_in_progress = false};
  table.change_log = ChangeLogDescription{
      .keyspace = 67,
      .next_shard = 3,
      .shards = {{.number = 1, .creation_time = Seconds(5), .closing_time = Seconds(6)},
                 {.number = 2,
                  .parent = 1,
                  .placement_first = 1,
                  .placement_last = UINT64_MAX - 1,
                  .creation_time = Seconds(6),
                  .closing_time = {}}},
      .keeps_old_images = true,
      .keeps_new_images = true};
  table.stream = StreamDescription{.label = "2026-11-21T00:00:00.000",
                                   .view_type = StreamViewType::kNewAndOldImages,
                                   .creation_time = Seconds(5),
                                   .disabling_time = Seconds(7),
                                   .first_shard = 2,
                                   .end_shard = 5};
  table.time_to_live = TimeToLiveDescription{.attribute_name = "expires",
                                             .status = TimeToLiveStatus::kDisabling,
                                             .keyspace = 68,
                                             .last_change_time = Seconds(8)};
  table.point_in_time_recovery =
      PointInTimeRecovery{.period_days = 34, .enabling_time = Seconds(9), .log_start = Seconds(10)};
  return table;
}

// As version 2 had it.
TableDescription WithoutRecovery(TableDescription table) {
  if (table.stream) table.stream->end_shard.reset();
  table.point_in_time_recovery.reset();
  return table;
}

// As version 1 had it.
TableDescription WithoutLogs(TableDescription table) {
  table.change_log.reset();
  table.stream.reset();
  table.time_to_live.reset();
  table.point_in_time_recovery.reset();
  return table;
}

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string ToHex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

// Lines of `name hex`; tests/golden/ says how they are kept.
TEST(CatalogRecordTest, BytesAreThoseOfTheFormat) {
  std::ifstream in(GRAMME_SOURCE_DIR "/tests/golden/catalog.txt");
  ASSERT_TRUE(in.is_open());
  std::map<std::string, std::string> golden;
  for (std::string name, hex; in >> name;) {
    if (name.starts_with('#')) {
      std::getline(in, hex);
    } else {
      in >> hex;
      golden[name] = hex;
    }
  }
  EXPECT_EQ(golden["smallest"], ToHex(EncodeTableDescription(Smallest())));
  EXPECT_EQ(golden["whole"], ToHex(EncodeTableDescription(Whole())));
  for (const auto& [name, table] : {std::pair("smallest-1", Smallest()),
                                    {"whole-1", WithoutLogs(Whole())},
                                    {"smallest-2", Smallest()},
                                    {"whole-2", WithoutRecovery(Whole())}}) {
    const auto decoded = DecodeTableDescription(FromHex(golden[name]));
    ASSERT_TRUE(decoded) << name;
    EXPECT_EQ(EncodeTableDescription(*decoded), EncodeTableDescription(table)) << name;
  }
}

TEST(CatalogRecordTest, KeepsEveryMember) {
  const auto decoded = DecodeTableDescription(EncodeTableDescription(Whole()));
  ASSERT_TRUE(decoded);
  const TableDescription wanted = Whole();
  EXPECT_EQ(decoded->id, wanted.id);
  EXPECT_EQ(decoded->generation, wanted.generation);
  EXPECT_EQ(decoded->status, wanted.status);
  EXPECT_EQ(decoded->creation_time, wanted.creation_time);
  EXPECT_EQ(decoded->key_schema, wanted.key_schema);
  EXPECT_EQ(decoded->attribute_definitions, wanted.attribute_definitions);
  ASSERT_EQ(decoded->indexes.size(), 2U);
  EXPECT_EQ(decoded->indexes[0].projection, wanted.indexes[0].projection);
  EXPECT_EQ(decoded->indexes[1].status, IndexStatus::kCreating);
  EXPECT_EQ(decoded->indexes[1].throughput_history.decreases_today, 3);
  EXPECT_EQ(decoded->indexes[1].on_demand_throughput, wanted.indexes[1].on_demand_throughput);
  EXPECT_EQ(decoded->indexes[1].keyspace, 66U);
  EXPECT_EQ(decoded->on_demand_throughput, wanted.on_demand_throughput);
  EXPECT_EQ(decoded->tags, wanted.tags);
  ASSERT_TRUE(decoded->restore_summary);
  EXPECT_FALSE(decoded->restore_summary->restore_in_progress);
  EXPECT_EQ(EncodeTableDescription(*decoded), EncodeTableDescription(wanted));
  EXPECT_EQ(decoded->change_log, wanted.change_log);
  EXPECT_EQ(decoded->stream, wanted.stream);
  EXPECT_EQ(decoded->time_to_live, wanted.time_to_live);
  EXPECT_EQ(decoded->point_in_time_recovery, wanted.point_in_time_recovery);
}

TableDescription RandomDescription(Random& random) {
  const auto text = [&] { return RandomBytes(random, 20); };
  TableDescription table = random.OneIn(2) ? Whole() : Smallest();
  table.name = text();
  table.number = random.Next64();
  table.keyspace = random.Next64();
  table.generation = random.Next64();
  table.status = static_cast<TableStatus>(random.Below(4));
  table.creation_time = WallTime(Duration(static_cast<std::int64_t>(random.Next64() >> 1)));
  table.billing_mode = static_cast<BillingMode>(random.Below(2));
  table.provisioned_throughput.read_capacity_units = static_cast<std::int64_t>(random.Next64());
  table.tags.clear();
  for (std::uint64_t i = random.Below(5); i > 0; --i) table.tags[text()] = text();
  for (std::uint64_t i = random.Below(4); i > 0; --i) {
    IndexDescription index;
    index.name = text();
    index.key_schema = {{.attribute_name = text()}};
    index.projection.type = static_cast<ProjectionType>(random.Below(3));
    for (std::uint64_t j = random.Below(4); j > 0; --j) {
      index.projection.non_key_attributes.push_back(text());
    }
    index.is_global = random.OneIn(2);
    index.status = static_cast<IndexStatus>(random.Below(4));
    index.keyspace = random.Next64();
    table.indexes.push_back(std::move(index));
  }
  if (random.OneIn(2)) table.restore_summary.reset();
  if (random.OneIn(2)) table.stream.reset();
  if (random.OneIn(2)) table.point_in_time_recovery.reset();
  return table;
}

TEST(CatalogRecordTest, RoundTripsAndRefusesDamage) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 300; ++i) {
    std::string bytes = EncodeTableDescription(RandomDescription(random));
    const auto decoded = DecodeTableDescription(bytes);
    ASSERT_TRUE(decoded);
    ASSERT_EQ(EncodeTableDescription(*decoded), bytes);
    bytes[random.Below(bytes.size())] ^= static_cast<char>(1 << random.Below(8));
    EXPECT_FALSE(DecodeTableDescription(bytes));
    bytes.resize(random.Below(bytes.size()));
    EXPECT_FALSE(DecodeTableDescription(bytes));
  }
}

// The checksum is right: a writer that had more states, or one with a bug.
TEST(CatalogRecordTest, RefusesAValueThatNoVersionHas) {
  for (const int status : {4, 255}) {
    TableDescription table = Smallest();
    table.status = static_cast<TableStatus>(status);
    const auto decoded = DecodeTableDescription(EncodeTableDescription(table));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code(), StatusCode::kCorruption);
  }
}

TEST(CatalogRecordTest, KeysOfTablesLieInTheirRange) {
  for (const std::string name : {"aaa", "Zzz", "...", "___"}) {
    const Key key = CatalogKey(name);
    EXPECT_GE(key.bytes, CatalogRange().start);
    EXPECT_LT(key.bytes, *CatalogRange().end);
  }
}

}  // namespace
}  // namespace gramme
