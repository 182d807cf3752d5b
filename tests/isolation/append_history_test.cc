// The checker of the list-append test itself, on histories made by hand.

#include "tests/isolation/append_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gramme {
namespace {

using testing::HasSubstr;
using testing::Optional;

AppendTransaction Make(Span span, std::vector<ListAppend> appends, std::vector<ListRead> reads) {
  return {.name = "transaction",
          .actor = 0,
          .span = span,
          .reads = std::move(reads),
          .appends = std::move(appends),
          .is_refused = false};
}

ListRead Saw(int key, List list) {
  const std::size_t length = list.size();
  return {.key = key, .length = length, .list = std::move(list)};
}

std::optional<std::string> Find(std::vector<AppendTransaction> transactions,
                                const std::map<int, List>& lists) {
  AppendHistory history;
  for (AppendTransaction& transaction : transactions) history.Add(std::move(transaction));
  return history.FindViolation(lists);
}

TEST(AppendHistoryTest, TakesWhatHasAnOrder) {
  EXPECT_EQ(Find({Make({0, 1}, {{1, 10}, {2, 20}}, {}), Make({2, 3}, {{1, 11}}, {Saw(2, {20})}),
                  Make({0, 9}, {}, {Saw(1, {10}), Saw(2, {20})}),
                  Make({4, 5}, {}, {Saw(1, {10, 11}), Saw(3, {})})},
                 {{1, {10, 11}}, {2, {20}}}),
            std::nullopt);
}

TEST(AppendHistoryTest, FindsElementsThatAreWrong) {
  EXPECT_THAT(Find({Make({0, 1}, {{1, 10}}, {})}, {}), Optional(HasSubstr("lost")));
  EXPECT_THAT(Find({Make({0, 1}, {{1, 10}}, {})}, {{1, {10, 10}}}), Optional(HasSubstr("twice")));
  EXPECT_THAT(Find({}, {{1, {10}}}), Optional(HasSubstr("nobody")));
  AppendTransaction refused = Make({0, 1}, {{1, 10}}, {});
  refused.is_refused = true;
  EXPECT_THAT(Find({refused}, {{1, {10}}}), Optional(HasSubstr("G1a")));
  EXPECT_THAT(Find({Make({0, 1}, {{1, 10}, {1, 11}}, {}), Make({0, 1}, {}, {Saw(1, {11})})},
                   {{1, {10, 11}}}),
              Optional(HasSubstr("no beginning")));
}

TEST(AppendHistoryTest, FindsAReadThatIsNotAtomic) {
  EXPECT_THAT(
      Find({Make({0, 9}, {{1, 10}, {2, 20}}, {}), Make({0, 9}, {}, {Saw(1, {10}), Saw(2, {})})},
           {{1, {10}}, {2, {20}}}),
      Optional(HasSubstr("G-single")));
}

TEST(AppendHistoryTest, FindsWriteSkew) {
  EXPECT_THAT(Find({Make({0, 9}, {{1, 10}}, {Saw(2, {})}), Make({0, 9}, {{2, 20}}, {Saw(1, {})})},
                   {{1, {10}}, {2, {20}}}),
              Optional(HasSubstr("G2")));
}

TEST(AppendHistoryTest, FindsWritesThatInterleave) {
  EXPECT_THAT(Find({Make({0, 9}, {{1, 10}, {2, 20}}, {}), Make({0, 9}, {{1, 11}, {2, 21}}, {})},
                   {{1, {10, 11}}, {2, {21, 20}}}),
              Optional(HasSubstr("G0")));
}

TEST(AppendHistoryTest, FindsAStaleReadByTimeAlone) {
  EXPECT_THAT(Find({Make({0, 1}, {{1, 10}}, {}), Make({2, 3}, {}, {Saw(1, {})})}, {{1, {10}}}),
              Optional(HasSubstr("strictly")));
}

}  // namespace
}  // namespace gramme
