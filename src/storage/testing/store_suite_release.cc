// Release, Await, groups, Close.

#include <atomic>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {

void LinkReleaseTests() {}

TEST_P(StoreSuite, DefaultPositionIsReleasedAtOnce) {
  EXPECT_TRUE(Released(Position()).has_value());
  Await(Position());
}

TEST_P(StoreSuite, ReleaseOfADurablePositionAnswersInsideTheCall) {
  const Position position = PutDurably(KeyOf("a"), "1").position;
  bool is_released = false;
  store().Release(position,
                  [&](const StoreResult<void>& result) { is_released = result.has_value(); });
  EXPECT_TRUE(is_released);
}

TEST_P(StoreSuite, EveryReleaseIsCalledOnce) {
  constexpr int kCommitCount = 200;
  std::vector<std::atomic<int>> calls(kCommitCount);
  std::vector<std::promise<void>> done(kCommitCount);
  for (std::size_t index = 0; index < kCommitCount; ++index) {
    const Position position = Put(KeyOf("a"), std::to_string(index)).position;
    store().Release(position, [&, index](const StoreResult<void>& result) {
      EXPECT_TRUE(result.has_value());
      if (calls[index]++ == 0) done[index].set_value();
    });
  }
  MakeDurable();
  for (std::promise<void>& promise : done) promise.get_future().wait();
  EXPECT_EQ(ReadDurable(KeyOf("a")), std::to_string(kCommitCount - 1));
  for (const std::atomic<int>& count : calls) EXPECT_EQ(count, 1);
}

TEST_P(StoreSuite, ReleasedCommitIsInEveryLaterView) {
  for (int round = 0; round < 20; ++round) {
    std::promise<void> released;
    const Position position = Put(KeyOf("a"), std::to_string(round)).position;
    store().Release(position, [&](const StoreResult<void>&) { released.set_value(); });
    MakeDurable();
    released.get_future().wait();
    EXPECT_EQ(ReadDurable(KeyOf("a")), std::to_string(round));
  }
}

TEST_P(StoreSuite, AwaitOfALaterPositionCoversTheEarlierOnes) {
  std::vector<Position> positions;
  for (int round = 0; round < 10; ++round) {
    positions.push_back(Put(KeyOf(std::to_string(round)), "1").position);
  }
  Await(positions.back());
  for (const Position& position : positions) EXPECT_TRUE(Released(position).has_value());
}

TEST_P(StoreSuite, GroupsCoverAllPlacementsWithoutGapOrOverlap) {
  const std::vector<Group> groups = store().Groups(keyspace_);
  ASSERT_FALSE(groups.empty());
  EXPECT_EQ(groups.front().placement_first, 0u);
  EXPECT_EQ(groups.back().placement_last, UINT64_MAX);
  for (std::size_t index = 0; index < groups.size(); ++index) {
    const Group& here = groups[index];
    if (index > 0) {
      EXPECT_EQ(here.placement_first, groups[index - 1].placement_last + 1);
    }
    for (const std::uint64_t placement : {here.placement_first, here.placement_last}) {
      EXPECT_EQ(store().GroupOf(Key{.keyspace = keyspace_, .placement = placement, .bytes = "a"}),
                here.id);
    }
  }
}

TEST_P(StoreSuite, ViewOfAGroupHoldsTheEntriesOfThatGroupAlone) {
  const std::vector<Group> groups = store().Groups(keyspace_);
  for (const Group& group : groups) {
    for (const std::uint64_t placement : {group.placement_first, group.placement_last}) {
      PutDurably(Key{.keyspace = keyspace_,
                     .placement = placement,
                     .bytes = "key at " + std::to_string(placement)},
                 "1");
    }
  }
  for (const Group& group : groups) {
    const auto view = store().OpenView(group.id, ReadTier::kDisk);
    ASSERT_TRUE(view.has_value());
    EXPECT_EQ((*view)->position().group(), group.id);
    EXPECT_EQ(Scan(**view, keyspace_, {}).size(), 2u);
  }
}

TEST_P(StoreSuite, EveryGroupIsGainedAtOnceAndLostAtClose) {
  std::mutex mutex;
  std::vector<GroupId> gained;
  std::vector<GroupId> lost;
  const auto note_in = [&](std::vector<GroupId>& groups) {
    return [&](GroupId group) {
      const std::lock_guard lock(mutex);
      groups.push_back(group);
    };
  };
  store().OnGroupChange(note_in(gained), note_in(lost));
  const std::size_t group_count = store().Groups(keyspace_).size();
  EXPECT_EQ(gained.size(), group_count);
  EXPECT_TRUE(lost.empty());
  EXPECT_TRUE(store().Close().has_value());
  EXPECT_EQ(lost, gained);
}

TEST_P(StoreSuite, CloseFlushesAndReleases) {
  const auto is_released = std::make_shared<std::atomic<bool>>(false);
  const Position position = Put(KeyOf("a"), "1").position;
  store().Release(position, [is_released](const StoreResult<void>& result) {
    *is_released = result.has_value();
  });
  EXPECT_TRUE(store().Close().has_value());
  EXPECT_TRUE(*is_released);
}

TEST_P(StoreSuite, ClosedStoreIsUnavailable) {
  const Key key = KeyOf("a");
  PutDurably(key, "1");
  EXPECT_TRUE(store().Close().has_value());
  EXPECT_TRUE(store().Close().has_value());
  const auto put = [&](std::span<const CurrentValue>) {
    WriteBatch batch;
    batch.Put(key, "2");
    return std::optional(std::move(batch));
  };
  const std::vector<KeyspaceId> keyspaces = {keyspace_};
  const std::vector<KeyValue> entries = {{.key = key, .value = "2"}};
  EXPECT_EQ(store().Update(std::span(&key, 1), {}, {}, put).error().code(),
            StatusCode::kUnavailable);
  EXPECT_EQ(store().OpenView(store().GroupOf(key), ReadTier::kDisk).error().code(),
            StatusCode::kUnavailable);
  EXPECT_EQ(store().CreateKeyspace().error().code(), StatusCode::kUnavailable);
  EXPECT_EQ(store().DropKeyspace(keyspace_).error().code(), StatusCode::kUnavailable);
  EXPECT_EQ(store().Trim(keyspace_, {}).error().code(), StatusCode::kUnavailable);
  EXPECT_EQ(store().Import(entries).error().code(), StatusCode::kUnavailable);
  EXPECT_EQ(store().Freeze("image", keyspaces).error().code(), StatusCode::kUnavailable);
}

}  // namespace gramme
