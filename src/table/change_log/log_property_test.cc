// Streams and point-in-time recovery come and go, shards are split, the sweep runs, the clock is
// set back: at every moment recovery has what it takes to be there again, a stream has its own
// changes and no others, and what nobody needs goes.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "encoding/item_encoding.h"
#include "model/testing/random_values.h"
#include "table/change_log/testing/log_fixture.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

using Contents = std::map<std::string, Item>;  // by encoded key

// More than the clock is ever behind the times of commits.
constexpr Duration kSlack = std::chrono::hours(1);

Item KeyOf(const Item& item) { return {{"P", item.at("P")}, {"R", item.at("R")}}; }
std::string NameOf(const Item& item) { return EncodeItem(KeyOf(item)); }

// The table as it was after the commits of these times, of each group.
struct Moment {
  std::vector<WallTime> times;
  Contents items;
};

// A change as its stream is to show it.
struct ShownChange {
  WallTime time{};
  std::string name;
  ChangeKind kind = ChangeKind::kInsert;
  std::optional<Item> old_image;
  std::optional<Item> new_image;
  friend bool operator==(const ShownChange&, const ShownChange&) = default;
};
// By time and name: commits of two groups may have one time.
using ShownChanges = std::map<std::pair<WallTime, std::string>, ShownChange>;

class LogPropertyTest : public testing::TestWithParam<std::size_t> {
 protected:
  void Step() {
    const std::uint64_t kind = random_.Below(100);
    if (kind < 70) {
      Write();
    } else if (kind < 74) {
      if (base_) moments_.push_back(Now());
    } else if (kind < 80) {
      SwitchStream();
    } else if (kind < 84) {
      SwitchRecovery();
    } else if (kind < 87) {
      Split();
    } else if (kind < 90) {
      StartLogLater();
    } else if (kind < 95) {
      world_.clock().Advance(std::chrono::hours(random_.Below(16)));
    } else if (kind < 97 && stepped_back_ < kSlack) {
      stepped_back_ += std::chrono::minutes(1);
      world_.clock().StepWall(-std::chrono::minutes(1));
    } else {
      Sweep();
    }
    world_.clock().Advance(Duration(static_cast<std::int64_t>(random_.Below(3))));
  }

  void Write() {
    const Item item = ItemWorld::RandomItem(random_);
    const std::string name = NameOf(item);
    const auto found = items_.find(name);
    const std::optional<Item> before =
        found == items_.end() ? std::nullopt : std::optional(found->second);
    const bool is_put = random_.Below(3) > 0;
    const std::size_t group = GroupOf(KeyOfItem(*world_.table(), item)->placement);
    const WallTime time = std::max(Commit(group) + Duration(1), world_.clock().WallNow());
    if (is_put) {
      world_.Write(world_.Put(item));
      items_[name] = item;
    } else {
      world_.Write(world_.Delete(KeyOf(item)));
      items_.erase(name);
    }
    const std::optional<Item> after = is_put ? std::optional(item) : std::nullopt;
    if (before == after || !HasEnabledStream(world_.description())) return;
    const StreamDescription& stream = *world_.description().stream;
    streams_[stream.label][{time, name}] = {
        .time = time,
        .name = name,
        .kind = !before  ? ChangeKind::kInsert
                : !after ? ChangeKind::kRemove
                         : ChangeKind::kModify,
        .old_image = ShowsOldImages(stream.view_type) ? before : std::nullopt,
        .new_image = ShowsNewImages(stream.view_type) ? after : std::nullopt};
  }

  void SwitchStream() {
    if (HasEnabledStream(world_.description())) {
      Edit([&](TableDescription& table) { return DisableStream(world_.clock().WallNow(), table); });
      return;
    }
    const NewRecovery needs = NewRecoveryOf(world_);
    Edit([&, type = static_cast<StreamViewType>(random_.Below(4)),
          count = std::uint32_t{1} << random_.Below(2)](TableDescription& table) {
      return EnableStream({.view_type = type,
                           .now = needs.now,
                           .log_keyspace = needs.log_keyspace,
                           .groups = needs.groups,
                           .shard_count = count},
                          table);
    });
  }

  void SwitchRecovery() {
    if (base_) {
      ExpectMoments();
      base_.reset();
      moments_.clear();
      Edit([&](TableDescription& table) -> Result<void> {
        DisableRecovery(world_.clock().WallNow(), table);
        return {};
      });
      return;
    }
    const NewRecovery recovery = NewRecoveryOf(world_);
    Edit([&](TableDescription& table) -> Result<void> {
      EnableRecovery(recovery, table);
      return {};
    });
    base_ = Now();
  }

  void Split() {
    if (!HasEnabledStream(world_.description())) return;
    const auto open =
        std::ranges::count_if(world_.description().change_log->shards,
                              [](const LogShard& shard) { return !shard.closing_time; });
    if (open >= 16) return;
    Edit([&](TableDescription& table) {
      return SplitStreamShards(static_cast<std::uint32_t>(open) * 2, world_.clock().WallNow(),
                               table);
    });
  }

  // As when the oldest base goes.
  void StartLogLater() {
    if (moments_.empty()) return;
    const std::size_t chosen = random_.Below(moments_.size());
    base_ = moments_[chosen];
    moments_.erase(moments_.begin(), moments_.begin() + static_cast<std::ptrdiff_t>(chosen) + 1);
    const WallTime start = std::ranges::min(base_->times);
    Edit([&](TableDescription& table) -> Result<void> {
      WallTime& log_start = table.point_in_time_recovery->log_start;
      log_start = std::max(log_start, start);
      return {};
    });
  }

  void Sweep() {
    ASSERT_TRUE(SweepChangeLogs(world_.store(), world_.catalog(), world_.clock().WallNow()));
    world_.EditTable([](TableDescription&) { return Result<void>(); });
    ExpectNoLeftovers();
  }

  void Edit(Catalog::Edit edit) {
    world_.EditTable(edit);
    if (world_.description().change_log) logs_.insert(world_.description().change_log->keyspace);
    ExpectCover();
  }

  std::size_t GroupOf(std::uint64_t placement) const {
    std::size_t i = 0;
    while (placement > groups_[i].placement_last) ++i;
    return i;
  }
  // The time of a commit that changes nothing.
  WallTime Commit(std::size_t group) {
    const Key key = {.keyspace = world_.table()->keyspace(),
                     .placement = groups_[group].placement_first,
                     .bytes = "nothing"};
    return world_.store()
        .Update({&key, 1}, {}, {}, [](auto) { return std::optional(WriteBatch()); })
        ->commit_time;
  }
  Moment Now() {
    Moment moment = {.times = {}, .items = items_};
    for (std::size_t i = 0; i < groups_.size(); ++i) moment.times.push_back(Commit(i));
    return moment;
  }

  // Open shards have every placement once where anybody needs them, and none otherwise.
  void ExpectCover() {
    const TableDescription& table = world_.description();
    std::map<std::uint64_t, std::uint64_t> open;
    if (table.change_log) {
      for (const LogShard& shard : table.change_log->shards) {
        if (shard.closing_time) continue;
        EXPECT_TRUE(open.emplace(shard.placement_first, shard.placement_last).second);
      }
    }
    if (!HasEnabledStream(table) && !table.point_in_time_recovery) {
      EXPECT_TRUE(open.empty());
      return;
    }
    std::uint64_t next = 0;
    for (const auto& [first, last] : open) {
      EXPECT_EQ(first, next);
      next = last + 1;
    }
    EXPECT_EQ(next, 0u);
    EXPECT_FALSE(open.empty());
  }

  void ExpectMoments() {
    std::vector<std::vector<Change>> changes(groups_.size());
    const ChangeLogDescription log = *world_.description().change_log;
    for (const LogShard& shard : log.shards) {
      const std::size_t group = GroupOf(shard.placement_first);
      const LogPosition from = LogPosition::At(base_->times[group] + Duration(1));
      const auto page = ReadLogPage(world_.store(), log.keyspace, shard, from,
                                    {.count_max = SIZE_MAX, .bytes_max = SIZE_MAX});
      ASSERT_TRUE(page && page->is_last);
      ASSERT_FALSE(page->is_trimmed);
      for (const LogEntry& entry : page->entries) {
        changes[group].push_back(Decode(entry, shard.number));
      }
    }
    for (auto& of_group : changes) std::ranges::sort(of_group, {}, &Change::position);
    moments_.push_back(Now());
    for (const Moment& moment : moments_) {
      Contents replay = base_->items;
      for (std::size_t group = 0; group < groups_.size(); ++group) {
        for (const Change& change : changes[group]) {
          if (change.position.time() <= moment.times[group]) Apply(change, replay);
        }
      }
      EXPECT_EQ(replay, moment.items);
    }
    moments_.pop_back();
  }

  static void Apply(const Change& change, Contents& table) {
    ASSERT_EQ(change.new_image.has_value(), change.kind != ChangeKind::kRemove);
    if (change.new_image) {
      table[NameOf(*change.new_image)] = *change.new_image;
    } else {
      table.erase(NameOf(change.keys ? *change.keys : *change.old_image));
    }
  }

  // Each stream shows all of its changes that are young enough, and nothing else.
  void ExpectStreams() {
    const WallTime since = world_.clock().WallNow() - kStreamRetention;
    std::set<std::string> labels;
    const auto streams = *ListStreamRecords(world_.store(), {});
    for (const StreamRecord& stream : streams) {
      labels.insert(stream.stream.label);
      const ShownChanges shown = Shown(stream, since);
      const ShownChanges& wanted = streams_[stream.stream.label];
      for (const auto& [name, change] : shown) {
        const auto found = wanted.find(name);
        ASSERT_TRUE(found != wanted.end());
        EXPECT_EQ(change, found->second);
        EXPECT_GE(change.time, since);
      }
      for (const auto& [name, change] : wanted) {
        if (change.time >= since + kSlack) {
          EXPECT_TRUE(shown.contains(name));
        }
      }
    }
    for (const auto& [label, wanted] : streams_) {
      if (labels.contains(label)) continue;
      for (const auto& [name, change] : wanted) EXPECT_LT(change.time, since + kSlack);
    }
  }

  ShownChanges Shown(const StreamRecord& stream, WallTime since) {
    ShownChanges shown;
    for (const LogShard& shard : stream.shards) {
      const auto bounds = ReadLogShardBounds(world_.store(), stream.log_keyspace, shard, since);
      const auto page = ReadLogPage(
          world_.store(), stream.log_keyspace, shard, bounds->first,
          {.count_max = SIZE_MAX, .bytes_max = SIZE_MAX, .since = since, .stream = &stream});
      EXPECT_TRUE(page && page->is_last && !page->is_trimmed);
      for (const LogEntry& entry : page->entries) {
        const Change change = Decode(entry, shard.number);
        const Item& keys = change.keys        ? *change.keys
                           : change.new_image ? *change.new_image
                                              : *change.old_image;
        shown[{change.position.time(), NameOf(keys)}] = {.time = change.position.time(),
                                                         .name = NameOf(keys),
                                                         .kind = change.kind,
                                                         .old_image = change.old_image,
                                                         .new_image = change.new_image};
      }
    }
    return shown;
  }

  // After a sweep: what is stored belongs to a shard that somebody has yet.
  void ExpectNoLeftovers() {
    const std::optional<ChangeLogDescription>& log = world_.description().change_log;
    const auto streams = *ListStreamRecords(world_.store(), {});
    for (const std::uint64_t keyspace : logs_) {
      std::set<std::string> prefixes;  // of the keys of shards
      const auto add = [&](const std::vector<LogShard>& shards) {
        for (const LogShard& shard : shards) {
          prefixes.insert(TrimPointKey(keyspace, shard).bytes.substr(1));
        }
      };
      if (log && log->keyspace == keyspace) add(log->shards);
      for (const StreamRecord& stream : streams) {
        if (stream.log_keyspace == keyspace) add(stream.shards);
      }
      for (const auto& [key, value] : world_.Stored(keyspace)) {
        EXPECT_TRUE(prefixes.contains(key.substr(1, 4)));
      }
    }
  }

  const std::uint64_t seed_ = TestSeed();
  SeededRandom random_{seed_};
  ItemWorld world_{{.group_count = GetParam()}};
  const std::vector<Group> groups_ = world_.store().Groups(world_.table()->keyspace());
  Contents items_;
  std::map<std::string, ShownChanges> streams_;  // by label
  std::set<std::uint64_t> logs_;                 // keyspaces
  std::optional<Moment> base_;                   // where recovery is on
  std::vector<Moment> moments_;                  // since the base
  Duration stepped_back_{0};
};

TEST_P(LogPropertyTest, WhoeverNeedsTheLogHasItAndNobodyElse) {
  for (int round = 0; round < 15; ++round) {
    for (int step = 0; step < 60; ++step) Step();
    if (base_) ExpectMoments();
    ExpectStreams();
    if (HasFailure()) break;
  }
  if (base_) SwitchRecovery();
  if (HasEnabledStream(world_.description())) SwitchStream();
  world_.clock().Advance(kStreamRetention + 2 * kSlack);
  Sweep();
  EXPECT_FALSE(world_.description().change_log || world_.description().stream);
  EXPECT_TRUE(ListStreamRecords(world_.store(), {})->empty());
  for (const std::uint64_t keyspace : logs_) EXPECT_TRUE(world_.Stored(keyspace).empty());
}

INSTANTIATE_TEST_SUITE_P(Groups, LogPropertyTest, testing::Values(1, 3));

}  // namespace
}  // namespace gramme
