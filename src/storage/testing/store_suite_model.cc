// A store and a std::map take the same random steps and must agree on everything that they show.

#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {
namespace {

constexpr int kStepCount = 3000;
constexpr std::size_t kViewCountMax = 4;

// What one group should hold.
using Model = std::map<std::string, std::string>;

Entries Expected(const Model& model, const KeyRange& range, Direction direction) {
  Entries entries;
  for (const auto& entry : model) {
    if (entry.first >= range.start && (!range.end || entry.first < *range.end)) {
      entries.emplace_back(entry);
    }
  }
  if (direction == Direction::kBackward) entries = Entries(entries.rbegin(), entries.rend());
  return entries;
}

}  // namespace

void LinkModelTests() {}

// Drives one group at a time; each has its model and its views.
class ModelRun {
 public:
  ModelRun(Store& store, KeyspaceId keyspace, std::uint64_t placement, Random& random)
      : store_(store), keyspace_(keyspace), placement_(placement), random_(random) {}

  void Step() {
    switch (random_.Below(12)) {
      case 0:
        return Trim();
      case 1:
        return OpenView();
      case 2:
        return CloseView();
      case 3:
      case 4:
        return CheckAView();
      default:
        return Update();
    }
  }

  void CloseViews() { views_.clear(); }
  // Makes all durable and compares all.
  void CheckEverything() {
    OpenView();
    for (const OpenedView& opened : views_) Check(opened);
  }

 private:
  struct OpenedView {
    std::unique_ptr<View> view;
    Model model;
  };

  std::string RandomBytes() {
    std::string bytes;
    for (std::uint64_t left = random_.Below(4); left-- > 0;) {
      bytes.push_back("\0a\x7f\x80\xff"[random_.Below(5)]);
    }
    return bytes;
  }
  KeyRange RandomRange() {
    KeyRange range{.start = RandomBytes(), .end = std::nullopt};
    if (!random_.OneIn(4)) range.end = RandomBytes();
    return range;
  }
  Key KeyOf(std::string bytes) const {
    return Key{.keyspace = keyspace_, .placement = placement_, .bytes = std::move(bytes)};
  }

  void Update() {
    std::vector<Key> keys;
    for (std::uint64_t left = 1 + random_.Below(4); left-- > 0;) {
      keys.push_back(KeyOf(RandomBytes()));
    }
    WriteBatch batch;
    Model after = model_;
    for (const Key& key : keys) {
      if (random_.OneIn(3)) {
        batch.Delete(key);
        after.erase(key.bytes);
      } else {
        const std::string value = std::to_string(random_.Next64());
        batch.Put(key, value);
        after[key.bytes] = value;
      }
    }
    const bool is_refused = random_.OneIn(5);
    const auto outcome = store_.Update(
        keys, {}, {}, [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
          for (std::size_t index = 0; index < keys.size(); ++index) {
            const auto expected = model_.find(keys[index].bytes);
            EXPECT_EQ(values[index].has_value(), expected != model_.end());
            if (values[index] && expected != model_.end()) {
              EXPECT_EQ(*values[index], expected->second);
            }
          }
          if (is_refused) return std::nullopt;
          return batch;
        });
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->committed, !is_refused);
    if (is_refused) return;
    EXPECT_GT(outcome->position.commit_number(), last_.commit_number());
    last_ = outcome->position;
    model_ = std::move(after);
  }

  void Trim() {
    if (!random_.OneIn(5)) return Update();
    const KeyRange range = RandomRange();
    ASSERT_TRUE(store_.Trim(keyspace_, range).has_value());
    std::erase_if(model_, [&](const auto& entry) {
      return entry.first >= range.start && (!range.end || entry.first < *range.end);
    });
  }

  void OpenView() {
    if (views_.size() >= kViewCountMax) CloseView();
    // A commit that changes nothing stands after the last trim, which tells no position.
    const Key key = KeyOf("");
    const auto outcome =
        store_.Update(std::span(&key, 1), {}, {},
                      [](std::span<const CurrentValue>) { return std::optional(WriteBatch()); });
    ASSERT_TRUE(outcome.has_value());
    ASSERT_TRUE(store_.Await(outcome->position).has_value());
    auto view = store_.OpenView(store_.GroupOf(key), ReadTier::kDisk);
    ASSERT_TRUE(view.has_value());
    views_.push_back({.view = *std::move(view), .model = model_});
    CheckReads();
  }

  // Each key more than once: what a store keeps from one read for the next must be right too.
  // REQUIRES: everything is durable.
  void CheckReads() {
    for (int left = 20; left-- > 0;) {
      const Key key = KeyOf(RandomBytes());
      const auto expected = model_.find(key.bytes);
      for (int repetition = 0; repetition < 3; ++repetition) {
        std::optional<std::string> seen;
        const auto is_there =
            store_.Read(key, ReadTier::kDisk, [&](std::string_view value) { seen.emplace(value); });
        ASSERT_TRUE(is_there.has_value());
        EXPECT_EQ(*is_there, seen.has_value());
        EXPECT_EQ(seen, expected == model_.end() ? std::optional<std::string>()
                                                 : std::optional(expected->second));
      }
    }
  }

  void CloseView() {
    if (views_.empty()) return;
    views_.erase(
        std::next(views_.begin(), static_cast<std::ptrdiff_t>(random_.Below(views_.size()))));
  }

  void CheckAView() {
    if (!views_.empty()) Check(views_[random_.Below(views_.size())]);
  }

  void Check(const OpenedView& opened) {
    const KeyRange range = RandomRange();
    const Direction direction = random_.OneIn(2) ? Direction::kForward : Direction::kBackward;
    Entries entries;
    ASSERT_TRUE(opened.view
                    ->Scan(keyspace_, range, direction,
                           [&](std::string_view key, std::string_view value) {
                             entries.emplace_back(key, value);
                             return ScanStep::kContinue;
                           })
                    .has_value());
    EXPECT_EQ(entries, Expected(opened.model, range, direction));
    std::vector<Key> keys;
    for (std::uint64_t left = random_.Below(5); left-- > 0;) keys.push_back(KeyOf(RandomBytes()));
    const auto values = opened.view->MultiGet(keys);
    ASSERT_TRUE(values.has_value());
    for (std::size_t index = 0; index < keys.size(); ++index) {
      const auto expected = opened.model.find(keys[index].bytes);
      EXPECT_EQ((*values)[index], expected == opened.model.end() ? std::optional<std::string>()
                                                                 : std::optional(expected->second));
    }
  }

  Store& store_;
  const KeyspaceId keyspace_;
  const std::uint64_t placement_;
  Random& random_;
  Model model_;
  Position last_;
  std::vector<OpenedView> views_;
};

TEST_P(StoreSuite, AgreesWithAMapOverThousandsOfRandomSteps) {
  const std::uint64_t seed = PrintedSeed("AgreesWithAMapOverThousandsOfRandomSteps");
  SCOPED_TRACE("GRAMME_SEED=" + std::to_string(seed));
  SeededRandom random(seed);
  ModelRun run(store(), keyspace_, placement_, random);
  for (int step = 0; step < kStepCount && !HasFailure(); ++step) run.Step();
  run.CheckEverything();
}

TEST_P(StoreSuite, GroupsAgreeWithAMapEachAndDoNotMix) {
  const std::uint64_t seed = PrintedSeed("GroupsAgreeWithAMapEachAndDoNotMix");
  SCOPED_TRACE("GRAMME_SEED=" + std::to_string(seed));
  SeededRandom random(seed);
  // A keyspace for each: Trim reaches all groups of one.
  std::vector<ModelRun> runs;
  for (const Group& group : store().Groups(keyspace_)) {
    runs.emplace_back(store(), NewKeyspace(), group.placement_first, random);
  }
  for (int step = 0; step < kStepCount / 3 && !HasFailure(); ++step) {
    runs[random.Below(runs.size())].Step();
  }
  for (ModelRun& run : runs) run.CheckEverything();
}

}  // namespace gramme
