// A stream of a table with point-in-time recovery, which keeps more of each change, and for longer:
// its readers see nothing of that.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/stream/testing/stream_fixture.h"
#include "api/stream/update_stream_shard_count.h"
#include "table/change_log/log_sweep.h"
#include "table/change_log/stream_edits.h"

namespace gramme {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Duration kPastRetention = kStreamRetention + std::chrono::seconds(1);

class StreamRecoveryTest : public StreamTest {
 protected:
  void SetRecovery(bool is_on) {
    Store& store = world_.items().store();
    const NewRecovery recovery = {
        .now = world_.items().clock().WallNow(),
        .log_keyspace = static_cast<std::uint64_t>(*store.CreateKeyspace()),
        .groups = store.Groups(world_.items().table()->keyspace())};
    ASSERT_TRUE(world_.items().catalog().EditTable(
        "Things",
        [&](TableDescription& table) -> Result<void> {
          is_on ? EnableRecovery(recovery, table) : DisableRecovery(recovery.now, table);
          return {};
        },
        [](WriteBatch&) {}));
  }
  LogSweep Sweep() {
    return *SweepChangeLogs(world_.items().store(), world_.items().catalog(),
                            world_.items().clock().WallNow());
  }
};

TEST_F(StreamRecoveryTest, AViewTypeShowsItsImagesAlone) {
  struct Case {
    StreamViewType type;
    bool has_old;
    bool has_new;
  };
  for (const Case& c :
       {Case{StreamViewType::kKeysOnly, false, false}, Case{StreamViewType::kNewImage, false, true},
        Case{StreamViewType::kOldImage, true, false},
        Case{StreamViewType::kNewAndOldImages, true, true}}) {
    const std::string arn = Enable(c.type);
    for (const bool is_on : {false, true, false, true}) {
      SetRecovery(is_on);
      Put(KeyOf(1), 1);
      Put(KeyOf(1), 2);
      Delete(KeyOf(1));
    }
    const std::vector<RecordShape> records = All(arn);
    ASSERT_EQ(records.size(), 12U);
    EXPECT_THAT(Summaries({records.begin(), records.begin() + 3}),
                ElementsAre("INSERT 1", "MODIFY 1", "REMOVE 1"));
    Item item = KeyOf(1);
    item["A"] = N(1);
    for (std::size_t i = 0; i < records.size(); ++i) {
      SCOPED_TRACE(i);
      const StreamRecordShape& record = records[i].dynamodb;
      const bool has_old = c.has_old && records[i].event_name != ChangeKind::kInsert;
      const bool has_new = c.has_new && records[i].event_name != ChangeKind::kRemove;
      EXPECT_EQ(record.keys, KeyOf(1));
      EXPECT_EQ(record.old_image.has_value(), has_old);
      EXPECT_EQ(record.new_image.has_value(), has_new);
      EXPECT_EQ(static_cast<std::size_t>(record.size_bytes),
                ItemSizeBytes(KeyOf(1)) +
                    (std::size_t{has_old} + std::size_t{has_new}) * ItemSizeBytes(item));
    }
    Disable();
    SetRecovery(false);
  }
}

TEST_F(StreamRecoveryTest, APageHoldsOneMegabyteOfWhatIsShown) {
  SetRecovery(true);
  const std::string arn = Enable(StreamViewType::kKeysOnly);
  for (int i = 0; i < 8; ++i) {
    Item item = KeyOf(i);
    item["Text"] = S(std::string(350'000, 'x'));
    Put(std::move(item));
  }
  EXPECT_EQ(All(arn).size(), 8U);
}

TEST_F(StreamRecoveryTest, AStreamShowsNothingFromBeforeOrAfterIt) {
  SetRecovery(true);
  Put(KeyOf(1));
  const std::string arn = Enable();
  Put(KeyOf(2));
  Disable();
  Put(KeyOf(3));
  EXPECT_EQ(Described(arn).shards.size(), 1U);
  const GetRecordsResponse page = Read(Iterator(arn, ShardOf(arn)));
  EXPECT_THAT(Summaries(page.records), ElementsAre("INSERT 2"));
  EXPECT_FALSE(page.next_shard_iterator);
}

TEST_F(StreamRecoveryTest, WhatIsOlderThanTheRetentionIsTrimmed) {
  SetRecovery(true);
  const std::string arn = Enable();
  const std::string shard = ShardOf(arn);
  Put(KeyOf(1));
  const std::string old = All(arn)[0].dynamodb.sequence_number;
  Wait(kPastRetention);
  Put(KeyOf(2));
  for (const bool is_swept : {false, true}) {
    SCOPED_TRACE(is_swept);
    if (is_swept) {
      EXPECT_EQ(Sweep().trimmed_shard_count, 0U);
    }
    EXPECT_THAT(Summaries(All(arn)), ElementsAre("INSERT 2"));
    GetShardIteratorRequest request = {.stream_arn = arn,
                                       .shard_id = shard,
                                       .shard_iterator_type = ShardIteratorType::kAtSequenceNumber,
                                       .sequence_number = old};
    const auto refused = world_.Call<GetShardIterator>(request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kTrimmedDataAccessException);
    EXPECT_THAT(
        Summaries(Read(Iterator(arn, shard, ShardIteratorType::kAfterSequenceNumber, old)).records),
        ElementsAre("INSERT 2"));
  }
  // Whoever had an iterator is told.
  Wait(kStreamRetention - std::chrono::minutes(1));
  const std::string iterator = Iterator(arn, shard);
  EXPECT_EQ(Read(iterator).records.size(), 1U);
  Wait(std::chrono::minutes(2));
  const auto late = world_.Call<GetRecords>({.shard_iterator = iterator});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kTrimmedDataAccessException);
}

TEST_F(StreamRecoveryTest, AShardThatWasClosedForLongIsNotShown) {
  SetRecovery(true);
  const std::string arn = Enable();
  Put(KeyOf(1));
  const std::string closed = ShardOf(arn);
  ASSERT_TRUE(world_.Call<UpdateStreamShardCount>({.stream_arn = arn, .shard_count = 2}));
  EXPECT_EQ(Described(arn).shards.size(), 3U);
  Wait(kStreamRetention - std::chrono::minutes(1));
  const std::string iterator = Iterator(arn, closed);
  Wait(std::chrono::minutes(2));
  const StreamDescriptionShape described = Described(arn);
  ASSERT_EQ(described.shards.size(), 2U);
  EXPECT_FALSE(described.shards[0].parent_shard_id);
  EXPECT_EQ(
      world_.ProblemOf<GetShardIterator>({.stream_arn = arn,
                                          .shard_id = closed,
                                          .shard_iterator_type = ShardIteratorType::kTrimHorizon}),
      "Requested resource not found: Shard: " + closed + " not found");
  EXPECT_EQ(world_.ProblemOf<GetRecords>({.shard_iterator = iterator}),
            "Invalid ShardId in ShardIterator");
  EXPECT_THAT(All(arn, described.shards[0].shard_id), IsEmpty());
}

TEST_F(StreamRecoveryTest, AStreamEndsThoughItsRecordsStay) {
  SetRecovery(true);
  const std::string arn = Enable();
  Put(KeyOf(1));
  Disable();
  Wait(kPastRetention);
  EXPECT_EQ(Sweep().removed_stream_count, 1U);
  EXPECT_EQ(world_.ProblemOf<DescribeStream>({.stream_arn = arn}),
            "Requested resource not found: Stream: " + arn + " not found");
  // Another one begins with what comes after it.
  const std::string second = Enable();
  Put(KeyOf(2));
  EXPECT_THAT(Summaries(All(second)), ElementsAre("INSERT 2"));
}

}  // namespace
}  // namespace gramme
