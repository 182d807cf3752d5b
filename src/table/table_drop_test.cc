// The end of a table that had point-in-time recovery, as whoever takes its last backup sees it.

#include "table/table_drop.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "encoding/record.h"
#include "storage/memory/store_faults.h"
#include "table/change_log/stream_edits.h"
#include "table/testing/table_world.h"

namespace gramme {
namespace {

constexpr Duration kDelay = std::chrono::seconds(3);

Item SomeItem() { return {{"id", std::string("1")}}; }

// Stops answering after some calls, until it is told to go on.
class StoppingStore : public StoreFaults {
 public:
  // What becomes of the Update at which it stops.
  explicit StoppingStore(UpdateFault last = UpdateFault::kNone) : last_(last) {}

  void StopAfter(int call_count) { left_ = call_count; }
  void GoOn() { left_.reset(); }
  bool has_stopped() const { return left_ && *left_ <= 0; }

  // Counts a call.
  bool IsAnswering() { return !left_ || --*left_ >= 0; }
  UpdateFault OnUpdate(ReadTier, bool) override {
    const bool is_last = left_ == 1;
    return !IsAnswering() ? UpdateFault::kUnavailable : is_last ? last_ : UpdateFault::kNone;
  }
  std::optional<StatusCode> OnOpenView() override {
    return IsAnswering() ? std::optional<StatusCode>() : StatusCode::kUnavailable;
  }
  std::optional<StatusCode> OnRead(ReadTier) override { return std::nullopt; }

 private:
  const UpdateFault last_;
  std::optional<int> left_;  // calls that are answered yet; nothing: all
};

class TableDropTest : public testing::Test {
 protected:
  void Begin(Duration delay, StoppingStore* faults = nullptr) {
    world_ = std::make_unique<TableWorld>(
        TableWorldOptions{.faults = faults, .transition_delay = delay});
    ASSERT_TRUE(world_->Create("Music"));
    ASSERT_TRUE(world_->RunJobs());
    ASSERT_TRUE(world_->Put("Music", SomeItem()));
    world_->store.FlushAll();
    table_ = world_->Find("Music")->description();
    seen_.clear();
    world_->before_drop = [this, faults](const TableDescription& removed,
                                         WallTime deletion_time) -> StoreResult<void> {
      if (faults != nullptr && !faults->IsAnswering()) {
        return StoreError(StatusCode::kUnavailable, "stopped");
      }
      EXPECT_EQ(world_->catalog().view()->Find("Music"), nullptr);
      EXPECT_EQ(removed.id, table_.id);
      EXPECT_TRUE(removed.point_in_time_recovery);
      EXPECT_EQ(removed.change_log->keyspace, table_.change_log->keyspace);
      EXPECT_FALSE(is_gone_);
      seen_.push_back(deletion_time);
      return outcome_;
    };
    // The item goes with its keyspace.
    is_gone_ = false;
    world_->store.on_update = [this](std::span<const Key> keys) {
      for (const Key& key : keys) is_gone_ |= key.keyspace == KeyspaceId{table_.keyspace};
    };
  }
  void Edit(Catalog::Edit edit) {
    const auto edited = world_->catalog().EditTable("Music", edit, [](WriteBatch&) {});
    ASSERT_TRUE(edited);
    table_ = edited->table->description();
  }
  void SetRecovery(bool is_on) {
    const NewRecovery recovery = {
        .now = world_->clock.WallNow(),
        .log_keyspace = static_cast<std::uint64_t>(*world_->store.CreateKeyspace()),
        .groups = world_->store.Groups(KeyspaceId{table_.keyspace})};
    Edit([&](TableDescription& table) -> Result<void> {
      is_on ? EnableRecovery(recovery, table) : DisableRecovery(recovery.now, table);
      return {};
    });
  }
  void EnableAStream() {
    const NewStream stream = {.now = world_->clock.WallNow(),
                              .groups = world_->store.Groups(KeyspaceId{table_.keyspace})};
    Edit([&](TableDescription& table) { return EnableStream(stream, table); });
  }
  void FailOnce() {
    outcome_ = StoreError(StatusCode::kOutOfSpace, "full");
    while (seen_.empty()) {
      world_->store.FlushAll();
      ASSERT_TRUE(world_->executor().RunOne());
    }
    EXPECT_EQ(world_->KeyCount(table_.keyspace), 1U);
    outcome_ = {};
  }
  void ExpectGone() {
    EXPECT_EQ(world_->Find("Music"), nullptr);
    EXPECT_EQ(world_->KeyCount(table_.keyspace), 0U);
    if (!table_.change_log) return;
    EXPECT_EQ(world_->KeyCount(table_.change_log->keyspace), 0U);
  }

  std::unique_ptr<TableWorld> world_;
  TableDescription table_;
  bool is_gone_ = false;
  std::vector<WallTime> seen_;  // the times of deletion it was told
  StoreResult<void> outcome_;
};

TEST_F(TableDropTest, RecoverySeesTheTableBeforeItGoes) {
  for (const Duration delay : {Duration(0), kDelay}) {
    Begin(delay);
    SetRecovery(true);
    world_->clock.Advance(std::chrono::hours(1));
    const WallTime deletion_time = world_->clock.WallNow();
    ASSERT_TRUE(world_->Drop("Music"));
    ASSERT_TRUE(world_->RunJobs());
    EXPECT_EQ(seen_, std::vector{deletion_time});
    ExpectGone();
  }
}

TEST_F(TableDropTest, TheLogOfAStreamStays) {
  for (const Duration delay : {Duration(0), kDelay}) {
    Begin(delay);
    SetRecovery(true);
    EnableAStream();
    Item item = SomeItem();
    item["A"] = std::string("a");
    ASSERT_TRUE(world_->Put("Music", item));
    is_gone_ = false;
    ASSERT_TRUE(world_->Drop("Music"));
    ASSERT_TRUE(world_->RunJobs());
    EXPECT_EQ(seen_.size(), 1U);
    EXPECT_EQ(world_->KeyCount(table_.keyspace), 0U);
    EXPECT_EQ(world_->KeyCount(table_.change_log->keyspace), 1U);
  }
}

TEST_F(TableDropTest, NobodySeesATableWithoutRecovery) {
  for (const Duration delay : {Duration(0), kDelay}) {
    Begin(delay);
    ASSERT_TRUE(world_->Drop("Music"));
    ASSERT_TRUE(world_->RunJobs());
    EXPECT_TRUE(seen_.empty());
    ExpectGone();
  }
}

TEST_F(TableDropTest, NothingGoesUntilItWasSeen) {
  for (const Duration delay : {Duration(0), kDelay}) {
    Begin(delay);
    SetRecovery(true);
    ASSERT_TRUE(world_->Drop("Music"));
    FailOnce();
    ASSERT_TRUE(world_->RunJobs());
    EXPECT_EQ(seen_.size(), 2U);
    ExpectGone();
  }
}

// What counts is what the table has when its record goes: also where the step that removed it
// failed afterwards, and where the process ended there.
TEST_F(TableDropTest, RecoveryMayComeAndGoWhileTheTableIsDeleted) {
  for (const bool is_on : {true, false}) {
    for (const bool fails : {true, false}) {
      for (const bool crashes : {true, false}) {
        Begin(kDelay);
        SetRecovery(!is_on);
        ASSERT_TRUE(world_->Drop("Music"));
        SetRecovery(is_on);
        if (fails && is_on) FailOnce();
        if (crashes) world_->CrashAndStart();
        ASSERT_TRUE(world_->RunJobs());
        EXPECT_EQ(seen_.size(), is_on ? (fails ? 2U : 1U) : 0U);
        ExpectGone();
      }
    }
  }
}

// Wherever the store stops answering, with the outcome of the last Update known or not, and whether
// the process ends then or goes on.
TEST_F(TableDropTest, EndsRightWhereverItIsCutOff) {
  int place_count = 0;
  for (const Duration delay : {Duration(0), kDelay}) {
    for (const bool has_recovery : {true, false}) {
      for (const UpdateFault last :
           {UpdateFault::kNone, UpdateFault::kUnknownApplied, UpdateFault::kUnknownLost}) {
        for (const bool crashes : {true, false}) {
          bool was_cut_off = true;
          for (int place = 0; was_cut_off; ++place, ++place_count) {
            SCOPED_TRACE(place);
            StoppingStore stopping(last);
            Begin(delay, &stopping);
            SetRecovery(has_recovery != (delay > Duration(0)));
            ASSERT_TRUE(world_->Drop("Music"));
            if (delay > Duration(0)) SetRecovery(has_recovery);
            stopping.StopAfter(place);
            while (!stopping.has_stopped() && !world_->jobs().List().empty()) {
              world_->store.FlushAll();
              ASSERT_TRUE(world_->executor().RunOne());
            }
            was_cut_off = stopping.has_stopped();
            stopping.GoOn();
            if (crashes) world_->CrashAndStart();
            ASSERT_TRUE(world_->RunJobs());
            EXPECT_EQ(!seen_.empty(), has_recovery);
            ExpectGone();
          }
        }
      }
    }
  }
  EXPECT_GT(place_count, 100);
}

TEST_F(TableDropTest, AJobOfVersionOneGoesOn) {
  Begin(Duration(0));
  RecordWriter state(1);
  state.Bytes("Music");
  state.Unsigned(table_.number);
  state.Unsigned(1);
  state.Unsigned(table_.keyspace);
  const Job job = world_->jobs().NewJob(kTableDropJob, "Music", std::move(state).Finish());
  const auto removed = world_->catalog().RemoveTable(
      "Music", [](TableDescription&) { return Result<void>(); },
      [&](WriteBatch& batch) { Jobs::AddTo(batch, job); });
  ASSERT_TRUE(removed);
  world_->CrashAndStart();
  ASSERT_TRUE(world_->RunJobs());
  EXPECT_TRUE(seen_.empty());
  ExpectGone();
}

}  // namespace
}  // namespace gramme
