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

// A number of its parts, from 18 bytes: sign, coefficient, place of the first digit. Whatever they
// are, the normal form takes those of a number and no others.
void CheckParts(std::string_view bytes) {
  constexpr std::size_t kPartsBytes = 18;
  if (bytes.size() < kPartsBytes) return;
  Number::Coefficient coefficient = 0;
  for (const char c : bytes.substr(2, 16)) {
    coefficient = coefficient << 8 | static_cast<unsigned char>(c);
  }
  const bool negative = bytes[0] % 2 != 0;
  const int first_digit = 2 * int{static_cast<signed char>(bytes[1])} + (bytes[0] & 2) / 2;
  const auto low = static_cast<std::int64_t>(static_cast<std::uint64_t>(coefficient));
  GRAMME_CHECK(Number::FromInt(low) == *Number::Parse(std::to_string(low)), "another integer");
  const auto normal = Number::FromNormalForm(negative, coefficient, first_digit);
  std::string digits;
  for (Number::Coefficient rest = coefficient; rest > 0; rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  const bool is_normal = !digits.empty() && digits.back() != '0';
  if (digits.empty()) digits = "0";
  const std::string text = (negative ? "-" : "") + digits.substr(0, 1) + "." + digits.substr(1) +
                           "E" + std::to_string(first_digit);
  const auto number = Number::Parse(text);
  GRAMME_CHECK(normal.has_value() == (is_normal && number), "no normal form, or one not taken");
  GRAMME_CHECK(!normal || *normal == *number, "another number of the same parts");
  GRAMME_CHECK(!normal || normal->digit_count() == static_cast<int>(digits.size()),
               "another number of digits");
  GRAMME_CHECK(Number().digit_count() == 0, "a digit of zero");
}

}  // namespace
}  // namespace gramme

// Two texts, parted by a space; and the input as parts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gramme;
  if (size > kTextBytesMax) return 0;
  const std::string input(data, data + size);
  CheckParts(input);
  const std::string_view text = input;
  const std::size_t space = text.find(' ');
  const auto a = CheckedParse(text.substr(0, space));
  if (space == std::string_view::npos) return 0;
  const auto b = CheckedParse(text.substr(space + 1));
  if (a && b) CheckPair(*a, *b);
  return 0;
}
