// What the memory store has beyond Store: manual durability, crashes, moves, faults.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/memory/memory_store.h"
#include "storage/memory/store_faults.h"

namespace gramme {
namespace {

constexpr KeyspaceId kSpace = kFirstFreeKeyspace;

Key KeyOf(std::string bytes, std::uint64_t placement = 0) {
  return {.keyspace = kSpace, .placement = placement, .bytes = std::move(bytes)};
}

MemoryStoreOptions Manual(std::size_t group_count = 1) {
  return {.group_count = group_count, .durability = MemoryDurability::kManual};
}

StoreResult<UpdateOutcome> TryPut(Store& store, const Key& key, std::string_view value,
                                  std::vector<Guard> guards = {}, UpdateOptions options = {}) {
  return store.Update(std::span(&key, 1), guards, options, [&](std::span<const CurrentValue>) {
    WriteBatch batch;
    batch.Put(key, std::string(value));
    return std::optional(std::move(batch));
  });
}

Position Put(Store& store, const Key& key, std::string_view value) {
  const StoreResult<UpdateOutcome> outcome = TryPut(store, key, value);
  EXPECT_TRUE(outcome.has_value());
  return outcome->position;
}

std::optional<std::string> Durable(Store& store, const Key& key) {
  const auto view = store.OpenView(store.GroupOf(key), ReadTier::kDisk);
  EXPECT_TRUE(view.has_value());
  return *(*view)->Get(key);
}

std::optional<std::string> Newest(Store& store, const Key& key) {
  std::optional<std::string> newest;
  EXPECT_TRUE(store
                  .Update(std::span(&key, 1), {}, {},
                          [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
                            newest = values[0];
                            return std::nullopt;
                          })
                  .has_value());
  return newest;
}

// The code that Release answered with; kNone while it did not.
class ReleaseProbe {
 public:
  void Watch(Store& store, const Position& position) {
    store.Release(position, [this](const StoreResult<void>& result) {
      ++call_count_;
      if (!result) code_ = result.error().code();
    });
  }
  bool is_open() const { return call_count_ == 0; }
  bool has_succeeded() const { return call_count_ == 1 && !code_; }
  std::optional<StatusCode> code() const { return code_; }

 private:
  int call_count_ = 0;
  std::optional<StatusCode> code_;
};

TEST(MemoryStoreTest, QueuedCommitIsSeenByUpdatesAndNotByViews) {
  MemoryStore store(Manual());
  const Position position = Put(store, KeyOf("a"), "1");
  EXPECT_EQ(Newest(store, KeyOf("a")), "1");
  EXPECT_EQ(Durable(store, KeyOf("a")), std::nullopt);
  store.Flush(position);
  EXPECT_EQ(Durable(store, KeyOf("a")), "1");
}

TEST(MemoryStoreTest, FlushReleasesUpToItsPositionAlone) {
  MemoryStore store(Manual());
  const Position first = Put(store, KeyOf("a"), "1");
  const Position second = Put(store, KeyOf("a"), "2");
  ReleaseProbe first_probe;
  ReleaseProbe second_probe;
  first_probe.Watch(store, first);
  second_probe.Watch(store, second);
  EXPECT_TRUE(first_probe.is_open());
  store.Flush(first);
  EXPECT_TRUE(first_probe.has_succeeded());
  EXPECT_TRUE(second_probe.is_open());
  EXPECT_EQ(Durable(store, KeyOf("a")), "1");
  EXPECT_EQ(store.LastDurable(first.group()), first);
  EXPECT_EQ(store.LastCommitted(first.group()), second);
  store.FlushAll();
  EXPECT_TRUE(second_probe.has_succeeded());
}

TEST(MemoryStoreTest, ReleaseMayCallTheStore) {
  MemoryStore store(Manual());
  bool has_written = false;
  store.Release(Put(store, KeyOf("a"), "1"), [&](const StoreResult<void>&) {
    Put(store, KeyOf("a"), "2");
    has_written = true;
  });
  store.FlushAll();
  EXPECT_TRUE(has_written);
  EXPECT_EQ(Newest(store, KeyOf("a")), "2");
}

TEST(MemoryStoreTest, CrashLosesWhatWasQueuedAndKeepsWhatWasDurable) {
  MemoryStore store(Manual());
  store.Flush(Put(store, KeyOf("a"), "1"));
  const Position lost = Put(store, KeyOf("a"), "2");
  Put(store, KeyOf("b"), "2");
  ReleaseProbe probe;
  probe.Watch(store, lost);
  store.Crash();
  EXPECT_EQ(probe.code(), StatusCode::kUnknown);
  EXPECT_EQ(Newest(store, KeyOf("a")), "1");
  EXPECT_EQ(Newest(store, KeyOf("b")), std::nullopt);
  ReleaseProbe late;
  late.Watch(store, lost);
  EXPECT_EQ(late.code(), StatusCode::kUnknown);
}

TEST(MemoryStoreTest, CommitsAfterACrashAreNotTakenForTheLostOnes) {
  MemoryStore store(Manual());
  const Position lost = Put(store, KeyOf("a"), "lost");
  store.Crash();
  const Position kept = Put(store, KeyOf("a"), "kept");
  EXPECT_GT(kept.commit_number(), lost.commit_number());
  EXPECT_TRUE(store.Await(kept).has_value());
  EXPECT_EQ(store.Await(lost).error().code(), StatusCode::kUnknown);
  EXPECT_EQ(Durable(store, KeyOf("a")), "kept");
}

TEST(MemoryStoreTest, CrashTakesBackGenerationsAndCounters) {
  MemoryStore store(Manual());
  const Key key = KeyOf("a");
  ASSERT_TRUE(store
                  .Update(std::span(&key, 1), {}, {},
                          [&](std::span<const CurrentValue>) {
                            WriteBatch batch;
                            batch.SetGeneration(7, 1);
                            batch.Add(KeyOf("count"), 1);
                            return std::optional(std::move(batch));
                          })
                  .has_value());
  const std::vector<Guard> guards = {{.id = 7, .generation = 0}};
  EXPECT_EQ(TryPut(store, key, "1", guards).error().code(), StatusCode::kStale);
  store.Crash();
  EXPECT_TRUE(TryPut(store, key, "1", guards).has_value());
  EXPECT_EQ(Newest(store, KeyOf("count")), std::nullopt);
}

TEST(MemoryStoreTest, CrashKeepsImagesAndNeverGivesAKeyspaceIdAgain) {
  MemoryStore store(Manual());
  store.Flush(Put(store, KeyOf("a"), "1"));
  const std::vector<KeyspaceId> keyspaces = {kSpace};
  ASSERT_TRUE(store.Freeze("image", keyspaces).has_value());
  const KeyspaceId before = *store.CreateKeyspace();
  store.Flush(Put(store, KeyOf("a"), "2"));
  store.Crash();
  EXPECT_GT(*store.CreateKeyspace(), before);
  const auto image = store.OpenImage("image", store.GroupOf(KeyOf("a")));
  ASSERT_TRUE(image.has_value());
  EXPECT_EQ(*(*image)->Get(KeyOf("a")), "1");
}

TEST(MemoryStoreTest, ImageHoldsNothingThatACrashCouldUndo) {
  MemoryStore store(Manual());
  Put(store, KeyOf("a"), "1");
  const std::vector<KeyspaceId> keyspaces = {kSpace};
  ASSERT_TRUE(store.Freeze("image", keyspaces).has_value());
  store.FlushAll();
  const auto image = store.OpenImage("image", store.GroupOf(KeyOf("a")));
  EXPECT_EQ(*(*image)->Get(KeyOf("a")), std::nullopt);
}

TEST(MemoryStoreTest, CrashOpensAClosedStoreAgain) {
  MemoryStore store(Manual());
  Put(store, KeyOf("a"), "1");
  ASSERT_TRUE(store.Close().has_value());
  store.Crash();
  EXPECT_EQ(Durable(store, KeyOf("a")), "1");
}

TEST(MemoryStoreTest, FullDiskFailsWhatWasQueuedAndTheStoreGoesOn) {
  MemoryStore store(Manual());
  const Position lost = Put(store, KeyOf("a"), "1");
  ReleaseProbe probe;
  probe.Watch(store, lost);
  store.FailQueued(StatusCode::kOutOfSpace);
  EXPECT_EQ(probe.code(), StatusCode::kOutOfSpace);
  EXPECT_EQ(Newest(store, KeyOf("a")), std::nullopt);
  EXPECT_TRUE(store.Await(Put(store, KeyOf("a"), "2")).has_value());
  EXPECT_EQ(store.Await(lost).error().code(), StatusCode::kOutOfSpace);
}

TEST(MemoryStoreTest, RefusalThatReadALostValueFailsWithIt) {
  MemoryStore store(Manual());
  const Key key = KeyOf("a");
  Put(store, key, "1");
  const auto refused = store.Update(
      std::span(&key, 1), {}, {},
      [](std::span<const CurrentValue>) -> std::optional<WriteBatch> { return std::nullopt; });
  ReleaseProbe probe;
  probe.Watch(store, refused->position);
  EXPECT_TRUE(probe.is_open());
  store.Crash();
  EXPECT_EQ(probe.code(), StatusCode::kUnknown);
}

TEST(MemoryStoreTest, FullQueueRefusesUntilItIsFlushed) {
  MemoryStoreOptions options = Manual();
  options.queue_byte_count_max = 1000;
  MemoryStore store(options);
  Put(store, KeyOf("a"), std::string(2000, 'x'));
  EXPECT_EQ(TryPut(store, KeyOf("b"), "1").error().code(), StatusCode::kOverloaded);
  store.FlushAll();
  EXPECT_TRUE(TryPut(store, KeyOf("b"), "1").has_value());
}

TEST(MemoryStoreTest, MovedGroupFailsOldPositionsAndServesAgainInANewEpoch) {
  MemoryStore store(Manual(3));
  const Key key = KeyOf("a");
  const Position durable = Put(store, key, "1");
  store.Flush(durable);
  const Position queued = Put(store, key, "2");
  const Key elsewhere = KeyOf("b", UINT64_MAX);
  const Position other = Put(store, elsewhere, "1");
  ReleaseProbe probe;
  probe.Watch(store, queued);
  store.MoveGroup(durable.group());
  EXPECT_EQ(probe.code(), StatusCode::kMoved);
  EXPECT_EQ(store.Await(durable).error().code(), StatusCode::kMoved);
  EXPECT_TRUE(store.Await(other).has_value());
  EXPECT_EQ(Newest(store, key), "1");
  const Position after = Put(store, key, "3");
  EXPECT_EQ(after.epoch(), durable.epoch() + 1);
  EXPECT_EQ(store.Groups(kSpace)[0].epoch, after.epoch());
  EXPECT_TRUE(store.Await(after).has_value());
}

TEST(MemoryStoreTest, LostGroupAnswersMovedUntilItIsGained) {
  MemoryStore store(Manual(2));
  std::vector<std::string> told;
  store.OnGroupChange(
      [&](GroupId group) { told.push_back("+" + std::to_string(static_cast<int>(group))); },
      [&](GroupId group) { told.push_back("-" + std::to_string(static_cast<int>(group))); });
  const Key key = KeyOf("a");
  const GroupId group = store.GroupOf(key);
  store.LoseGroup(group);
  EXPECT_EQ(TryPut(store, key, "1").error().code(), StatusCode::kMoved);
  EXPECT_EQ(store.OpenView(group, ReadTier::kDisk).error().code(), StatusCode::kMoved);
  store.GainGroup(group);
  EXPECT_TRUE(TryPut(store, key, "1").has_value());
  EXPECT_EQ(told, (std::vector<std::string>{"+1", "+2", "-1", "+1"}));
}

TEST(MemoryStoreTest, KeepsNoOldVersionsWhenTheViewsAreGone) {
  MemoryStore store;
  for (int number = 0; number < 5000; ++number) {
    Put(store, KeyOf(std::to_string(number % 50)), std::to_string(number));
  }
  {
    const auto view = store.OpenView(store.GroupOf(KeyOf("")), ReadTier::kDisk);
    for (int number = 0; number < 50; ++number) Put(store, KeyOf(std::to_string(number)), "new");
    EXPECT_EQ(store.VersionCount(), 100u);
  }
  EXPECT_EQ(store.VersionCount(), 50u);
}

TEST(MemoryStoreTest, CommitTimeFollowsTheClockAndNeverStandsStill) {
  SimulatedClock clock;
  MemoryStoreOptions options;
  options.clock = &clock;
  MemoryStore store(options);
  const Key key = KeyOf("a");
  const WallTime first = TryPut(store, key, "1")->commit_time;
  EXPECT_EQ(first, clock.WallNow());
  EXPECT_EQ(TryPut(store, key, "2")->commit_time, first + Duration(1));
  clock.StepWall(Duration(-5'000'000));
  EXPECT_EQ(TryPut(store, key, "3")->commit_time, first + Duration(2));
  clock.Advance(Duration(60'000'000));
  EXPECT_EQ(TryPut(store, key, "4")->commit_time, clock.WallNow());
}

// A fault of one kind, always.
class OneFault : public StoreFaults {
 public:
  explicit OneFault(UpdateFault fault) : fault_(fault) {}
  UpdateFault OnUpdate(ReadTier, bool) override { return fault_; }
  std::optional<std::size_t> OnConflict(std::size_t) override { return conflict_key; }
  std::optional<StatusCode> OnOpenView() override { return std::nullopt; }
  std::optional<StatusCode> OnRead(ReadTier) override { return std::nullopt; }
  void Set(UpdateFault fault) { fault_ = fault; }

  std::optional<std::size_t> conflict_key;

 private:
  UpdateFault fault_;
};

TEST(StoreFaultsTest, SurelyNotAppliedIsNotApplied) {
  const std::map<UpdateFault, StatusCode> codes = {
      {UpdateFault::kWouldBlock, StatusCode::kWouldBlock},
      {UpdateFault::kStale, StatusCode::kStale},
      {UpdateFault::kConflict, StatusCode::kConflict},
      {UpdateFault::kOverloaded, StatusCode::kOverloaded},
      {UpdateFault::kDeadline, StatusCode::kDeadline},
      {UpdateFault::kOutOfSpace, StatusCode::kOutOfSpace},
      {UpdateFault::kUnavailable, StatusCode::kUnavailable},
      {UpdateFault::kMoved, StatusCode::kMoved},
      {UpdateFault::kUnknownLost, StatusCode::kUnknown}};
  for (const auto& [fault, code] : codes) {
    OneFault faults(fault);
    MemoryStoreOptions options;
    options.faults = &faults;
    MemoryStore store(options);
    EXPECT_EQ(TryPut(store, KeyOf("a"), "1").error().code(), code);
    faults.Set(UpdateFault::kNone);
    EXPECT_EQ(Newest(store, KeyOf("a")), std::nullopt);
  }
}

TEST(StoreFaultsTest, AConflictMayTellItsKey) {
  OneFault faults(UpdateFault::kConflict);
  MemoryStoreOptions options;
  options.faults = &faults;
  MemoryStore store(options);
  const std::vector<Key> keys = {KeyOf("a"), KeyOf("b")};
  const auto conflict = [&] {
    return store.Update(keys, {}, {}, [](std::span<const CurrentValue>) { return WriteBatch(); })
        .error();
  };
  EXPECT_EQ(conflict().key_index(), std::nullopt);
  faults.conflict_key = 1;
  EXPECT_EQ(conflict().code(), StatusCode::kConflict);
  EXPECT_EQ(conflict().key_index(), 1U);
  faults.Set(UpdateFault::kOverloaded);
  EXPECT_EQ(conflict().key_index(), std::nullopt);
}

// Over many conflicts: every key, and none.
TEST(StoreFaultsTest, SeededConflictsAreOverAnyKey) {
  SeededStoreFaults faults(1, {});
  std::set<std::optional<std::size_t>> met;
  for (int i = 0; i < 200; ++i) met.insert(faults.OnConflict(3));
  EXPECT_EQ(met, (std::set<std::optional<std::size_t>>{std::nullopt, 0, 1, 2}));
}

TEST(StoreFaultsTest, UnknownMayBeApplied) {
  OneFault faults(UpdateFault::kUnknownApplied);
  MemoryStoreOptions options;
  options.faults = &faults;
  MemoryStore store(options);
  EXPECT_EQ(TryPut(store, KeyOf("a"), "1").error().code(), StatusCode::kUnknown);
  faults.Set(UpdateFault::kNone);
  EXPECT_EQ(Newest(store, KeyOf("a")), "1");
}

TEST(StoreFaultsTest, DecideRunsOnOlderValuesFirstAndTheNewestCount) {
  OneFault faults(UpdateFault::kNone);
  MemoryStoreOptions options = Manual();
  options.faults = &faults;
  MemoryStore store(options);
  Put(store, KeyOf("a"), "queued");
  faults.Set(UpdateFault::kDecideAgain);
  const Key key = KeyOf("a");
  std::vector<std::string> seen;
  const auto outcome =
      store.Update(std::span(&key, 1), {}, {},
                   [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
                     seen.emplace_back(values[0].value_or("absent"));
                     if (!values[0]) return std::nullopt;
                     WriteBatch batch;
                     batch.Put(key, "seen");
                     return batch;
                   });
  EXPECT_TRUE(outcome->committed);
  EXPECT_EQ(seen, (std::vector<std::string>{"absent", "queued", "queued", "queued"}));
}

TEST(StoreFaultsDeathTest, DecideThatIsNotPureIsCaught) {
  OneFault faults(UpdateFault::kDecideAgain);
  MemoryStoreOptions options;
  options.faults = &faults;
  MemoryStore store(options);
  const Key key = KeyOf("a");
  const auto update = [&] {
    int run_count = 0;
    std::ignore = store.Update(std::span(&key, 1), {}, {}, [&](std::span<const CurrentValue>) {
      WriteBatch batch;
      batch.Put(key, std::to_string(run_count++));
      return std::optional(std::move(batch));
    });
  };
  EXPECT_DEATH(update(), "not pure");
}

TEST(StoreFaultsTest, SeedDrawsTheSameFaultsAgain) {
  const auto draw = [](std::uint64_t seed) {
    SeededStoreFaults faults(seed, {});
    std::vector<UpdateFault> drawn;
    for (int call = 0; call < 500; ++call) {
      drawn.push_back(faults.OnUpdate(ReadTier::kMemory, true));
    }
    return drawn;
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
}

TEST(StoreFaultsTest, FaultsStandOnlyWhereTheStoreMayAnswerThem) {
  SeededStoreFaults faults(1, {.would_block_one_in = 1, .stale_one_in = 1});
  for (int call = 0; call < 200; ++call) {
    const UpdateFault fault = faults.OnUpdate(ReadTier::kDisk, false);
    EXPECT_NE(fault, UpdateFault::kWouldBlock);
    EXPECT_NE(fault, UpdateFault::kStale);
    EXPECT_EQ(faults.OnRead(ReadTier::kDisk), std::nullopt);
  }
  EXPECT_EQ(faults.OnUpdate(ReadTier::kMemory, true), UpdateFault::kWouldBlock);
  EXPECT_EQ(faults.OnUpdate(ReadTier::kDisk, true), UpdateFault::kStale);
  EXPECT_EQ(faults.OnRead(ReadTier::kMemory), StatusCode::kWouldBlock);
}

TEST(StoreFaultsTest, NothingHappensWhileTheyAreSwitchedOff) {
  SeededStoreFaults faults(1, {.would_block_one_in = 1, .unavailable_one_in = 1});
  faults.Enable(false);
  EXPECT_EQ(faults.OnUpdate(ReadTier::kMemory, true), UpdateFault::kNone);
  EXPECT_EQ(faults.OnOpenView(), std::nullopt);
  EXPECT_EQ(faults.OnRead(ReadTier::kMemory), std::nullopt);
  faults.Enable(true);
  EXPECT_EQ(faults.OnOpenView(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace gramme
