// What is in the records of a stream, and where iterators lead.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "api/batch/batch_write_item.h"
#include "api/stream/list_streams.h"
#include "api/stream/testing/stream_fixture.h"
#include "api/transaction/transact_write_items.h"
#include "encoding/item_encoding.h"
#include "table/change_log/change_record.h"

namespace gramme {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kTrimmed =
    "The operation attempted to read past the oldest stream record in a shard.";

TEST_F(StreamTest, ARecordTellsWhatChanged) {
  const std::string arn = Enable();
  Wait(std::chrono::milliseconds(2500));
  Put(KeyOf(1), 1);
  Put(KeyOf(1), 2);
  Delete(KeyOf(1));
  const std::vector<RecordShape> records = All(arn);
  ASSERT_THAT(Summaries(records), ElementsAre("INSERT 1", "MODIFY 1", "REMOVE 1"));
  Item one = KeyOf(1);
  one["A"] = N(1);
  Item two = KeyOf(1);
  two["A"] = N(2);
  EXPECT_EQ(records[0].dynamodb.keys, KeyOf(1));
  EXPECT_FALSE(records[0].dynamodb.old_image);
  EXPECT_EQ(*records[0].dynamodb.new_image, one);
  EXPECT_EQ(*records[1].dynamodb.old_image, one);
  EXPECT_EQ(*records[1].dynamodb.new_image, two);
  EXPECT_EQ(*records[2].dynamodb.old_image, two);
  EXPECT_FALSE(records[2].dynamodb.new_image);
  const RecordShape& first = records[0];
  EXPECT_EQ(first.event_id.size(), 32U);
  EXPECT_NE(first.event_id, records[1].event_id);
  EXPECT_EQ(first.event_id, All(arn)[0].event_id);
  EXPECT_EQ(first.event_version, "1.1");
  EXPECT_EQ(first.event_source, "aws:dynamodb");
  EXPECT_EQ(first.aws_region, "us-east-1");
  EXPECT_FALSE(first.user_identity);
  EXPECT_EQ(first.dynamodb.stream_view_type, StreamViewType::kNewAndOldImages);
  EXPECT_EQ(first.dynamodb.approximate_creation_time.time_since_epoch() % std::chrono::seconds(1),
            Duration(0));
  EXPECT_EQ(static_cast<std::size_t>(first.dynamodb.size_bytes),
            ItemSizeBytes(KeyOf(1)) + ItemSizeBytes(one));
  EXPECT_LT(first.dynamodb.sequence_number, records[1].dynamodb.sequence_number);
}

TEST_F(StreamTest, AViewTypeShowsItsImages) {
  struct Case {
    StreamViewType type;
    bool has_old;
    bool has_new;
  };
  std::int64_t a = 0;
  for (const Case& c :
       {Case{StreamViewType::kKeysOnly, false, false}, Case{StreamViewType::kNewImage, false, true},
        Case{StreamViewType::kOldImage, true, false},
        Case{StreamViewType::kNewAndOldImages, true, true}}) {
    Put(KeyOf(1), ++a);
    const std::string arn = Enable(c.type);
    Put(KeyOf(1), ++a);
    Delete(KeyOf(1));
    Put(KeyOf(1), ++a);
    const std::vector<RecordShape> records = All(arn);
    ASSERT_THAT(Summaries(records), ElementsAre("MODIFY 1", "REMOVE 1", "INSERT 1"));
    EXPECT_EQ(records[0].dynamodb.old_image.has_value(), c.has_old);
    EXPECT_EQ(records[0].dynamodb.new_image.has_value(), c.has_new);
    EXPECT_EQ(records[1].dynamodb.old_image.has_value(), c.has_old);
    EXPECT_FALSE(records[1].dynamodb.new_image);
    EXPECT_FALSE(records[2].dynamodb.old_image);
    EXPECT_EQ(records[2].dynamodb.new_image.has_value(), c.has_new);
    for (const RecordShape& record : records) {
      EXPECT_EQ(record.dynamodb.keys, KeyOf(1));
      EXPECT_EQ(record.dynamodb.stream_view_type, c.type);
    }
    EXPECT_EQ(Described(arn).stream_view_type, c.type);
    Disable();
  }
}

TEST_F(StreamTest, WhatChangesNothingMakesNoRecord) {
  Put(KeyOf(1), 1);
  const std::string arn = Enable();
  Put(KeyOf(1), 1);
  Set(KeyOf(1), 1);
  Delete(KeyOf(2));
  EXPECT_THAT(All(arn), IsEmpty());
  Set(KeyOf(1), 2);
  EXPECT_THAT(Summaries(All(arn)), ElementsAre("MODIFY 1"));
}

TEST_F(StreamTest, ATransactionsRecordsComeInTheOrderOfItsActions) {
  const std::string arn = Enable();
  Put(KeyOf(2), 1);
  TransactWriteItemsRequest request;
  PutShape put;
  put.table_name = "Things";
  put.item = KeyOf(3);
  DeleteShape deletion;
  deletion.table_name = "Things";
  deletion.key = KeyOf(2);
  PutShape last;
  last.table_name = "Things";
  last.item = KeyOf(1);
  request.transact_items.resize(3);
  request.transact_items[0].put = put;
  request.transact_items[1].deletion = deletion;
  request.transact_items[2].put = last;
  const auto written = world_.Call<TransactWriteItems>(request);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_THAT(Summaries(All(arn)), ElementsAre("INSERT 2", "INSERT 3", "REMOVE 2", "INSERT 1"));
}

TEST_F(StreamTest, ABatchMakesARecordOfEachWrite) {
  const std::string arn = Enable();
  BatchWriteItemRequest request;
  for (int r = 1; r <= 3; ++r) {
    request.request_items["Things"].push_back(
        {.put_request = PutRequest{KeyOf(r)}, .delete_request = {}});
  }
  ASSERT_TRUE(world_.Call<BatchWriteItem>(request));
  EXPECT_THAT(Summaries(All(arn)),
              testing::UnorderedElementsAre("INSERT 1", "INSERT 2", "INSERT 3"));
}

TEST_F(StreamTest, IteratorsBeginWhereTheyAreAskedTo) {
  const std::string arn = Enable();
  const std::string shard = ShardOf(arn);
  for (int r = 1; r <= 3; ++r) Put(KeyOf(r));
  const std::string second = All(arn)[1].dynamodb.sequence_number;
  const auto at = [&](ShardIteratorType type, std::optional<std::string> number) {
    return Summaries(Read(Iterator(arn, shard, type, std::move(number))).records);
  };
  EXPECT_THAT(at(ShardIteratorType::kTrimHorizon, {}),
              ElementsAre("INSERT 1", "INSERT 2", "INSERT 3"));
  EXPECT_THAT(at(ShardIteratorType::kAtSequenceNumber, second),
              ElementsAre("INSERT 2", "INSERT 3"));
  EXPECT_THAT(at(ShardIteratorType::kAfterSequenceNumber, second), ElementsAre("INSERT 3"));
  const std::string start = Described(arn).shards[0].sequence_number_range.starting_sequence_number;
  EXPECT_EQ(at(ShardIteratorType::kAtSequenceNumber, start).size(), 3U);
  EXPECT_EQ(at(ShardIteratorType::kAfterSequenceNumber, start).size(), 3U);
  const std::string latest = Iterator(arn, shard, ShardIteratorType::kLatest);
  EXPECT_THAT(Read(latest).records, IsEmpty());
  Delete(KeyOf(1));
  EXPECT_THAT(Summaries(Read(latest).records), ElementsAre("REMOVE 1"));
}

TEST_F(StreamTest, AnIteratorNeedsASequenceNumberOfItsShard) {
  const std::string arn = Enable();
  Put(KeyOf(1));
  GetShardIteratorRequest request = {.stream_arn = arn,
                                     .shard_id = ShardOf(arn),
                                     .shard_iterator_type = ShardIteratorType::kAtSequenceNumber,
                                     .sequence_number = std::string(40, '9')};
  EXPECT_EQ(world_.ProblemOf<GetShardIterator>(request), "Invalid SequenceNumber");
  request.sequence_number = std::string(21, 'x');
  EXPECT_EQ(world_.ProblemOf<GetShardIterator>(request), "Invalid SequenceNumber");
  request.shard_id.back() = 'f';
  request.sequence_number = All(arn)[0].dynamodb.sequence_number;
  EXPECT_EQ(world_.ProblemOf<GetShardIterator>(request),
            "Requested resource not found: Shard: " + request.shard_id + " not found");
}

TEST_F(StreamTest, PagesNeitherRepeatNorLose) {
  const std::string arn = Enable(StreamViewType::kKeysOnly);
  for (int i = 0; i < 25; ++i) Put(KeyOf(1 + i % 3), i);
  std::vector<std::string> numbers;
  std::string iterator = Iterator(arn, ShardOf(arn));
  for (std::int64_t limit = 1; numbers.size() < 25; limit = limit % 4 + 1) {
    const GetRecordsResponse page = Read(iterator, limit);
    ASSERT_LE(page.records.size(), static_cast<std::size_t>(limit));
    ASSERT_FALSE(page.records.empty());
    for (const RecordShape& record : page.records) {
      numbers.push_back(record.dynamodb.sequence_number);
    }
    iterator = *page.next_shard_iterator;
  }
  EXPECT_TRUE(std::ranges::is_sorted(numbers));
  EXPECT_EQ(std::ranges::adjacent_find(numbers), numbers.end());
  // An open shard goes on.
  EXPECT_TRUE(Read(iterator).next_shard_iterator);
}

TEST_F(StreamTest, ARemovalByTheServiceSaysSo) {
  const std::string arn = Enable(StreamViewType::kOldImage);
  const TableRef table = world_.items().catalog().view()->Find("Things");
  const std::string before = EncodeItem(KeyOf(1));
  const LoggedChange change = {.table = *table,
                               .placement = 5,
                               .before = before,
                               .after = {},
                               .cause = ChangeCause::kTimeToLive};
  const std::array keys = {
      Key{.keyspace = table->keyspace(), .placement = change.placement, .bytes = "key"}};
  ASSERT_TRUE(world_.items().store().Update(
      keys, {}, {}, [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> {
        WriteBatch batch;
        batch.Delete(keys[0]);
        AppendChangeRecord(change, batch);
        return batch;
      }));
  const std::vector<RecordShape> records = All(arn);
  ASSERT_THAT(Summaries(records), ElementsAre("REMOVE 1"));
  ASSERT_TRUE(records[0].user_identity);
  EXPECT_EQ(records[0].user_identity->principal_id, "dynamodb.amazonaws.com");
  EXPECT_EQ(records[0].user_identity->type, "Service");
}

TEST_F(StreamTest, PagesHaveALimit) {
  const std::string arn = Enable();
  const std::string iterator = Iterator(arn, ShardOf(arn));
  EXPECT_EQ(world_.ProblemOf<ListStreams>({.limit = 100}), "");
  EXPECT_EQ(world_.ProblemOf<DescribeStream>({.stream_arn = arn, .limit = 100}), "");
  EXPECT_EQ(world_.ProblemOf<GetRecords>({.shard_iterator = iterator, .limit = 1000}), "");
  constexpr std::string_view kProblem =
      "One or more parameter values were invalid: Limit should be less than or equal to 100";
  EXPECT_EQ(world_.ProblemOf<ListStreams>({.limit = 101}), kProblem);
  EXPECT_EQ(world_.ProblemOf<DescribeStream>({.stream_arn = arn, .limit = 101}), kProblem);
  EXPECT_EQ(world_.ProblemOf<GetRecords>({.shard_iterator = iterator, .limit = 1001}),
            std::string(kProblem) + "0");
}

TEST_F(StreamTest, APageHoldsOneMegabyte) {
  const std::string arn = Enable();
  for (int i = 0; i < 4; ++i) {
    Item item = KeyOf(i);
    item["Text"] = S(std::string(350'000, 'x'));
    Put(std::move(item));
  }
  const GetRecordsResponse page = Read(Iterator(arn, ShardOf(arn)));
  EXPECT_EQ(page.records.size(), 2U);
  EXPECT_EQ(Read(*page.next_shard_iterator).records.size(), 2U);
}

TEST_F(StreamTest, AnIteratorLivesFifteenMinutes) {
  const std::string arn = Enable();
  const std::string iterator = Iterator(arn, ShardOf(arn));
  Wait(kShardIteratorLifetime);
  EXPECT_TRUE(world_.Call<GetRecords>({.shard_iterator = iterator}));
  Wait(Duration(1));
  const auto late = world_.Call<GetRecords>({.shard_iterator = iterator});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kExpiredIteratorException);
  EXPECT_EQ(late.error().message,
            "Iterator expired. The iterator was created at time Tue Nov 14 22:13:20 UTC 2023 while "
            "right now it is Tue Nov 14 22:28:20 UTC 2023 which is further in the future than the "
            "tolerated delay of 900000 milliseconds.");
}

TEST_F(StreamTest, WhoComesTooLateIsTold) {
  const std::string arn = Enable();
  const std::string shard = ShardOf(arn);
  const std::string early = Iterator(arn, shard);
  Put(KeyOf(1));
  Put(KeyOf(2));
  const std::vector<RecordShape> lost = All(arn);
  Wait(std::chrono::minutes(10));
  Put(KeyOf(3));
  Trim(arn, world_.items().clock().WallNow() - std::chrono::minutes(5));
  const auto read = world_.Call<GetRecords>({.shard_iterator = early});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kTrimmedDataAccessException);
  EXPECT_EQ(read.error().message, kTrimmed);
  GetShardIteratorRequest request = {.stream_arn = arn,
                                     .shard_id = shard,
                                     .shard_iterator_type = ShardIteratorType::kAtSequenceNumber,
                                     .sequence_number = lost[1].dynamodb.sequence_number};
  EXPECT_EQ(world_.ProblemOf<GetShardIterator>(request), kTrimmed);
  request.shard_iterator_type = ShardIteratorType::kAfterSequenceNumber;
  request.sequence_number = lost[0].dynamodb.sequence_number;
  EXPECT_EQ(world_.ProblemOf<GetShardIterator>(request), kTrimmed);
  // Nothing was missed after the last one that is gone.
  EXPECT_THAT(Summaries(Read(Iterator(arn, shard, ShardIteratorType::kAfterSequenceNumber,
                                      lost[1].dynamodb.sequence_number))
                            .records),
              ElementsAre("INSERT 3"));
  EXPECT_THAT(Summaries(All(arn)), ElementsAre("INSERT 3"));
}

TEST_F(StreamTest, IteratorsAreNotToBeMadeUp) {
  const std::string arn = Enable();
  const std::string iterator = Iterator(arn, ShardOf(arn));
  EXPECT_EQ(world_.ProblemOf<GetRecords>({.shard_iterator = "x"}), "Invalid ShardIterator");
  std::string other_table = iterator;
  other_table.replace(other_table.find("Things"), 6, "Thongs");
  EXPECT_EQ(world_.ProblemOf<GetRecords>({.shard_iterator = other_table}), "Invalid ShardIterator");
  const auto decoded = DecodeShardIterator(iterator);
  const std::string absent = EncodeShardIterator(
      {.stream_arn = arn, .shard_number = 77, .position = {}, .issue_time = decoded->issue_time});
  EXPECT_EQ(world_.ProblemOf<GetRecords>({.shard_iterator = absent}),
            "Invalid ShardId in ShardIterator");
  const std::string stream = arn.substr(0, arn.size() - 1) + "x";
  EXPECT_EQ(world_.ProblemOf<GetRecords>(
                {.shard_iterator = EncodeShardIterator({.stream_arn = stream,
                                                        .shard_number = 1,
                                                        .position = {},
                                                        .issue_time = decoded->issue_time})}),
            "Requested resource not found: Stream: " + stream + " not found");
}

}  // namespace
}  // namespace gramme
