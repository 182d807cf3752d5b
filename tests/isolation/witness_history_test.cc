// The checker of the witness test itself, on histories made by hand.

#include "tests/isolation/witness_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gramme {
namespace {

using testing::HasSubstr;
using testing::Optional;

WitnessOperation Read(Version saw, std::int64_t begin, std::int64_t end) {
  return {.kind = WitnessKind::kRead, .saw = saw, .span = {begin, end}, .name = "read"};
}
WitnessOperation Write(Version saw, Version wrote, std::int64_t begin, std::int64_t end) {
  return {.kind = WitnessKind::kWrite,
          .wrote = wrote,
          .saw = saw,
          .span = {begin, end},
          .name = "write"};
}
WitnessOperation Remove(Version saw, std::int64_t begin, std::int64_t end) {
  return {.kind = WitnessKind::kRemove, .saw = saw, .span = {begin, end}, .name = "remove"};
}
WitnessOperation Blind(Version wrote, std::int64_t begin, std::int64_t end) {
  return {.kind = WitnessKind::kBlindWrite, .wrote = wrote, .span = {begin, end}, .name = "blind"};
}

std::optional<std::string> Find(const std::vector<WitnessOperation>& operations) {
  return FindWitnessViolation("key", operations);
}

TEST(WitnessHistoryTest, TakesWhatHasAnOrder) {
  EXPECT_EQ(Find({}), std::nullopt);
  EXPECT_EQ(Find({Read(0, 0, 1), Write(0, 1, 2, 3), Read(1, 4, 5), Write(1, 2, 6, 7),
                  Remove(2, 8, 9), Read(0, 10, 11), Write(0, 3, 12, 13), Read(3, 14, 15)}),
            std::nullopt);
  // All at once.
  EXPECT_EQ(Find({Write(0, 1, 0, 9), Remove(1, 0, 9), Write(0, 2, 0, 9), Remove(2, 0, 9),
                  Read(0, 0, 9), Read(1, 0, 9), Read(2, 0, 9)}),
            std::nullopt);
  EXPECT_EQ(Find({Read(0, 0, 1), Blind(1, 0, 9), Blind(2, 2, 3), Read(2, 4, 5), Read(1, 6, 7)}),
            std::nullopt);
}

TEST(WitnessHistoryTest, FindsAStaleRead) {
  EXPECT_THAT(Find({Write(0, 1, 0, 1), Write(1, 2, 2, 3), Read(1, 4, 5)}),
              Optional(HasSubstr("against real time")));
  EXPECT_THAT(Find({Write(0, 1, 0, 1), Read(0, 2, 3)}), Optional(HasSubstr("against real time")));
  EXPECT_THAT(Find({Write(0, 1, 0, 1), Remove(1, 2, 3), Read(1, 4, 5)}),
              Optional(HasSubstr("against real time")));
  EXPECT_THAT(Find({Blind(1, 0, 1), Blind(2, 2, 3), Read(1, 4, 5)}),
              Optional(HasSubstr("against real time")));
}

TEST(WitnessHistoryTest, FindsAReadFromTheFuture) {
  EXPECT_THAT(Find({Read(1, 0, 1), Write(0, 1, 2, 3)}), Optional(HasSubstr("against real time")));
}

TEST(WitnessHistoryTest, FindsReadsThatGoBack) {
  EXPECT_THAT(Find({Blind(1, 0, 9), Blind(2, 0, 9), Read(1, 1, 2), Read(2, 3, 4), Read(1, 5, 6)}),
              Optional(HasSubstr("against real time")));
  EXPECT_THAT(Find({Write(0, 1, 0, 9), Read(1, 1, 2), Read(0, 3, 4)}),
              Optional(HasSubstr("against real time")));
}

TEST(WitnessHistoryTest, FindsALostUpdate) {
  EXPECT_THAT(Find({Write(0, 1, 0, 1), Write(1, 2, 2, 9), Write(1, 3, 2, 9)}),
              Optional(HasSubstr("replaced twice")));
  EXPECT_THAT(Find({Write(0, 1, 0, 9), Write(0, 2, 0, 9)}),
              Optional(HasSubstr("in the place of nothing")));
  EXPECT_THAT(Find({Write(0, 1, 0, 1), Remove(1, 2, 9), Remove(1, 2, 9)}),
              Optional(HasSubstr("replaced twice")));
}

TEST(WitnessHistoryTest, FindsWhatNobodyWrote) {
  EXPECT_THAT(Find({Read(7, 0, 1)}), Optional(HasSubstr("nobody wrote")));
  EXPECT_THAT(Find({Write(2, 1, 0, 1), Write(1, 2, 0, 1)}), Optional(HasSubstr("circle")));
}

}  // namespace
}  // namespace gramme
