// Number against SlowDecimal, over random texts and all pairs of the edges.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "model/number.h"
#include "model/testing/random_values.h"
#include "model/testing/slow_decimal.h"

namespace gramme {
namespace {

constexpr int kRunCount = 50'000;

SlowDecimal Slowly(const Number& number) {
  return ParseSlowly(number.ToString()).value_or(SlowDecimal{});
}

// Equal outcome: the same error, or the same value in normal form.
void ExpectSame(const std::expected<Number, NumberError>& number, const SlowDecimal& slow,
                const std::string& what) {
  if (const auto error = FindErrorSlowly(slow)) {
    ASSERT_FALSE(number.has_value()) << what;
    ASSERT_EQ(number.error(), *error) << what;
    return;
  }
  ASSERT_TRUE(number.has_value()) << what;
  ASSERT_EQ(number->ToString(), PrintSlowly(slow)) << what;
  ASSERT_EQ(number->digit_count(), static_cast<int>(slow.digits.size())) << what;
  ASSERT_EQ(number->negative(), slow.negative) << what;
  ASSERT_EQ(number->exponent(), slow.exponent) << what;
}

void ExpectSameArithmetic(const Number& a, const Number& b) {
  const std::string what = a.ToString() + " and " + b.ToString();
  const SlowDecimal slow_a = Slowly(a);
  const SlowDecimal slow_b = Slowly(b);
  ExpectSame(Number::Add(a, b), AddSlowly(slow_a, slow_b), "sum of " + what);
  ExpectSame(Number::Subtract(a, b), AddSlowly(slow_a, NegatedSlowly(slow_b)),
             "difference of " + what);
  const int order = CompareSlowly(slow_a, slow_b);
  ASSERT_EQ(a <=> b, order <=> 0) << what;
  ASSERT_EQ(a == b, order == 0) << what;
}

TEST(NumberPropertyTest, ANormalFormIsTakenAndNothingElse) {
  SeededRandom random(TestSeed());
  std::vector<Number> numbers = EdgeNumbers();
  for (int i = 0; i < kRunCount; ++i) numbers.push_back(RandomNumber(random));
  for (const Number& number : numbers) {
    const int first_digit = number.exponent() + number.digit_count() - 1;
    const auto same = Number::FromNormalForm(number.negative(), number.coefficient(), first_digit);
    if (number.is_zero()) {
      ASSERT_FALSE(same);
      continue;
    }
    ASSERT_EQ(same, number);
    if (number.digit_count() < kNumberDigitCountMax) {
      ASSERT_FALSE(Number::FromNormalForm(false, number.coefficient() * 10, first_digit))
          << number.ToString();
    }
    ASSERT_FALSE(Number::FromNormalForm(false, number.coefficient(), kNumberExponentMax + 1));
    ASSERT_FALSE(Number::FromNormalForm(false, number.coefficient(), kNumberExponentMin - 1));
  }
}

TEST(NumberPropertyTest, ParsesAndPrintsAsTheReferenceDoes) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount && !HasFatalFailure(); ++i) {
    const std::string text = RandomNumberText(random);
    const auto slow = ParseSlowly(text);
    ASSERT_TRUE(slow.has_value()) << text;
    ExpectSame(Number::Parse(text), *slow, text);
  }
}

TEST(NumberPropertyTest, AcceptsTheTextsThatTheReferenceAccepts) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount && !HasFatalFailure(); ++i) {
    std::string text;
    for (auto n = random.Below(8); n > 0; --n) text += "0019.+-eE "[random.Below(10)];
    if (const auto slow = ParseSlowly(text)) {
      ExpectSame(Number::Parse(text), *slow, text);
    } else {
      const auto number = Number::Parse(text);
      ASSERT_FALSE(number.has_value()) << text;
      ASSERT_EQ(number.error(), NumberError::kSyntax) << text;
    }
  }
}

TEST(NumberPropertyTest, ReadsBackWhatItPrints) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount; ++i) {
    const Number number = RandomNumber(random);
    ASSERT_EQ(Number::Parse(number.ToString()), number);
    ASSERT_EQ(Number::FromParts(number.negative(), number.coefficient(), number.exponent()),
              number);
  }
}

TEST(NumberPropertyTest, CalculatesAndComparesAsTheReferenceDoes) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount / 2 && !HasFatalFailure(); ++i) {
    const Number a = RandomNumber(random);
    ExpectSameArithmetic(a, RandomNumber(random));
  }
}

// Operands a few digits apart in place, where the limit of 38 digits decides.
TEST(NumberPropertyTest, DrawsTheLineOfPrecisionWhereTheReferenceDoes) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount / 2 && !HasFatalFailure(); ++i) {
    const Number a = RandomNumber(random);
    if (a.is_zero()) continue;
    const int first_digit = a.exponent() + a.digit_count() - 1;
    const int exponent = first_digit - 36 - static_cast<int>(random.Below(5));
    const auto b = Number::FromParts(random.OneIn(2), random.Below(100), exponent);
    if (b) ExpectSameArithmetic(a, *b);
  }
}

TEST(NumberPropertyTest, HandlesAllPairsOfEdgesAsTheReferenceDoes) {
  const std::vector<Number> edges = EdgeNumbers();
  ASSERT_GT(edges.size(), 400U);
  // A sample of each number's partners for arithmetic, which is slow in the reference; all of them
  // for the order.
  std::vector<SlowDecimal> slow;
  for (const Number& number : edges) slow.push_back(Slowly(number));
  for (std::size_t i = 0; i < edges.size() && !HasFatalFailure(); ++i) {
    for (std::size_t j = 0; j < edges.size(); ++j) {
      ASSERT_EQ(edges[i] <=> edges[j], i <=> j);
      if (j + 1 == i) {
        ASSERT_LT(CompareSlowly(slow[j], slow[i]), 0);
      }
      if ((i * 7 + j) % 11 == 0) ExpectSameArithmetic(edges[i], edges[j]);
    }
  }
}

}  // namespace
}  // namespace gramme
