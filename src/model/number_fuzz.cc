// Number, over any bytes: agrees with the reference on what is a number, has one normal form, adds
// and compares as the reference does.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "model/number.h"
#include "model/testing/slow_decimal.h"

namespace gramme {
namespace {

// The reference is quadratic; longer texts are the unit tests' matter.
constexpr std::size_t kTextBytesMax = 512;

void CheckAgainst(const std::expected<Number, NumberError>& number, const SlowDecimal& slow) {
  const auto error = FindErrorSlowly(slow);
  GRAMME_CHECK(number.has_value() == !error.has_value(), "the reference disagrees on the limits");
  if (error) {
    GRAMME_CHECK(number.error() == *error, "the reference has another error");
  } else {
    GRAMME_CHECK(number->ToString() == PrintSlowly(slow), "the reference has another value");
  }
}

std::expected<Number, NumberError> CheckedParse(std::string_view text) {
  const auto number = Number::Parse(text);
  const auto slow = ParseSlowly(std::string(text));
  if (!slow) {
    GRAMME_CHECK(!number && number.error() == NumberError::kSyntax, "accepted what is no number");
  } else {
    CheckAgainst(number, *slow);
  }
  if (number) GRAMME_CHECK(Number::Parse(number->ToString()) == number, "printed another number");
  return number;
}

void CheckPair(const Number& a, const Number& b) {
  const auto slow_a = ParseSlowly(a.ToString());
  const auto slow_b = ParseSlowly(b.ToString());
  CheckAgainst(Number::Add(a, b), AddSlowly(*slow_a, *slow_b));
  CheckAgainst(Number::Subtract(a, b), AddSlowly(*slow_a, NegatedSlowly(*slow_b)));
  GRAMME_CHECK((a <=> b) == (CompareSlowly(*slow_a, *slow_b) <=> 0), "another order");
}

}  // namespace
}  // namespace gramme

// Two texts, parted by a space.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gramme;
  if (size > kTextBytesMax) return 0;
  const std::string input(data, data + size);
  const std::string_view text = input;
  const std::size_t space = text.find(' ');
  const auto a = CheckedParse(text.substr(0, space));
  if (space == std::string_view::npos) return 0;
  const auto b = CheckedParse(text.substr(space + 1));
  if (a && b) CheckPair(*a, *b);
  return 0;
}
