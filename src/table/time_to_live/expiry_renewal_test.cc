// G3: items expire over an hour while writers renew them, some between the moment at which the
// sweep found them and the one at which it deletes them, and the clock is set back and forth by an
// hour and by a day. After every pass each item that is due is gone, and every other one is there
// as it was last written. With a stream, each item that expired has one REMOVE record of the
// service, and nothing else has.
//
//   GRAMME_SEED        the seed; drawn and printed when it is not set
//   GRAMME_TTL_ITEMS   how many items: the long form

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/planted_bug.h"
#include "encoding/item_encoding.h"
#include "model/testing/random_values.h"
#include "table/change_log/change_record.h"
#include "table/change_log/log_reader.h"
#include "table/change_log/stream_edits.h"
#include "table/item/item_key.h"
#include "table/item/item_writer.h"
#include "table/testing/table_world.h"
#include "table/time_to_live/expiry_entry.h"
#include "table/time_to_live/expiry_sweep.h"

namespace gramme {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr int kPassCount = 80;
constexpr Duration kBetweenPasses = seconds(60);
constexpr std::int64_t kLifeSeconds = 3600;

std::size_t ItemCount() {
  const char* count = std::getenv("GRAMME_TTL_ITEMS");
  return count == nullptr ? 2000 : std::stoul(count);
}

// What the test wrote last under one key.
struct Written {
  bool exists = false;
  std::int64_t version = 0;
  // In milliseconds since 1970; nothing: never due.
  std::optional<std::int64_t> due;
};

std::int64_t VersionIn(const AttributeValue& value) {
  return std::stoll(value.get_if<Number>()->ToString());
}

// An item and one of its versions.
using Removal = std::pair<std::size_t, std::int64_t>;

class RenewalRun {
 public:
  RenewalRun(std::uint64_t seed, std::size_t item_count, bool has_stream)
      : world_({.seed = seed, .group_count = 1 + seed % 3}), items_(item_count) {
    EXPECT_TRUE(world_.Create("Things"));
    if (has_stream) EnableStreamOfBoth();
    EXPECT_TRUE(world_.SetTimeToLive("Things", "t", true));
    EXPECT_TRUE(world_.RunJobs());
    for (std::size_t i = 0; i < items_.size(); ++i) {
      Write(i, world_.random.OneIn(20) ? std::nullopt : std::optional(RandomDue(0)));
      key_of_[KeyOf(i).bytes] = i;
    }
    world_.store.FlushAll();
  }

  // What was violated first, or nothing.
  std::string Run() {
    for (int pass = 0; pass < kPassCount && problem_.empty(); ++pass) {
      MoveClock(pass);
      for (std::size_t i = items_.size() / kPassCount; i > 0; --i) WriteSomething();
      world_.store.FlushAll();
      Sweep();
      CheckItems();
    }
    if (problem_.empty()) CheckStream();
    return problem_;
  }

  std::size_t expired_count() const { return expired_count_; }
  std::size_t renewal_count() const { return renewal_count_; }

 private:
  void EnableStreamOfBoth() {
    const auto keyspace = world_.store.CreateKeyspace();
    const NewStream stream = {.view_type = StreamViewType::kNewAndOldImages,
                              .now = world_.clock.WallNow(),
                              .log_keyspace = static_cast<std::uint64_t>(*keyspace),
                              .groups = world_.store.Groups(*keyspace)};
    const auto edit = [&](TableDescription& table) { return EnableStream(stream, table); };
    EXPECT_TRUE(world_.catalog().EditTable("Things", edit, [](WriteBatch&) {}));
    has_stream_ = true;
  }

  // By an hour or a day, there and back; the sweep comes by in between.
  void MoveClock(int pass) {
    world_.clock.Advance(kBetweenPasses);
    switch (pass) {
      case 5:
        return world_.clock.StepWall(-hours(1));
      case 8:
        return world_.clock.StepWall(hours(1));
      case 12:
        return world_.clock.StepWall(-hours(24));
      case 15:
        return world_.clock.StepWall(hours(24));
      case 40:
        return world_.clock.StepWall(hours(1));
      case 43:
        return world_.clock.StepWall(-hours(1));
      case 60:
        return world_.clock.StepWall(hours(24));
      case 61:
        return world_.clock.StepWall(-hours(24));
      default:
        return;
    }
  }

  std::int64_t NowMillis() {
    return std::chrono::floor<std::chrono::milliseconds>(world_.clock.WallNow().time_since_epoch())
        .count();
  }
  // Within an hour, from so many seconds from now on; often with a fraction.
  std::int64_t RandomDue(std::int64_t seconds_from_now) {
    const auto later = static_cast<std::int64_t>(world_.random.Below(kLifeSeconds));
    const auto millis =
        static_cast<std::int64_t>(world_.random.OneIn(3) ? world_.random.Below(1000) : 0);
    return (NowMillis() / 1000 + seconds_from_now + later) * 1000 + millis;
  }
  bool IsDue(const Written& item) {
    if (!item.exists || !item.due) return false;
    const std::int64_t now = world_.clock.WallNow().time_since_epoch().count();
    // A fraction of a second is found in the next one.
    return *item.due * 1000 < now && (*item.due + 999) / 1000 <= now / 1'000'000;
  }

  static std::string IdOf(std::size_t item) { return "id" + std::to_string(item); }
  Key KeyOf(std::size_t item) {
    return KeyOfValidItem(world_.Find("Things")->description(),
                          {{"id", AttributeValue(IdOf(item))}});
  }

  // What a user's write shows of what was there before.
  void Saw(std::size_t item, bool existed) {
    const Written& before = items_[item];
    if (existed == before.exists) return;
    if (before.exists && IsDue(before)) {
      Expired(item);
    } else {
      problem_ = fmt::format("item {} version {} is {} though it was {}", item, before.version,
                             existed ? "there" : "lost", before.exists ? "not due" : "deleted");
    }
  }
  void Expired(std::size_t item) {
    ++expired_count_;
    removed_[{item, items_[item].version}] += 1;
    items_[item].exists = false;
  }

  bool Take(std::size_t item, WriteKind kind, const Item& attributes) {
    WriteAction action = {.kind = kind, .table = world_.Find("Things"), .item = &attributes};
    EXPECT_TRUE(BindAction(action));
    const ItemWrite write = WriteItem(world_.store, ReadTier::kDisk, action);
    EXPECT_TRUE(write.change);
    Saw(item, write.change->existed);
    return write.change->existed;
  }

  void Write(std::size_t item, std::optional<std::int64_t> due) {
    const std::int64_t version = items_[item].version + 1;
    Item attributes = {{"id", AttributeValue(IdOf(item))}, {"v", Number::FromInt(version)}};
    if (due) {
      attributes["t"] =
          Number::FromParts(false, static_cast<Number::Coefficient>(*due), -3).value();
    } else if (world_.random.OneIn(2)) {
      attributes["t"] = AttributeValue(std::string("never"));
    }
    Take(item, WriteKind::kPut, attributes);
    items_[item] = {.exists = true, .version = version, .due = due};
  }

  void Delete(std::size_t item) {
    Take(item, WriteKind::kDelete, {{"id", AttributeValue(IdOf(item))}});
    items_[item].exists = false;
  }

  std::size_t RandomItem() { return world_.random.Below(items_.size()); }

  void WriteSomething() {
    const std::size_t item = RandomItem();
    if (world_.random.OneIn(10)) return Delete(item);
    // Some are due when they are written.
    const bool expires = !world_.random.OneIn(20);
    Write(item, expires ? std::optional(RandomDue(-200)) : std::nullopt);
  }

  // Before a deletion by the sweep: renews that very item, or another one, so that it is not due.
  void Renew(std::span<const Key> keys) {
    if (!world_.random.OneIn(5)) return;
    ++renewal_count_;
    const auto found = key_of_.find(keys.front().bytes);
    const bool this_one = found != key_of_.end() && !world_.random.OneIn(4);
    const bool expires = !world_.random.OneIn(4);
    Write(this_one ? found->second : RandomItem(),
          expires ? std::optional(RandomDue(2)) : std::nullopt);
  }

  void Sweep() {
    world_.store.on_update = [this](std::span<const Key> keys) { Renew(keys); };
    do {
      if (const auto step = sweep_.Step(); !step) problem_ = step.error().message();
    } while (sweep_.is_in_pass() && problem_.empty());
    world_.store.on_update = nullptr;
    world_.store.FlushAll();
  }

  void CheckItems() {
    std::map<std::size_t, std::int64_t> found;  // item, version
    const TableDescription& table = world_.Find("Things")->description();
    for (const Group& group : world_.store.Groups(KeyspaceId{table.keyspace})) {
      const auto view = world_.store.OpenView(group.id, ReadTier::kDisk);
      const auto take = [&](std::string_view key, std::string_view value) {
        const auto version = ItemView::Open(value)->Find("v");
        found[key_of_.at(std::string(key))] = VersionIn(**version);
        return ScanStep::kContinue;
      };
      ASSERT_TRUE((*view)->Scan(KeyspaceId{table.keyspace}, {}, Direction::kForward, take));
    }
    for (std::size_t item = 0; item < items_.size() && problem_.empty(); ++item) {
      const auto stored = found.find(item);
      if (IsDue(items_[item])) {
        if (stored != found.end()) {
          problem_ = fmt::format("item {} is due and there", item);
        }
        Expired(item);
      } else if ((stored != found.end()) != items_[item].exists) {
        problem_ = fmt::format("item {} version {} is {}", item, items_[item].version,
                               items_[item].exists ? "lost" : "there");
      } else if (stored != found.end()) {
        if (stored->second != items_[item].version) {
          problem_ = fmt::format("item {} is an old version", item);
        }
      }
    }
  }

  // Each version that expired was removed once by the service, and none by anybody else.
  void CheckStream() {
    if (!has_stream_) return;
    std::map<Removal, int> removals;
    const TableDescription& table = world_.Find("Things")->description();
    for (const LogShard& shard : StreamShards(table)) {
      LogPosition next;
      for (bool is_last = false; !is_last;) {
        const auto page = ReadLogPage(world_.store, table.change_log->keyspace, shard, next, {});
        ASSERT_TRUE(page);
        for (const LogEntry& entry : page->entries) CountRemoval(entry.record, removals);
        next = page->next;
        is_last = page->is_last;
      }
    }
    if (removals != removed_) {
      problem_ = fmt::format("{} removals in the stream, {} items expired", removals.size(),
                             removed_.size());
    }
  }

  static void CountRemoval(std::string_view bytes, std::map<Removal, int>& removals) {
    const auto record = DecodeChangeRecord(bytes);
    ASSERT_TRUE(record);
    if (record->cause != ChangeCause::kTimeToLive) return;
    EXPECT_EQ(record->kind, ChangeKind::kRemove);
    const auto image = DecodeItem(record->old_image);
    ASSERT_TRUE(image);
    const std::string id = *image->at("id").get_if<std::string>();
    removals[{std::stoul(id.substr(2)), VersionIn(image->at("v"))}] += 1;
  }

  TableWorld world_;
  ExpirySweep sweep_{world_.store, world_.catalog(), world_.clock};
  std::vector<Written> items_;
  std::map<std::string, std::size_t, std::less<>> key_of_;
  std::map<Removal, int> removed_;  // by the sweep
  std::size_t expired_count_ = 0;
  std::size_t renewal_count_ = 0;
  bool has_stream_ = false;
  std::string problem_;
};

class ExpiryRenewalTest : public testing::TestWithParam<bool> {
 protected:
#ifdef GRAMME_PLANTED_BUGS
  ~ExpiryRenewalTest() override { PlantBug(""); }
#endif
};

TEST_P(ExpiryRenewalTest, LosesNoRenewedItemAndLeavesNoExpiredOne) {
  RenewalRun run(TestSeed(), ItemCount(), GetParam());
  EXPECT_EQ(run.Run(), "");
  EXPECT_GT(run.expired_count(), ItemCount() / 2);
  fmt::print("{} items, {} expired, {} renewed while they were deleted\n", ItemCount(),
             run.expired_count(), run.renewal_count());
}

#ifdef GRAMME_PLANTED_BUGS
TEST_P(ExpiryRenewalTest, CatchesADeletionThatDoesNotAskAgain) {
  PlantBug("expiry_unchecked");
  EXPECT_NE(RenewalRun(TestSeed(), 1000, GetParam()).Run(), "");
}
#endif

INSTANTIATE_TEST_SUITE_P(WithAndWithoutAStream, ExpiryRenewalTest, testing::Bool());

}  // namespace
}  // namespace gramme
