// Streams of a table: enabling and disabling them, their shards, and which there are.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "api/stream/list_streams.h"
#include "api/stream/testing/stream_fixture.h"
#include "api/stream/update_stream_shard_count.h"
#include "api/table/create_table.h"
#include "api/table/delete_table.h"
#include "api/table/describe_table.h"
#include "table/change_log/log_sweep.h"

namespace gramme {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(StreamTest, ADisabledStreamIsReadToItsEnd) {
  const std::string arn = Enable();
  Put(KeyOf(1));
  Disable();
  Put(KeyOf(2));
  const StreamDescriptionShape stream = Described(arn);
  EXPECT_EQ(stream.stream_status, StreamStatus::kDisabled);
  const GetRecordsResponse page = Read(Iterator(arn, ShardOf(arn)));
  EXPECT_THAT(Summaries(page.records), ElementsAre("INSERT 1"));
  EXPECT_FALSE(page.next_shard_iterator);
  EXPECT_EQ(stream.shards[0].sequence_number_range.ending_sequence_number,
            page.records[0].dynamodb.sequence_number);
  const auto table = world_.Call<DescribeTable>({.table_name = "Things"})->table;
  EXPECT_FALSE(table.stream_specification);
  EXPECT_EQ(table.latest_stream_arn, arn);
  EXPECT_TRUE(arn.ends_with("/stream/" + *table.latest_stream_label));
}

TEST_F(StreamTest, EachStreamOfATableHasALabelOfItsOwn) {
  const std::string first = Enable(StreamViewType::kNewImage);
  Put(KeyOf(1));
  Disable();
  const std::string second = Enable(StreamViewType::kOldImage);
  EXPECT_LT(first, second);
  Put(KeyOf(2));
  EXPECT_THAT(Summaries(All(first)), ElementsAre("INSERT 1"));
  EXPECT_THAT(Summaries(All(second)), ElementsAre("INSERT 2"));
  EXPECT_EQ(Described(first).stream_view_type, StreamViewType::kNewImage);
  EXPECT_EQ(world_.ProblemOf<GetShardIterator>({.stream_arn = second, .shard_id = ShardOf(first)}),
            "Requested resource not found: Shard: " + ShardOf(first) + " not found");
}

TEST_F(StreamTest, AStreamOutlivesItsTableAndTheNextOfThatName) {
  CreateTableRequest request = {
      .table_name = "Short",
      .attribute_definitions = {{{.attribute_name = "K"}}},
      .key_schema = KeySchema{{.attribute_name = "K"}},
      .billing_mode = BillingMode::kPayPerRequest,
      .stream_specification = StreamSpecification{.stream_enabled = true,
                                                  .stream_view_type = StreamViewType::kKeysOnly}};
  const auto created = world_.Call<CreateTable>(request);
  ASSERT_TRUE(created) << created.error().message;
  EXPECT_TRUE(created->table_description.stream_specification->stream_enabled);
  const std::string first = *created->table_description.latest_stream_arn;
  PutItemRequest put;
  put.table_name = "Short";
  put.item = {{"K", S("k")}};
  ASSERT_TRUE(world_.Call<PutItem>(put));
  ASSERT_TRUE(world_.Call<DeleteTable>({.table_name = "Short"}));
  const auto again = world_.Call<CreateTable>(request);
  ASSERT_TRUE(again) << again.error().message;
  const std::string second = *again->table_description.latest_stream_arn;
  EXPECT_LT(first, second);
  EXPECT_EQ(Described(first).stream_status, StreamStatus::kDisabled);
  const GetRecordsResponse page = Read(Iterator(first, ShardOf(first)));
  EXPECT_EQ(page.records.size(), 1U);
  EXPECT_FALSE(page.next_shard_iterator);
  EXPECT_EQ(Described(second).stream_status, StreamStatus::kEnabled);
  EXPECT_THAT(All(second), IsEmpty());
}

TEST_F(StreamTest, SplitShardsHandOverToTheirChildren) {
  const std::string arn = Enable(StreamViewType::kKeysOnly);
  const std::string parent = ShardOf(arn);
  for (int i = 0; i < 16; ++i) Put(KeyOf(1, "p" + std::to_string(i)), 1);
  const auto split = world_.Call<UpdateStreamShardCount>({.stream_arn = arn, .shard_count = 4});
  ASSERT_TRUE(split) << split.error().message;
  EXPECT_EQ(split->open_shards.size(), 4U);
  for (int a = 2; a < 5; ++a) {
    for (int i = 0; i < 16; ++i) Put(KeyOf(1, "p" + std::to_string(i)), a);
  }
  // Parents before children, a consumer sees each item's changes in order.
  std::map<std::string, int> seen;
  std::size_t count = 0;
  const StreamDescriptionShape stream = Described(arn);
  ASSERT_EQ(stream.shards.size(), 7U);
  for (const ShardShape& shard : stream.shards) {
    const GetRecordsResponse page = Read(Iterator(arn, shard.shard_id));
    const bool is_open = !shard.sequence_number_range.ending_sequence_number;
    EXPECT_EQ(page.next_shard_iterator.has_value(), is_open);
    EXPECT_EQ(shard.parent_shard_id.has_value(), shard.shard_id != parent);
    for (const RecordShape& record : page.records) {
      const std::string p = record.dynamodb.keys.at("P").get<std::string>();
      EXPECT_EQ(record.event_name, ++seen[p] == 1 ? ChangeKind::kInsert : ChangeKind::kModify);
      EXPECT_GE(record.dynamodb.sequence_number,
                shard.sequence_number_range.starting_sequence_number);
      ++count;
    }
  }
  EXPECT_EQ(count, 64U);
  const auto children = world_.Call<DescribeStream>(
      {.stream_arn = arn,
       .shard_filter = ShardFilter{.type = ShardFilterType::kChildShards, .shard_id = parent}});
  ASSERT_TRUE(children);
  ASSERT_EQ(children->stream_description.shards.size(), 2U);
  EXPECT_EQ(children->stream_description.shards[0].parent_shard_id, parent);
  EXPECT_THAT(world_.ProblemOf<UpdateStreamShardCount>({.stream_arn = arn, .shard_count = 6}),
              HasSubstr("can only be doubled"));
  EXPECT_THAT(world_.ProblemOf<UpdateStreamShardCount>({.stream_arn = arn, .shard_count = 512}),
              HasSubstr("at most 256"));
  Disable();
  EXPECT_EQ(world_.ProblemOf<UpdateStreamShardCount>({.stream_arn = arn, .shard_count = 8}),
            "Table has no enabled stream: TableName: Things");
  Enable();
  EXPECT_EQ(world_.ProblemOf<UpdateStreamShardCount>({.stream_arn = arn, .shard_count = 8}),
            "The stream is not enabled: " + arn);
}

TEST_F(StreamTest, ShardsAreDescribedPageByPage) {
  const std::string arn = Enable();
  ASSERT_TRUE(world_.Call<UpdateStreamShardCount>({.stream_arn = arn, .shard_count = 4}));
  std::vector<std::string> ids;
  std::optional<std::string> start;
  do {
    const auto page = world_.Call<DescribeStream>(
        {.stream_arn = arn, .limit = 3, .exclusive_start_shard_id = start});
    ASSERT_TRUE(page);
    for (const ShardShape& shard : page->stream_description.shards) ids.push_back(shard.shard_id);
    start = page->stream_description.last_evaluated_shard_id;
  } while (start);
  EXPECT_EQ(ids.size(), 7U);
  EXPECT_TRUE(std::ranges::is_sorted(ids));
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

TEST_F(StreamTest, StreamsAreListedPageByPage) {
  std::vector<std::string> arns;
  for (int i = 0; i < 5; ++i) {
    arns.push_back(Enable());
    Disable();
  }
  std::vector<std::string> listed;
  std::optional<std::string> start;
  do {
    const auto page = world_.Call<ListStreams>(
        {.table_name = "Things", .limit = 2, .exclusive_start_stream_arn = start});
    ASSERT_TRUE(page);
    for (const StreamShape& stream : page->streams) listed.push_back(stream.stream_arn);
    start = page->last_evaluated_stream_arn;
  } while (start);
  EXPECT_EQ(listed, arns);
  EXPECT_EQ(world_.Call<ListStreams>({})->streams.size(), 5U);
  EXPECT_THAT(world_.Call<ListStreams>({.table_name = "Others"})->streams, IsEmpty());
}

TEST_F(StreamTest, OnlyAStreamsOwnArnNamesIt) {
  const std::string arn = Enable();
  std::string region = arn;
  region.replace(region.find("us-east-1"), 9, "us-west-2");
  EXPECT_EQ(world_.ProblemOf<DescribeStream>({.stream_arn = region}),
            "Requested resource not found: Stream: " + region + " not found");
  EXPECT_EQ(world_.ProblemOf<DescribeStream>(
                {.stream_arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Things"}),
            "Invalid StreamArn");
}

// Whether or not its log has been dropped by then, nobody is shown an end that is none.
TEST_F(StreamTest, ADisabledStreamIsGoneAfterTheRetention) {
  const std::string arn = Enable();
  Put(KeyOf(1));
  Disable();
  Wait(kStreamRetention);
  EXPECT_EQ(Described(arn).stream_status, StreamStatus::kDisabled);
  const std::string late = Iterator(arn, ShardOf(arn));
  Wait(std::chrono::seconds(1));
  const std::string not_found = "Requested resource not found: Stream: " + arn + " not found";
  EXPECT_EQ(world_.ProblemOf<DescribeStream>({.stream_arn = arn}), not_found);
  EXPECT_EQ(world_.ProblemOf<GetRecords>({.shard_iterator = late}), not_found);
}

TEST_F(StreamTest, ATableHasOneStreamAtATime) {
  Enable();
  EXPECT_EQ(world_.ProblemOf<UpdateTable>(
                {.table_name = "Things",
                 .stream_specification =
                     StreamSpecification{.stream_enabled = true,
                                         .stream_view_type = StreamViewType::kKeysOnly}}),
            "Table already has an enabled stream: TableName: Things");
  Disable();
  EXPECT_EQ(world_.ProblemOf<UpdateTable>(
                {.table_name = "Things",
                 .stream_specification = StreamSpecification{.stream_enabled = false}}),
            "Table has no stream to disable: TableName: Things");
}

}  // namespace
}  // namespace gramme
