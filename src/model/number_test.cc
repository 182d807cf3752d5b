#include "model/number.h"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace gramme {
namespace {

constexpr std::size_t kLongTextBytes = 10'000'000;

Number Parsed(std::string_view text) {
  const auto number = Number::Parse(text);
  EXPECT_TRUE(number.has_value()) << text;
  return number.value_or(Number());
}

std::string Nines(std::size_t count) { return std::string(count, '9'); }

TEST(NumberTest, PrintsWhatItReadsInNormalForm) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"0", "0"}, {"-0", "0"}, {"+0", "0"}, {"0.000", "0"}, {"0e5", "0"}, {"-0E-999", "0"},
      {"1", "1"}, {"+1", "1"}, {"01", "1"}, {"1.0", "1"}, {"1E0", "1"}, {"1.", "1"}, {"10e-1", "1"},
      {".5", "0.5"}, {"-.5", "-0.5"}, {"0042", "42"}, {"100", "100"}, {"1010", "1010"},
      {"100.50", "100.5"}, {"3.14159", "3.14159"}, {"1e3", "1000"}, {"1E+3", "1000"},
      {"1.5e1", "15"}, {"1.5e-1", "0.15"}, {"15e-7", "0.0000015"}, {"-0.15", "-0.15"},
      {"1e0000000000000000000000000000002", "100"},
      {"0.1e1", "1"}, {"123456789012345678901234567890", "123456789012345678901234567890"},
      {"12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"},
      {"1E125", "1" + std::string(125, '0')}, {"1E-130", "0." + std::string(129, '0') + "1"},
      {Nines(38) + "E88", Nines(38) + std::string(88, '0')},
  };
  for (const auto& [text, printed] : cases) EXPECT_EQ(Parsed(text).ToString(), printed) << text;
}

TEST(NumberTest, RejectsWhatIsNoDecimalNumber) {
  const std::vector<std::string> cases = {
      "", " ", "+", "-", ".", "e", "e5", ".e5", "-.", "+e1", " 1", "1 ", "1 2", "1+2", "1.2.3",
      "1e", "1e+", "1E-", "1e5.0", "1e5e5", "1e 5", "--1", "+-1", "1,5", "1_000", "0x10", "NaN",
      "Infinity", "-inf", "1f", "1d", "\xD9\xA1", std::string("1\0", 2), std::string("\0", 1),
      "1\n", "1e5 "};
  for (const std::string& text : cases) {
    const auto number = Number::Parse(text);
    ASSERT_FALSE(number.has_value()) << text;
    EXPECT_EQ(number.error(), NumberError::kSyntax) << text;
  }
}

TEST(NumberTest, RejectsMoreThan38SignificantDigits) {
  EXPECT_EQ(Number::Parse(Nines(39)).error(), NumberError::kTooPrecise);
  EXPECT_EQ(Number::Parse("1" + std::string(37, '0') + "1").error(), NumberError::kTooPrecise);
  EXPECT_EQ(Number::Parse("0." + Nines(39)).error(), NumberError::kTooPrecise);
  EXPECT_EQ(Number::Parse("1." + std::string(37, '0') + "1").error(), NumberError::kTooPrecise);
  EXPECT_EQ(Parsed(Nines(38)).digit_count(), 38);
}

TEST(NumberTest, DoesNotCountZerosAtTheEndsAsDigits) {
  EXPECT_EQ(Parsed(std::string(50, '0') + Nines(38) + std::string(50, '0')).digit_count(), 38);
  EXPECT_EQ(Parsed("0." + std::string(60, '0') + "1" + std::string(60, '0')).digit_count(), 1);
}

TEST(NumberTest, RejectsMagnitudesBeyondTheLimits) {
  for (const std::string sign : {"", "-"}) {
    EXPECT_EQ(Number::Parse(sign + "1E126").error(), NumberError::kOverflow);
    EXPECT_EQ(Number::Parse(sign + "10E125").error(), NumberError::kOverflow);
    EXPECT_EQ(Number::Parse(sign + "1" + std::string(126, '0')).error(), NumberError::kOverflow);
    EXPECT_EQ(Number::Parse(sign + "1E-131").error(), NumberError::kUnderflow);
    EXPECT_EQ(Number::Parse(sign + "0.99E-130").error(), NumberError::kUnderflow);
    EXPECT_EQ(Number::Parse(sign + Nines(38) + "E-168").error(), NumberError::kUnderflow);
    EXPECT_TRUE(Number::Parse(sign + "1.5E-130").has_value());
    EXPECT_TRUE(Number::Parse(sign + Nines(38) + "E-167").has_value());
    EXPECT_TRUE(Number::Parse(sign + "9." + Nines(37) + "E125").has_value());
    EXPECT_TRUE(Number::Parse(sign + "0.001E128").has_value());
  }
}

TEST(NumberTest, ReadsExponentsOfAnySize) {
  for (const std::string exponent : {"999999", "999999999999", "9223372036854775807",
                                     "9223372036854775808", "99999999999999999999999999"}) {
    EXPECT_EQ(Number::Parse("1e" + exponent).error(), NumberError::kOverflow);
    EXPECT_EQ(Number::Parse("1e-" + exponent).error(), NumberError::kUnderflow);
    EXPECT_TRUE(Parsed("0e" + exponent).is_zero());
  }
  EXPECT_EQ(Number::Parse("1e" + Nines(kLongTextBytes)).error(), NumberError::kOverflow);
}

TEST(NumberTest, ReadsVeryLongTexts) {
  const std::string zeros(kLongTextBytes, '0');
  const std::string count = std::to_string(kLongTextBytes);
  EXPECT_EQ(Number::Parse(Nines(kLongTextBytes)).error(), NumberError::kTooPrecise);
  EXPECT_EQ(Number::Parse("1" + zeros + "1").error(), NumberError::kTooPrecise);
  EXPECT_EQ(Number::Parse("1" + zeros).error(), NumberError::kOverflow);
  EXPECT_EQ(Number::Parse("." + zeros + "1").error(), NumberError::kUnderflow);
  EXPECT_EQ(Number::Parse(zeros + "x").error(), NumberError::kSyntax);
  EXPECT_EQ(Parsed(zeros + "7").ToString(), "7");
  EXPECT_EQ(Parsed("1" + zeros + "e-" + count).ToString(), "1");
  EXPECT_EQ(Parsed("." + zeros + "12e" + count).ToString(), "0.12");
}

TEST(NumberTest, HasTheSizesThatDynamoDbCharges) {
  const std::vector<std::pair<std::string, std::size_t>> cases = {
      {"1", 2}, {"12", 2}, {"123", 3}, {"1234567890123456789", 11}, {Nines(38), 20}, {"0042", 2},
      {"100", 2}, {"1010", 3}, {"0", 1}, {"-0", 1}, {"0.0000001", 2}, {"1E125", 2}, {"1.5", 3},
      {"3.14159", 5}, {"100.5", 4}, {"-42", 3}, {"-0.15", 3}, {"100.05", 4}, {"-" + Nines(38), 21},
      {"0." + Nines(38), 20}, {"9." + Nines(37), 21}};
  for (const auto& [text, size] : cases) EXPECT_EQ(Parsed(text).size_bytes(), size) << text;
}

TEST(NumberTest, MakesNumbersOfIntegers) {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{1000},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(Number::FromInt(value).ToString(), std::to_string(value));
  }
}

TEST(NumberTest, NormalisesItsParts) {
  const Number thousand = Number::FromParts(false, 1000, 0).value_or(Number());
  EXPECT_EQ(thousand, Parsed("1e3"));
  EXPECT_EQ(thousand.coefficient(), 1U);
  EXPECT_EQ(thousand.exponent(), 3);
  EXPECT_EQ(Number::FromParts(true, 0, 7), Number());
  const Number::Coefficient largest = ~Number::Coefficient{0};
  EXPECT_EQ(Number::FromParts(false, largest, 0).error(), NumberError::kTooPrecise);
  EXPECT_EQ(Number::FromParts(false, 1, std::numeric_limits<int>::max()).error(),
            NumberError::kOverflow);
  EXPECT_EQ(Number::FromParts(false, 10, std::numeric_limits<int>::max()).error(),
            NumberError::kOverflow);
  EXPECT_EQ(Number::FromParts(false, 1, std::numeric_limits<int>::min()).error(),
            NumberError::kUnderflow);
}

TEST(NumberTest, AddsExactly) {
  const std::string one_and_zeros = "1" + std::string(38, '0');
  const std::vector<std::pair<std::pair<std::string, std::string>, std::string>> cases = {
      {{"0.1", "0.2"}, "0.3"}, {{"1", "-1"}, "0"}, {{"0", "-5"}, "-5"}, {{"5", "0"}, "5"},
      {{"99", "1"}, "100"}, {{"1e20", "1"}, "100000000000000000001"}, {{"-1.5", "0.5"}, "-1"},
      {{Nines(38), "1"}, one_and_zeros}, {{one_and_zeros, "-1"}, Nines(38)},
      {{"-" + one_and_zeros, "1"}, "-" + Nines(38)},
      {{"1E-130", "1E-130"}, "0." + std::string(129, '0') + "2"}};
  for (const auto& [operands, sum] : cases) {
    const auto added = Number::Add(Parsed(operands.first), Parsed(operands.second));
    ASSERT_TRUE(added.has_value()) << sum;
    EXPECT_EQ(added->ToString(), sum);
  }
}

TEST(NumberTest, RefusesSumsThatItCannotHold) {
  const auto error = [](std::string_view a, std::string_view b) {
    return Number::Add(Parsed(a), Parsed(b)).error();
  };
  EXPECT_EQ(error("1E38", "1"), NumberError::kTooPrecise);
  EXPECT_EQ(error("2E38", "-1"), NumberError::kTooPrecise);
  EXPECT_EQ(error("9E38", "-1"), NumberError::kTooPrecise);
  EXPECT_EQ(error("1E125", "1E-130"), NumberError::kTooPrecise);
  EXPECT_EQ(error("1E39", "-1"), NumberError::kTooPrecise);
  EXPECT_EQ(error("9E125", "1E125"), NumberError::kOverflow);
  EXPECT_EQ(error("-9E125", "-9E125"), NumberError::kOverflow);
  EXPECT_EQ(error("1.5E-130", "-1E-130"), NumberError::kUnderflow);
}

TEST(NumberTest, OrdersByValue) {
  const std::vector<std::string> ascending = {"-1E125", "-15", "-1.51", "-1.5", "-1", "-0.15",
                                              "-1E-130", "0", "1E-130", "0.15", "0.99", "1", "1.5",
                                              "9", "10", "15", "100", "1E125"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(Parsed(ascending[i]) <=> Parsed(ascending[j]), i <=> j);
    }
  }
}

}  // namespace
}  // namespace gramme
