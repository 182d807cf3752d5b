// Scans: ranges, both directions, early stops.

#include <string>

#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {

void LinkScanTests() {}

TEST_P(StoreSuite, ScanOfAnEmptyKeyspaceFindsNothing) {
  EXPECT_EQ(ScanKeys({}), "");
  EXPECT_EQ(ScanKeys({}, Direction::kBackward), "");
}

TEST_P(StoreSuite, ScanGoesInKeyOrderAndAgainstIt) {
  PutAllDurably({"b", "a", "d", "c"});
  EXPECT_EQ(ScanKeys({}), "a b c d");
  EXPECT_EQ(ScanKeys({}, Direction::kBackward), "d c b a");
}

TEST_P(StoreSuite, ScanHoldsItsStartAndNotItsEnd) {
  PutAllDurably({"a", "b", "c", "d"});
  EXPECT_EQ(ScanKeys({.start = "b", .end = "d"}), "b c");
  EXPECT_EQ(ScanKeys({.start = "b", .end = "d"}, Direction::kBackward), "c b");
}

TEST_P(StoreSuite, ScanEndsThatAreNoKeysWorkToo) {
  PutAllDurably({"a", "c", "e"});
  EXPECT_EQ(ScanKeys({.start = "b", .end = "d"}), "c");
  EXPECT_EQ(ScanKeys({.start = "b", .end = "d"}, Direction::kBackward), "c");
  EXPECT_EQ(ScanKeys({.start = "f", .end = std::nullopt}), "");
  EXPECT_EQ(ScanKeys({.start = "f", .end = std::nullopt}, Direction::kBackward), "");
  EXPECT_EQ(ScanKeys({.start = "", .end = "a"}), "");
  EXPECT_EQ(ScanKeys({.start = "", .end = "a"}, Direction::kBackward), "");
}

TEST_P(StoreSuite, ScanWithoutEndGoesToTheLastKey) {
  PutAllDurably({"a", "b", "\xff\xff\xff"});
  EXPECT_EQ(ScanKeys({.start = "b", .end = std::nullopt}), "b \xff\xff\xff");
  EXPECT_EQ(ScanKeys({.start = "b", .end = std::nullopt}, Direction::kBackward), "\xff\xff\xff b");
}

TEST_P(StoreSuite, ScanOfAnEmptyOrReversedRangeFindsNothing) {
  PutAllDurably({"a", "b", "c"});
  for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
    EXPECT_EQ(ScanKeys({.start = "b", .end = "b"}, direction), "");
    EXPECT_EQ(ScanKeys({.start = "c", .end = "a"}, direction), "");
  }
}

TEST_P(StoreSuite, ScanOrdersBytesAsUnsigned) {
  PutAllDurably({"\x80", "\x7f", "\xff", "a", "ab"});
  EXPECT_EQ(ScanKeys({}), "a ab \x7f \x80 \xff");
}

TEST_P(StoreSuite, ScanKeepsToItsKeyspace) {
  const KeyspaceId before = keyspace_;
  keyspace_ = NewKeyspace();
  const KeyspaceId after = NewKeyspace();
  PutDurably(KeyIn(before, "x"), "1");
  PutDurably(KeyIn(after, "x"), "1");
  PutAllDurably({"a"});
  EXPECT_EQ(ScanKeys({}), "a");
  EXPECT_EQ(ScanKeys({}, Direction::kBackward), "a");
}

TEST_P(StoreSuite, ScanLeavesOutWhatWasDeleted) {
  PutAllDurably({"a", "b", "c"});
  Await(Delete(KeyOf("b")).position);
  EXPECT_EQ(ScanKeys({}), "a c");
  EXPECT_EQ(ScanKeys({}, Direction::kBackward), "c a");
}

TEST_P(StoreSuite, ScanStopsWhenToldTo) {
  PutAllDurably({"a", "b", "c", "d"});
  const std::unique_ptr<View> view = OpenView();
  for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
    std::string seen;
    const StoreResult<void> scanned =
        view->Scan(keyspace_, {}, direction, [&](std::string_view key, std::string_view) {
          seen += key;
          return seen.size() == 2 ? ScanStep::kStop : ScanStep::kContinue;
        });
    EXPECT_TRUE(scanned.has_value());
    EXPECT_EQ(seen, direction == Direction::kForward ? "ab" : "dc");
  }
}

TEST_P(StoreSuite, ScanMayReadTheSameViewWhileItGoes) {
  PutAllDurably({"a", "b", "c"});
  const std::unique_ptr<View> view = OpenView();
  std::string seen;
  const StoreResult<void> scanned = view->Scan(keyspace_, {}, Direction::kForward,
                                               [&](std::string_view key, std::string_view value) {
                                                 EXPECT_EQ(*view->Get(KeyOf(key)), value);
                                                 seen += key;
                                                 return ScanStep::kContinue;
                                               });
  EXPECT_TRUE(scanned.has_value());
  EXPECT_EQ(seen, "abc");
}

TEST_P(StoreSuite, LongScanMissesAndRepeatsNothing) {
  constexpr int kEntryCount = 3000;
  Position last;
  for (int number = 0; number < kEntryCount;) {
    WriteBatch batch;
    for (int end = number + 100; number < end; ++number) {
      batch.Put(KeyOf(std::to_string(10'000 + number)), std::to_string(number));
    }
    last = Write(KeyOf("owner"), batch).position;
  }
  Await(last);
  const std::unique_ptr<View> view = OpenView();
  const Entries forward = Scan(*view, keyspace_, {});
  Entries backward = Scan(*view, keyspace_, {}, Direction::kBackward);
  ASSERT_EQ(forward.size(), static_cast<std::size_t>(kEntryCount));
  for (std::size_t index = 0; index < forward.size(); ++index) {
    ASSERT_EQ(forward[index].second, std::to_string(index));
  }
  EXPECT_EQ(Entries(backward.rbegin(), backward.rend()), forward);
}

}  // namespace gramme
