// Keyspaces: creating, dropping, trimming, importing, measuring.

#include <set>
#include <string>
#include <vector>

#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {

void LinkKeyspaceTests() {}

TEST_P(StoreSuite, NewKeyspaceIsEmptyAndNotOneOfTheFixed) {
  const KeyspaceId keyspace = NewKeyspace();
  EXPECT_GE(keyspace, kFirstFreeKeyspace);
  EXPECT_TRUE(Scan(*OpenView(), keyspace, {}).empty());
}

TEST_P(StoreSuite, KeyspaceIdsAreNeverReused) {
  std::set<KeyspaceId> seen = {keyspace_};
  for (int round = 0; round < 20; ++round) {
    const KeyspaceId keyspace = NewKeyspace();
    EXPECT_TRUE(seen.insert(keyspace).second);
    if (round % 2 == 0) {
      EXPECT_TRUE(store().DropKeyspace(keyspace).has_value());
    }
    if (round % 5 == 4) {
      ASSERT_TRUE(Reopen());
    }
  }
}

TEST_P(StoreSuite, DropRemovesEveryKeyAndNothingElse) {
  const KeyspaceId other = NewKeyspace();
  PutAllDurably({"a", "b", "\xff\xff"});
  PutDurably(KeyIn(other, "a"), "1");
  ASSERT_TRUE(store().DropKeyspace(keyspace_).has_value());
  EXPECT_EQ(ScanKeys({}), "");
  EXPECT_EQ(ReadDurable(KeyOf("a")), std::nullopt);
  EXPECT_EQ(ReadNewest(KeyOf("a")), std::nullopt);
  EXPECT_EQ(ReadDurable(KeyIn(other, "a")), "1");
}

TEST_P(StoreSuite, DropRemovesWhatWasStillQueued) {
  Put(KeyOf("a"), "1");
  ASSERT_TRUE(store().DropKeyspace(keyspace_).has_value());
  EXPECT_EQ(ReadNewest(KeyOf("a")), std::nullopt);
  MakeDurable();
  EXPECT_EQ(ReadDurable(KeyOf("a")), std::nullopt);
}

TEST_P(StoreSuite, DropSurvivesAReopening) {
  PutAllDurably({"a"});
  ASSERT_TRUE(store().DropKeyspace(keyspace_).has_value());
  ASSERT_TRUE(Reopen());
  EXPECT_EQ(ScanKeys({}), "");
}

TEST_P(StoreSuite, DropOfAnAbsentKeyspaceSucceeds) {
  EXPECT_TRUE(store().DropKeyspace(KeyspaceId{1'000'000'000}).has_value());
  EXPECT_TRUE(store().DropKeyspace(keyspace_).has_value());
  EXPECT_TRUE(store().DropKeyspace(keyspace_).has_value());
}

TEST_P(StoreSuite, ViewOpenedBeforeADropStillShowsTheKeys) {
  PutAllDurably({"a", "b"});
  const std::unique_ptr<View> view = OpenView();
  ASSERT_TRUE(store().DropKeyspace(keyspace_).has_value());
  EXPECT_EQ(Scan(*view, keyspace_, {}).size(), 2u);
  EXPECT_EQ(*view->Get(KeyOf("a")), "value of a");
}

TEST_P(StoreSuite, TrimRemovesTheRangeAlone) {
  PutAllDurably({"a", "b", "c", "d"});
  ASSERT_TRUE(store().Trim(keyspace_, {.start = "b", .end = "d"}).has_value());
  EXPECT_EQ(ReadNewest(KeyOf("b")), std::nullopt);
  Await(Put(KeyOf("e"), "1").position);
  EXPECT_EQ(ScanKeys({}), "a d e");
}

TEST_P(StoreSuite, TrimStandsInCommitOrder) {
  Put(KeyOf("a"), "before");
  Put(KeyOf("b"), "before");
  ASSERT_TRUE(store().Trim(keyspace_, {}).has_value());
  const Position last = Put(KeyOf("b"), "after").position;
  EXPECT_EQ(ReadNewest(KeyOf("a")), std::nullopt);
  EXPECT_EQ(ReadNewest(KeyOf("b")), "after");
  Await(last);
  EXPECT_EQ(ScanKeys({}), "b");
}

TEST_P(StoreSuite, TrimLeavesOpenViewsAlone) {
  PutAllDurably({"a", "b"});
  const std::unique_ptr<View> view = OpenView();
  ASSERT_TRUE(store().Trim(keyspace_, {}).has_value());
  Await(Put(KeyOf("c"), "1").position);
  EXPECT_EQ(Scan(*view, keyspace_, {}).size(), 2u);
}

TEST_P(StoreSuite, TrimOfAnEmptyRangeRemovesNothing) {
  PutAllDurably({"a", "b"});
  ASSERT_TRUE(store().Trim(keyspace_, {.start = "b", .end = "b"}).has_value());
  ASSERT_TRUE(store().Trim(keyspace_, {.start = "b", .end = "a"}).has_value());
  Await(Put(KeyOf("c"), "1").position);
  EXPECT_EQ(ScanKeys({}), "a b c");
}

TEST_P(StoreSuite, ImportedEntriesAreThereOnceAwaited) {
  const KeyspaceId fresh = NewKeyspace();
  Position last;
  for (int part = 0; part < 10; ++part) {
    std::vector<KeyValue> entries;
    for (int number = 0; number < 50; ++number) {
      const std::string bytes = std::to_string(1000 + part * 50 + number);
      entries.push_back({.key = KeyIn(fresh, bytes), .value = "value of " + bytes});
    }
    const StoreResult<Position> position = store().Import(entries);
    ASSERT_TRUE(position.has_value());
    last = *position;
  }
  Await(last);
  const Entries found = Scan(*OpenView(), fresh, {});
  ASSERT_EQ(found.size(), 500u);
  EXPECT_EQ(found.front().second, "value of 1000");
  EXPECT_EQ(found.back().second, "value of 1499");
  EXPECT_EQ(ReadNewest(KeyIn(fresh, "1234")), "value of 1234");
}

TEST_P(StoreSuite, ImportOfNothingSucceeds) {
  const StoreResult<Position> position = store().Import({});
  ASSERT_TRUE(position.has_value());
  Await(*position);
}

TEST_P(StoreSuite, UpdateAfterAnImportSeesWhatWasImported) {
  const std::vector<KeyValue> entries = {{.key = KeyOf("a"), .value = "imported"}};
  const StoreResult<Position> position = store().Import(entries);
  ASSERT_TRUE(position.has_value());
  Await(*position);
  EXPECT_EQ(ReadNewest(KeyOf("a")), "imported");
}

TEST_P(StoreSuite, SizeOfARangeIsAnsweredAndSmallForNothing) {
  const StoreResult<std::uint64_t> empty = store().ApproximateSize(keyspace_, {});
  ASSERT_TRUE(empty.has_value());
  PutDurably(KeyOf("a"), std::string(std::size_t{1} << 20, 'x'));
  const StoreResult<std::uint64_t> size = store().ApproximateSize(keyspace_, {});
  ASSERT_TRUE(size.has_value());
  EXPECT_LE(*empty, *size);
}

}  // namespace gramme
