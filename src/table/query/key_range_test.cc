#include "table/query/key_range.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "encoding/key_encoding.h"
#include "model/testing/random_values.h"
#include "table/item/item_key.h"
#include "table/testing/item_world.h"

namespace gramme {
namespace {

KeyCondition RandomCondition(Random& random) {
  KeyCondition condition;
  condition.partition = {S("p")};
  if (random.OneIn(8)) return condition;
  const auto text = [&] { return S(RandomBytes(random, 3) + "x"); };
  if (random.OneIn(8)) {
    condition.sort_equals = {text()};
    return condition;
  }
  SortRange& range = condition.sort_range.emplace();
  range.op = static_cast<SortOperator>(random.Below(6));
  range.low = text();
  range.high = text();
  if (range.high.get<std::string>() < range.low.get<std::string>())
    std::swap(range.low, range.high);
  return condition;
}

// The meaning of a condition on the sort key, said plainly.
bool Holds(const KeyCondition& condition, const std::string& sort) {
  if (!condition.sort_equals.empty()) return sort == condition.sort_equals[0].get<std::string>();
  if (!condition.sort_range) return true;
  const std::string& low = condition.sort_range->low.get<std::string>();
  const std::string& high = condition.sort_range->high.get<std::string>();
  switch (condition.sort_range->op) {
    case SortOperator::kLess:
      return sort < low;
    case SortOperator::kLessOrEqual:
      return sort <= low;
    case SortOperator::kGreater:
      return sort > low;
    case SortOperator::kGreaterOrEqual:
      return sort >= low;
    case SortOperator::kBetween:
      return low <= sort && sort <= high;
    case SortOperator::kBeginsWith:
      return sort.starts_with(low);
  }
  return false;
}

// With and without what an index key has behind its sort key.
TEST(KeyRangePropertyTest, ARangeHoldsExactlyTheKeysOfItsCondition) {
  const std::uint64_t seed = TestSeed();
  SeededRandom random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const KeyCondition condition = RandomCondition(random);
    const AttributeValue partition = S(random.OneIn(4) ? "q" : "p");
    std::string sort = RandomBytes(random, 3) + "x";
    if (condition.sort_range && random.OneIn(3)) {
      sort = condition.sort_range->low.get<std::string>() + RandomBytes(random, 2);
    }
    const AttributeValue value = S(sort);
    const AttributeValue* const parts[] = {&partition};
    std::string key = PartitionPrefix(parts);
    AppendKeyValue(value, key);
    if (random.OneIn(2)) AppendKeyValue(RandomKeyValue(random), key);
    const bool expected = partition == S("p") && Holds(condition, sort);
    ASSERT_EQ(Contains(ConditionRange(condition), key), expected) << "seed " << seed;
    if (expected) {
      ASSERT_TRUE(Contains(PartitionRange(condition), key)) << "seed " << seed;
    }
  }
}

TEST(KeyRangeTest, SegmentsFollowEachOtherFromTheFirstHashToTheLast) {
  for (const std::uint64_t total : {1U, 2U, 3U, 1000U, 1'000'000U}) {
    EXPECT_EQ(SegmentRange(0, total).start, "");
    EXPECT_EQ(SegmentRange(total - 1, total).end, std::nullopt);
    for (std::uint64_t segment = 1; segment < std::min<std::uint64_t>(total, 100); ++segment) {
      EXPECT_EQ(SegmentRange(segment, total).start, SegmentRange(segment - 1, total).end);
    }
  }
}

TEST(KeyRangeTest, AfterAKeyLiesNeitherItNorWhatCameBefore) {
  const KeyRange range = {.start = "b", .end = "y"};
  const KeyRange forward = After(range, "m", Direction::kForward);
  EXPECT_FALSE(Contains(forward, "m"));
  EXPECT_TRUE(Contains(forward, std::string("m\0", 2)));
  EXPECT_EQ(forward.end, "y");
  const KeyRange backward = After(range, "m", Direction::kBackward);
  EXPECT_FALSE(Contains(backward, "m"));
  EXPECT_TRUE(Contains(backward, "lzz"));
  EXPECT_EQ(backward.start, "b");
}

}  // namespace
}  // namespace gramme
