#include "storage/memory/version_map.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/random.h"
#include "storage/testing/store_suite.h"

namespace gramme {
namespace {

constexpr KeyspaceId kSpace = kFirstFreeKeyspace;

SharedValue Value(std::string value) {
  return std::make_shared<const std::string>(std::move(value));
}

std::optional<std::string> At(const VersionMap& map, std::string_view key, std::uint64_t number) {
  const SharedValue value = map.ReadAt(kSpace, key, number);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

void WriteSettled(VersionMap& map, std::uint64_t number, std::string_view key, SharedValue value) {
  map.Settle(number);
  map.Write(number, kSpace, key, std::move(value));
  map.Collect(10);
}

TEST(VersionMapTest, KeepsOneVersionWhenNobodyLooks) {
  VersionMap map;
  for (std::uint64_t number = 1; number <= 100; ++number) {
    WriteSettled(map, number, "a", Value(std::to_string(number)));
  }
  EXPECT_EQ(map.VersionCount(), 1u);
  EXPECT_EQ(At(map, "a", 100), "100");
}

TEST(VersionMapTest, KeepsNothingOfADeletedKeyWhenNobodyLooks) {
  VersionMap map;
  WriteSettled(map, 1, "a", Value("1"));
  WriteSettled(map, 2, "a", nullptr);
  EXPECT_EQ(map.VersionCount(), 0u);
  EXPECT_EQ(map.KeyspaceByteCount(kSpace), 0u);
}

TEST(VersionMapTest, KeepsForAPinWhatItSeesAndNoMore) {
  VersionMap map;
  WriteSettled(map, 1, "a", Value("1"));
  map.Pin(1);
  for (std::uint64_t number = 2; number <= 50; ++number) {
    WriteSettled(map, number, "a", Value(std::to_string(number)));
  }
  EXPECT_EQ(map.VersionCount(), 2u);
  EXPECT_EQ(At(map, "a", 1), "1");
  EXPECT_EQ(At(map, "a", 50), "50");
}

TEST(VersionMapTest, FreesWhatTheLastPinHeld) {
  VersionMap map;
  WriteSettled(map, 1, "a", Value("1"));
  WriteSettled(map, 2, "b", Value("2"));
  map.Pin(2);
  WriteSettled(map, 3, "a", nullptr);
  WriteSettled(map, 4, "b", Value("4"));
  EXPECT_EQ(At(map, "a", 2), "1");
  map.Unpin(2);
  EXPECT_FALSE(map.Collect(100));
  EXPECT_EQ(map.VersionCount(), 1u);
  EXPECT_EQ(map.KeyspaceByteCount(kSpace), 2u);
}

TEST(VersionMapTest, CollectsInSlices) {
  VersionMap map;
  map.Settle(1);
  for (int key = 0; key < 10; ++key) map.Write(1, kSpace, std::to_string(key), Value("1"));
  map.Pin(1);
  map.Settle(2);
  map.DeleteRange(2, kSpace, {});
  EXPECT_EQ(map.VersionCount(), 20u);
  map.Unpin(1);
  EXPECT_TRUE(map.Collect(4));
  EXPECT_FALSE(map.Collect(100));
  EXPECT_EQ(map.VersionCount(), 0u);
}

TEST(VersionMapTest, UndoesWhatIsNotSettled) {
  VersionMap map;
  WriteSettled(map, 1, "a", Value("1"));
  map.Write(2, kSpace, "a", Value("2"));
  map.Write(2, kSpace, "b", Value("2"));
  map.Write(3, kSpace, "a", nullptr);
  EXPECT_EQ(map.ReadNewest(kSpace, "a").commit_number, 3u);
  map.Settle(2);
  map.Write(4, kSpace, "c", Value("4"));
  map.UndoUnsettled();
  map.Collect(100);
  EXPECT_EQ(*map.ReadNewest(kSpace, "a").value, "2");
  EXPECT_EQ(*map.ReadNewest(kSpace, "b").value, "2");
  EXPECT_EQ(map.ReadNewest(kSpace, "c").value, nullptr);
  EXPECT_EQ(map.VersionCount(), 2u);
  EXPECT_EQ(map.KeyspaceByteCount(kSpace), 4u);
}

TEST(VersionMapTest, UndoneKeyCanBeWrittenAgain) {
  VersionMap map;
  map.Write(1, kSpace, "a", Value("1"));
  map.UndoUnsettled();
  map.Write(2, kSpace, "a", Value("2"));
  map.Settle(2);
  map.Collect(100);
  EXPECT_EQ(At(map, "a", 2), "2");
}

TEST(VersionMapTest, DropHidesFromThenOnAndFreesWhenThePinsAreGone) {
  VersionMap map;
  WriteSettled(map, 1, "a", Value("1"));
  map.Pin(1);
  WriteSettled(map, 2, "a", Value("2"));
  map.Settle(3);
  map.Drop(3, kSpace);
  map.Collect(100);
  EXPECT_EQ(At(map, "a", 1), "1");
  EXPECT_EQ(At(map, "a", 3), std::nullopt);
  EXPECT_EQ(map.ReadNewest(kSpace, "a").commit_number, 3u);
  EXPECT_EQ(map.RangeByteCount(kSpace, {}), 0u);
  map.Unpin(1);
  map.Collect(100);
  EXPECT_EQ(map.VersionCount(), 0u);
}

TEST(VersionMapDeathTest, WriteIntoADroppedKeyspaceIsABug) {
  VersionMap map;
  map.Settle(1);
  map.Drop(1, kSpace);
  EXPECT_DEATH(map.Write(2, kSpace, "a", Value("1")), "dropped");
}

TEST(VersionMapTest, MeasuresTheNewestVersionsOfARange) {
  VersionMap map;
  map.Settle(3);
  map.Write(1, kSpace, "a", Value("12"));
  map.Write(2, kSpace, "b", Value("3456"));
  map.Write(3, kSpace, "c", Value("7"));
  EXPECT_EQ(map.RangeByteCount(kSpace, {}), 10u);
  EXPECT_EQ(map.RangeByteCount(kSpace, {.start = "b", .end = "c"}), 5u);
}

// Random writes, pins, settlements and undoings against copies of a map.
TEST(VersionMapTest, EveryPinSeesItsOwnPastWhateverHappens) {
  const std::uint64_t seed = PrintedSeed("EveryPinSeesItsOwnPastWhateverHappens");
  SCOPED_TRACE("GRAMME_SEED=" + std::to_string(seed));
  SeededRandom random(seed);
  using Model = std::map<std::string, std::string>;
  VersionMap map;
  std::map<std::uint64_t, Model> past = {{0, {}}};  // by commit number, settled or not
  std::multimap<std::uint64_t, Model> pinned;
  std::uint64_t settled = 0;
  std::uint64_t last = 0;
  for (int step = 0; step < 5'000 && !testing::Test::HasFailure(); ++step) {
    switch (random.Below(8)) {
      case 0:
        settled += random.Below(last - settled + 1);
        while (!past.contains(settled)) --settled;
        map.Settle(settled);
        past.erase(past.begin(), past.find(settled));
        break;
      case 1:
        if (pinned.size() >= 6) break;
        map.Pin(settled);
        pinned.emplace(settled, past.at(settled));
        break;
      case 2:
        if (pinned.empty()) break;
        map.Unpin(pinned.begin()->first);
        pinned.erase(pinned.begin());
        break;
      case 3:
        if (!random.OneIn(4)) break;
        map.UndoUnsettled();
        past.erase(past.upper_bound(settled), past.end());
        break;
      case 4:
        map.Collect(random.Below(8));
        break;
      default: {
        Model next = past.rbegin()->second;
        const std::string key(1, static_cast<char>('a' + random.Below(6)));
        ++last;
        if (random.OneIn(3)) {
          map.Write(last, kSpace, key, nullptr);
          next.erase(key);
        } else {
          map.Write(last, kSpace, key, Value(std::to_string(step)));
          next[key] = std::to_string(step);
        }
        past.emplace(last, std::move(next));
      }
    }
    const auto expect = [&](const Model& model, std::uint64_t number) {
      Model found;
      for (const auto& entry : map.EntriesAt(kSpace, {}, Direction::kForward, number, 100)) {
        found.emplace(entry.key, *entry.value);
      }
      EXPECT_EQ(found, model) << "at " << number << " in step " << step;
    };
    for (const auto& [number, model] : pinned) expect(model, number);
    expect(past.at(settled), settled);
    expect(past.rbegin()->second, UINT64_MAX - 1);
  }
  while (!pinned.empty()) {
    map.Unpin(pinned.begin()->first);
    pinned.erase(pinned.begin());
  }
  map.Settle(last);
  while (map.Collect(100)) {
  }
  EXPECT_EQ(map.VersionCount(), past.rbegin()->second.size());
}

}  // namespace
}  // namespace gramme
