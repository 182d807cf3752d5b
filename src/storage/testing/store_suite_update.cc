// Update: reading, deciding, refusing, committing.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {

void LinkUpdateTests() {}

TEST_P(StoreSuite, UpdateShowsAnAbsentKeyAsAbsent) {
  bool was_absent = false;
  DecideOn(KeyOf("a"), [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    was_absent = values.size() == 1 && !values[0].has_value();
    return std::nullopt;
  });
  EXPECT_TRUE(was_absent);
}

TEST_P(StoreSuite, UpdateTellsAnEmptyValueFromAnAbsentKey) {
  Put(KeyOf("a"), "");
  EXPECT_EQ(ReadNewest(KeyOf("a")), "");
}

TEST_P(StoreSuite, UpdateShowsItsValuesInTheOrderOfItsKeys) {
  Put(KeyOf("a"), "1");
  Put(KeyOf("c"), "3");
  const std::vector<Key> keys = {KeyOf("c"), KeyOf("b"), KeyOf("a")};
  std::vector<std::optional<std::string>> seen;
  Decide(keys, [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    seen.assign(values.begin(), values.end());
    return std::nullopt;
  });
  EXPECT_EQ(seen, (std::vector<std::optional<std::string>>{"3", std::nullopt, "1"}));
}

TEST_P(StoreSuite, UpdateShowsAKeyGivenTwiceAtBothPlaces) {
  Put(KeyOf("a"), "1");
  const std::vector<Key> keys = {KeyOf("a"), KeyOf("b"), KeyOf("a")};
  const UpdateOutcome outcome =
      Decide(keys, [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
        if (values.size() != 3 || values[0] != "1" || values[2] != "1") return std::nullopt;
        WriteBatch batch;
        batch.Put(keys[0], "2");
        return batch;
      });
  EXPECT_TRUE(outcome.committed);
  EXPECT_EQ(ReadNewest(KeyOf("a")), "2");
}

TEST_P(StoreSuite, UpdateSeesWhatIsStillQueued) {
  for (int number = 1; number <= 100; ++number) {
    DecideOn(KeyOf("a"), [&](std::span<const CurrentValue> values) {
      WriteBatch batch;
      batch.Put(KeyOf("a"), std::string(values[0].value_or("")) + "x");
      return std::optional(std::move(batch));
    });
  }
  EXPECT_EQ(ReadNewest(KeyOf("a")), std::string(100, 'x'));
}

TEST_P(StoreSuite, UpdateSeesAQueuedDeletion) {
  PutDurably(KeyOf("a"), "1");
  Delete(KeyOf("a"));
  EXPECT_EQ(ReadNewest(KeyOf("a")), std::nullopt);
}

TEST_P(StoreSuite, UpdateSeesAQueuedPutAfterAQueuedDeletion) {
  PutDurably(KeyOf("a"), "1");
  Delete(KeyOf("a"));
  const Position last = Put(KeyOf("a"), "2").position;
  EXPECT_EQ(ReadNewest(KeyOf("a")), "2");
  Await(last);
  EXPECT_EQ(ReadDurable(KeyOf("a")), "2");
}

TEST_P(StoreSuite, RefusalHasNoEffect) {
  const Position before = PutDurably(KeyOf("a"), "1").position;
  const UpdateOutcome outcome = DecideOn(
      KeyOf("a"),
      [](std::span<const CurrentValue>) -> std::optional<WriteBatch> { return std::nullopt; });
  EXPECT_FALSE(outcome.committed);
  EXPECT_EQ(outcome.commit_time, WallTime());
  EXPECT_TRUE(Released(outcome.position).has_value());
  EXPECT_EQ(ReadDurable(KeyOf("a")), "1");
  EXPECT_LE(outcome.position.commit_number(), before.commit_number());
}

TEST_P(StoreSuite, RefusalDependsOnTheQueuedValueItRead) {
  const Position put = Put(KeyOf("a"), "1").position;
  bool has_seen = false;
  const UpdateOutcome refused =
      DecideOn(KeyOf("a"), [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
        has_seen = values[0] == "1";
        return std::nullopt;
      });
  EXPECT_TRUE(has_seen);
  // Waiting for the refusal alone makes the value durable.
  Await(refused.position);
  EXPECT_TRUE(Released(put).has_value());
  EXPECT_EQ(ReadDurable(KeyOf("a")), "1");
}

TEST_P(StoreSuite, RefusalDependsOnTheQueuedDeletionItRead) {
  PutDurably(KeyOf("a"), "1");
  Delete(KeyOf("a"));
  const UpdateOutcome refused = DecideOn(
      KeyOf("a"),
      [](std::span<const CurrentValue>) -> std::optional<WriteBatch> { return std::nullopt; });
  Await(refused.position);
  EXPECT_EQ(ReadDurable(KeyOf("a")), std::nullopt);
}

TEST_P(StoreSuite, EmptyBatchIsACommitThatChangesNothing) {
  PutDurably(KeyOf("a"), "1");
  const UpdateOutcome outcome = Write(KeyOf("a"), WriteBatch());
  EXPECT_TRUE(outcome.committed);
  Await(outcome.position);
  EXPECT_EQ(ReadDurable(KeyOf("a")), "1");
}

TEST_P(StoreSuite, BatchIsWrittenWhole) {
  WriteBatch batch;
  for (const char* const key : {"a", "b", "c"}) batch.Put(KeyOf(key), "1");
  const std::vector<Key> keys = {KeyOf("a"), KeyOf("b"), KeyOf("c")};
  const UpdateOutcome outcome =
      Decide(keys, [&](std::span<const CurrentValue>) { return std::optional(batch); });
  Await(outcome.position);
  EXPECT_EQ(ScanKeys({}), "a b c");
}

TEST_P(StoreSuite, BatchReachesKeysThatAKeyOfTheUpdateOwns) {
  const KeyspaceId index = NewKeyspace();
  WriteBatch batch;
  batch.Put(KeyOf("item"), "1");
  batch.Put(KeyIn(index, "entry"), "item");
  Await(Write(KeyOf("item"), batch).position);
  EXPECT_EQ(ReadDurable(KeyIn(index, "entry")), "item");
}

TEST_P(StoreSuite, CommitNumbersGrow) {
  std::uint64_t last = 0;
  for (int round = 0; round < 20; ++round) {
    const Position position = Put(KeyOf("a"), "x").position;
    EXPECT_GT(position.commit_number(), last);
    EXPECT_EQ(position.group(), group());
    last = position.commit_number();
  }
}

TEST_P(StoreSuite, CommitTimesGrow) {
  WallTime last{};
  for (int round = 0; round < 20; ++round) {
    const WallTime time = Put(KeyOf("a"), "x").commit_time;
    EXPECT_GT(time, last);
    last = time;
  }
}

TEST_P(StoreSuite, CommitNumbersAndTimesGrowAcrossAReopening) {
  const UpdateOutcome before = PutDurably(KeyOf("a"), "1");
  ASSERT_TRUE(Reopen());
  const UpdateOutcome after = PutDurably(KeyOf("a"), "2");
  EXPECT_GT(after.position.commit_number(), before.position.commit_number());
  EXPECT_GT(after.commit_time, before.commit_time);
}

TEST_P(StoreSuite, ValuesSurviveAReopening) {
  PutDurably(KeyOf("a"), "1");
  PutDurably(KeyOf("b"), "2");
  Await(Delete(KeyOf("b")).position);
  ASSERT_TRUE(Reopen());
  EXPECT_EQ(ReadDurable(KeyOf("a")), "1");
  EXPECT_EQ(ReadDurable(KeyOf("b")), std::nullopt);
  EXPECT_EQ(ReadNewest(KeyOf("a")), "1");
}

TEST_P(StoreSuite, CleanStopKeepsWhatWasQueued) {
  Put(KeyOf("a"), "1");
  ASSERT_TRUE(Reopen());
  EXPECT_EQ(ReadDurable(KeyOf("a")), "1");
}

TEST_P(StoreSuite, DeadlineInThePastIsSurelyNotApplied) {
  const Key key = KeyOf("a");
  const StoreResult<UpdateOutcome> outcome =
      store().Update(std::span(&key, 1), {}, UpdateOptions{.deadline = MonotonicTime::min()},
                     [&](std::span<const CurrentValue>) {
                       WriteBatch batch;
                       batch.Put(key, "1");
                       return std::optional(std::move(batch));
                     });
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code(), StatusCode::kDeadline);
  EXPECT_EQ(ReadNewest(key), std::nullopt);
}

TEST_P(StoreSuite, MemoryTierUpdateAnswersOrSaysThatItWouldBlock) {
  const Key key = KeyOf("a");
  PutDurably(key, "1");
  const StoreResult<UpdateOutcome> outcome = store().Update(
      std::span(&key, 1), {}, UpdateOptions{.tier = ReadTier::kMemory, .deadline = std::nullopt},
      [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
        if (values[0] != "1") return std::nullopt;
        WriteBatch batch;
        batch.Put(key, "2");
        return batch;
      });
  if (outcome.has_value()) {
    EXPECT_TRUE(outcome->committed);
    EXPECT_EQ(ReadNewest(key), "2");
  } else {
    EXPECT_EQ(outcome.error().code(), StatusCode::kWouldBlock);
    EXPECT_EQ(ReadNewest(key), "1");
  }
}

}  // namespace gramme
