#include "model/number.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/check.h"
#include "base/planted_bug.h"

namespace gramme {
namespace {

using Coefficient = Number::Coefficient;

constexpr int kPowerCount = kNumberDigitCountMax + 1;

constexpr std::array<Coefficient, kPowerCount> MakePowersOfTen() {
  std::array<Coefficient, kPowerCount> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr std::array<Coefficient, kPowerCount> kPowersOfTen = MakePowersOfTen();

// REQUIRES: 0 <= n <= 38. The largest power, 10^38, still fits in 128 bits.
Coefficient PowerOfTen(int n) { return kPowersOfTen[static_cast<std::size_t>(n)]; }

bool FitsIn64Bits(Coefficient value) { return value >> 64 == 0; }

constexpr std::array<std::uint64_t, 20> MakeSmallPowersOfTen() {
  std::array<std::uint64_t, 20> powers{};
  for (std::size_t i = 0; i < powers.size(); ++i) {
    powers[i] = static_cast<std::uint64_t>(kPowersOfTen[i]);
  }
  return powers;
}
constexpr std::array<std::uint64_t, 20> kSmallPowersOfTen = MakeSmallPowersOfTen();

int DigitCount(Coefficient value) {
  if (FitsIn64Bits(value)) {
    const auto bits = static_cast<std::uint64_t>(value);
    if (bits == 0) return 0;
    // 1233 / 4096 is just above the logarithm of 2; the guess is one too low or right.
    const int guess = static_cast<int>(std::bit_width(bits)) * 1233 >> 12;
    return guess + (bits >= kSmallPowersOfTen[static_cast<std::size_t>(guess)] ? 1 : 0);
  }
  const auto above = std::upper_bound(kPowersOfTen.begin(), kPowersOfTen.end(), value);
  return static_cast<int>(above - kPowersOfTen.begin());
}

// Takes the zeros from the end of a coefficient and returns their number. REQUIRES: not zero.
int TakeTrailingZeros(Coefficient& coefficient) {
  int count = 0;
  if (FitsIn64Bits(coefficient)) {
    auto bits = static_cast<std::uint64_t>(coefficient);
    for (; bits % 10 == 0; bits /= 10) ++count;
    coefficient = bits;
    return count;
  }
  for (const int step : {32, 16, 8, 4, 2, 1}) {
    if (coefficient % PowerOfTen(step) != 0) continue;
    coefficient /= PowerOfTen(step);
    count += step;
  }
  return count;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The digits of a text, with the zeros at both ends left out. Counts are 64 bit: the text may be
// longer than any int, and so may the distance that an exponent has to make up for.
class DigitScan {
 public:
  // Takes digits with at most one point from the front of `text`.
  void Take(std::string_view& text) {
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
      if (IsDigit(text[i])) {
        TakeDigit(text[i]);
      } else if (text[i] == '.' && !after_point_) {
        after_point_ = true;
      } else {
        break;
      }
    }
    text.remove_prefix(i);
  }

  bool any() const { return any_; }
  bool too_precise() const { return significant_ > kNumberDigitCountMax; }
  Coefficient coefficient() const { return coefficient_; }
  // The text's value is coefficient * 10^exponent.
  std::int64_t exponent() const { return zeros_ - fraction_; }

 private:
  void TakeDigit(char c) {
    any_ = true;
    if (after_point_) ++fraction_;
    if (c == '0') {
      // Counts only once a later digit shows that it is not a trailing one.
      if (significant_ > 0) ++zeros_;
      return;
    }
    significant_ += zeros_ + 1;
    if (!too_precise()) {
      coefficient_ =
          coefficient_ * PowerOfTen(static_cast<int>(zeros_ + 1)) + static_cast<unsigned>(c - '0');
    }
    zeros_ = 0;
  }

  bool any_ = false;
  bool after_point_ = false;
  std::int64_t significant_ = 0;
  std::int64_t zeros_ = 0;     // after the last significant digit
  std::int64_t fraction_ = 0;  // digits after the point
  Coefficient coefficient_ = 0;
};

// Takes an exponent's optional sign and digits, the whole of `text`. False: not an exponent.
bool TakeExponent(std::string_view text, std::int64_t& exponent) {
  // No text has as many digits: an exponent beyond this is out of range whatever the digits are.
  constexpr std::int64_t kFar = 100'000'000'000'000'000;
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return false;
  std::int64_t value = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
    value = std::min(value * 10 + (c - '0'), kFar);
  }
  exponent = negative ? -value : value;
  return true;
}

// What bars `digit_count` significant digits with the last one at 10^exponent, if anything does.
std::expected<void, NumberError> CheckLimits(int digit_count, std::int64_t exponent) {
  if (digit_count > kNumberDigitCountMax) return std::unexpected(NumberError::kTooPrecise);
  const std::int64_t first_digit = exponent + digit_count - 1;
  if (first_digit > kNumberExponentMax) return std::unexpected(NumberError::kOverflow);
  if (first_digit < kNumberExponentMin) return std::unexpected(NumberError::kUnderflow);
  return {};
}

// Of the most significant digit. REQUIRES: not zero.
int FirstDigitExponent(const Number& number) {
  return number.exponent() + number.digit_count() - 1;
}

std::strong_ordering CompareMagnitudes(const Number& a, const Number& b) {
  const int digits_a = a.digit_count();
  const int digits_b = b.digit_count();
  const auto by_exponent = a.exponent() + digits_a <=> b.exponent() + digits_b;
  if (by_exponent != 0) return by_exponent;
  const int digits = std::max(digits_a, digits_b);
  const Coefficient aligned_a = a.coefficient() * PowerOfTen(digits - digits_a);
  const Coefficient aligned_b = b.coefficient() * PowerOfTen(digits - digits_b);
  if (aligned_a == aligned_b) return std::strong_ordering::equal;
  return aligned_a < aligned_b ? std::strong_ordering::less : std::strong_ordering::greater;
}

// The digits of a coefficient, most significant first, at the end of a buffer.
class Digits {
 public:
  explicit Digits(Coefficient coefficient) {
    if (FitsIn64Bits(coefficient)) {
      for (auto rest = static_cast<std::uint64_t>(coefficient); rest > 0; rest /= 10) {
        Put(rest % 10);
      }
      return;
    }
    // Two halves of 19 digits: each fits in 64 bits, where division is an instruction.
    const Coefficient half = PowerOfTen(19);
    const auto high = static_cast<std::uint64_t>(coefficient / half);
    auto low = static_cast<std::uint64_t>(coefficient % half);
    for (int i = 0; i < 19; ++i, low /= 10) Put(low % 10);
    for (std::uint64_t rest = high; rest > 0; rest /= 10) Put(rest % 10);
  }

  std::string_view text() const {
    return std::string_view(buffer_.data() + first_, buffer_.size() - first_);
  }

 private:
  void Put(std::uint64_t digit) { buffer_[--first_] = static_cast<char>('0' + digit); }

  std::array<char, kNumberDigitCountMax> buffer_;
  std::size_t first_ = kNumberDigitCountMax;
};

}  // namespace

Number Number::FromInt(std::int64_t value) {
  const bool negative = value < 0;
  const auto bits = static_cast<std::uint64_t>(value);
  const auto number = FromParts(negative, negative ? std::uint64_t{0} - bits : bits, 0);
  GRAMME_CHECK(number.has_value(), "every 64-bit integer is a number");
  return *number;
}

std::expected<Number, NumberError> Number::Parse(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const bool ends_in_zero = text.ends_with(".0");
  DigitScan digits;
  digits.Take(text);
  std::int64_t exponent = 0;
  if (!text.empty()) {
    if (text[0] != 'e' && text[0] != 'E') return std::unexpected(NumberError::kSyntax);
    if (!TakeExponent(text.substr(1), exponent)) return std::unexpected(NumberError::kSyntax);
  }
  if (!digits.any()) return std::unexpected(NumberError::kSyntax);
  if (digits.too_precise()) return std::unexpected(NumberError::kTooPrecise);
  if (digits.coefficient() == 0) return Number();
  exponent += digits.exponent();
  // The planted bug: 1.0 is another number than 1.
  if (ends_in_zero && exponent == 0 && BugIsPlanted("zeros_kept")) {
    return Number(negative, digits.coefficient() * 10, -1);
  }
  if (auto allowed = CheckLimits(DigitCount(digits.coefficient()), exponent); !allowed) {
    return std::unexpected(allowed.error());
  }
  return Number(negative, digits.coefficient(), static_cast<int>(exponent));
}

std::expected<Number, NumberError> Number::FromParts(bool negative, Coefficient coefficient,
                                                     int exponent) {
  if (coefficient == 0) return Number();
  const std::int64_t wide_exponent = std::int64_t{exponent} + TakeTrailingZeros(coefficient);
  if (auto allowed = CheckLimits(DigitCount(coefficient), wide_exponent); !allowed) {
    return std::unexpected(allowed.error());
  }
  return Number(negative, coefficient, static_cast<int>(wide_exponent));
}

std::optional<Number> Number::FromNormalForm(bool negative, Coefficient coefficient,
                                             int first_digit) {
  if (coefficient >= PowerOfTen(kNumberDigitCountMax)) return std::nullopt;
  if (FitsIn64Bits(coefficient) ? static_cast<std::uint64_t>(coefficient) % 10 == 0
                                : coefficient % 10 == 0) {
    return std::nullopt;
  }
  if (first_digit < kNumberExponentMin || first_digit > kNumberExponentMax) return std::nullopt;
  return Number(negative, coefficient, first_digit - DigitCount(coefficient) + 1);
}

std::string Number::ToString() const {
  std::string text;
  AppendTo(text);
  return text;
}

void Number::AppendTo(std::string& out) const {
  std::array<char, kTextBytesMax> text;
  out.append(text.data(), WriteTo(text.data()));
}

char* Number::WriteTo(char* out) const {
  // A sign, a point and a zero before it, and the places from one end of the range to the other.
  static_assert(kTextBytesMax >= 3 + 1 - kNumberExponentMin + kNumberDigitCountMax);
  const auto append = [&out](std::string_view text) {
    out = std::copy(text.begin(), text.end(), out);
  };
  const auto append_zeros = [&out](std::size_t count) { out = std::fill_n(out, count, '0'); };
  if (is_zero()) {
    *out = '0';
    return out + 1;
  }
  const Digits digits(coefficient_);
  const std::string_view text = digits.text();
  if (negative_) append("-");
  if (exponent_ >= 0) {
    append(text);
    append_zeros(static_cast<std::size_t>(exponent_));
    return out;
  }
  const auto fraction = static_cast<std::size_t>(-exponent_);
  if (fraction < text.size()) {
    append(text.substr(0, text.size() - fraction));
    append(".");
    append(text.substr(text.size() - fraction));
    return out;
  }
  append("0.");
  append_zeros(fraction - text.size());
  append(text);
  return out;
}

int Number::digit_count() const { return DigitCount(coefficient_); }

std::size_t Number::size_bytes() const {
  if (is_zero()) return 1;
  const int digits = digit_count();
  // Zeros between the point and the digits, on either side of it, are trimmed and cost nothing.
  const int integer_digits = std::clamp(digits + exponent_, 0, digits);
  const int fraction_digits = digits - integer_digits;
  return static_cast<std::size_t>(1 + (integer_digits + 1) / 2 + (fraction_digits + 1) / 2 +
                                  (negative_ ? 1 : 0));
}

std::expected<Number, NumberError> Number::Add(const Number& a, const Number& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  const int last = std::min(a.exponent_, b.exponent_);
  const int first = std::max(FirstDigitExponent(a), FirstDigitExponent(b));
  // Where the last digits differ in place, the lower one stays as it is, and a difference loses at
  // most the first place: beyond 39 places there are more than 38 digits. With 39, only a
  // coefficient below 2 * 10^38 can still lose its first place, and that fits in 128 bits.
  if (first - last > kNumberDigitCountMax) return std::unexpected(NumberError::kTooPrecise);
  Coefficient aligned_a = 0;
  Coefficient aligned_b = 0;
  if (__builtin_mul_overflow(a.coefficient_, PowerOfTen(a.exponent_ - last), &aligned_a) ||
      __builtin_mul_overflow(b.coefficient_, PowerOfTen(b.exponent_ - last), &aligned_b)) {
    return std::unexpected(NumberError::kTooPrecise);
  }
  if (a.negative_ != b.negative_) {
    return aligned_a >= aligned_b ? FromParts(a.negative_, aligned_a - aligned_b, last)
                                  : FromParts(b.negative_, aligned_b - aligned_a, last);
  }
  Coefficient sum = 0;
  if (__builtin_add_overflow(aligned_a, aligned_b, &sum)) {
    return std::unexpected(NumberError::kTooPrecise);
  }
  return FromParts(a.negative_, sum, last);
}

std::expected<Number, NumberError> Number::Subtract(const Number& a, const Number& b) {
  return Add(a, b.Negated());
}

Number Number::Negated() const {
  return is_zero() ? *this : Number(!negative_, coefficient_, exponent_);
}

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  const auto sign = [](const Number& n) { return n.is_zero() ? 0 : n.negative_ ? -1 : 1; };
  const int sign_a = sign(a);
  const int sign_b = sign(b);
  if (sign_a != sign_b) return sign_a <=> sign_b;
  if (sign_a == 0) return std::strong_ordering::equal;
  return sign_a > 0 ? CompareMagnitudes(a, b) : CompareMagnitudes(b, a);
}

}  // namespace gramme
