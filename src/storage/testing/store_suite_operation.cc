// The operations of a batch: puts, deletions, stamped keys, counters.

#include <limits>
#include <string>
#include <utility>

#include "base/big_endian.h"
#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {
namespace {}  // namespace

void LinkOperationTests() {}

TEST_P(StoreSuite, KeysAndValuesAreAnyBytes) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte.push_back(static_cast<char>(byte));
  PutDurably(KeyOf(every_byte), every_byte);
  PutDurably(KeyOf(std::string_view("\0", 1)), std::string_view("\0\0", 2));
  PutDurably(KeyOf(""), "empty key");
  EXPECT_EQ(ReadDurable(KeyOf(every_byte)), every_byte);
  EXPECT_EQ(ReadDurable(KeyOf(std::string_view("\0", 1))), std::string(2, '\0'));
  EXPECT_EQ(ReadDurable(KeyOf("")), "empty key");
}

TEST_P(StoreSuite, LongValuesComeBackWhole) {
  std::string value(std::size_t{3} << 20, 'v');
  for (std::size_t index = 0; index < value.size(); index += 1000) {
    value[index] = static_cast<char>(index / 1000);
  }
  PutDurably(KeyOf("a"), value);
  EXPECT_TRUE(ReadDurable(KeyOf("a")) == value);
}

TEST_P(StoreSuite, LastOperationOnAKeyWinsInABatch) {
  WriteBatch batch;
  batch.Put(KeyOf("a"), "1");
  batch.Put(KeyOf("a"), "2");
  batch.Put(KeyOf("b"), "1");
  batch.Delete(KeyOf("b"));
  batch.Delete(KeyOf("c"));
  batch.Put(KeyOf("c"), "3");
  Await(Write(KeyOf("a"), batch).position);
  EXPECT_EQ(ReadDurable(KeyOf("a")), "2");
  EXPECT_EQ(ReadDurable(KeyOf("b")), std::nullopt);
  EXPECT_EQ(ReadDurable(KeyOf("c")), "3");
}

TEST_P(StoreSuite, DeletionOfAnAbsentKeySucceeds) {
  Await(Delete(KeyOf("a")).position);
  EXPECT_EQ(ReadDurable(KeyOf("a")), std::nullopt);
}

TEST_P(StoreSuite, KeyspacesDoNotMix) {
  const KeyspaceId other = NewKeyspace();
  PutDurably(KeyOf("a"), "1");
  PutDurably(KeyIn(other, "a"), "2");
  Await(Delete(KeyIn(other, "a")).position);
  EXPECT_EQ(ReadDurable(KeyOf("a")), "1");
  EXPECT_EQ(ReadDurable(KeyIn(other, "a")), std::nullopt);
}

TEST_P(StoreSuite, FixedKeyspacesAreThereFromTheStart) {
  for (const KeyspaceId keyspace : {kCatalogKeyspace, kJobKeyspace, kTokenKeyspace}) {
    PutDurably(KeyIn(keyspace, "a"), "1");
    EXPECT_EQ(ReadDurable(KeyIn(keyspace, "a")), "1");
  }
}

TEST_P(StoreSuite, StampedKeyHoldsTheCommitTime) {
  WriteBatch batch;
  batch.PutStamped(keyspace_, placement_, "log/", "/0", "first");
  batch.PutStamped(keyspace_, placement_, "log/", "/1", "second");
  const UpdateOutcome outcome = Write(KeyOf("a"), batch);
  Await(outcome.position);
  const std::string stem =
      "log/" +
      BigEndian64(static_cast<std::uint64_t>(outcome.commit_time.time_since_epoch().count()));
  EXPECT_EQ(ReadDurable(KeyOf(stem + "/0")), "first");
  EXPECT_EQ(ReadDurable(KeyOf(stem + "/1")), "second");
}

TEST_P(StoreSuite, StampedKeysStandInCommitOrder) {
  Position last;
  for (int number = 0; number < 300; ++number) {
    WriteBatch batch;
    batch.PutStamped(keyspace_, placement_, "log/", "", std::to_string(number));
    last = Write(KeyOf("a"), batch).position;
  }
  Await(last);
  const Entries entries = Scan(*OpenView(), keyspace_, {});
  ASSERT_EQ(entries.size(), 300u);
  for (std::size_t index = 0; index < entries.size(); ++index) {
    EXPECT_EQ(entries[index].second, std::to_string(index));
  }
}

TEST_P(StoreSuite, AbsentCounterIsZero) {
  WriteBatch batch;
  batch.Add(KeyOf("count"), 5);
  Await(Write(KeyOf("a"), batch).position);
  EXPECT_EQ(ReadCounter(KeyOf("count")), 5);
}

TEST_P(StoreSuite, CounterAddsUpOverQueuedCommitsAndWithinABatch) {
  Position last;
  for (int round = 1; round <= 50; ++round) {
    WriteBatch batch;
    batch.Add(KeyOf("count"), round);
    batch.Add(KeyOf("count"), -1);
    last = Write(KeyOf("a"), batch).position;
  }
  Await(last);
  EXPECT_EQ(ReadCounter(KeyOf("count")), 50 * 51 / 2 - 50);
}

TEST_P(StoreSuite, CounterGoesBelowZero) {
  WriteBatch batch;
  batch.Add(KeyOf("count"), std::numeric_limits<std::int64_t>::min());
  batch.Add(KeyOf("count"), 1);
  Await(Write(KeyOf("a"), batch).position);
  EXPECT_EQ(ReadCounter(KeyOf("count")), std::numeric_limits<std::int64_t>::min() + 1);
}

TEST_P(StoreSuite, CounterSurvivesAReopening) {
  WriteBatch batch;
  batch.Add(KeyOf("count"), 40);
  Await(Write(KeyOf("a"), batch).position);
  ASSERT_TRUE(Reopen());
  batch = {};
  batch.Add(KeyOf("count"), 2);
  Await(Write(KeyOf("a"), batch).position);
  EXPECT_EQ(ReadCounter(KeyOf("count")), 42);
}

TEST_P(StoreSuite, RefusedUpdateDoesNotCount) {
  WriteBatch batch;
  batch.Add(KeyOf("count"), 1);
  Write(KeyOf("a"), batch);
  DecideOn(KeyOf("a"),
           [](std::span<const CurrentValue>) -> std::optional<WriteBatch> { return std::nullopt; });
  Await(Put(KeyOf("a"), "1").position);
  EXPECT_EQ(ReadCounter(KeyOf("count")), 1);
}

}  // namespace gramme
