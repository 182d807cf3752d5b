// SlowDecimal: decimal arithmetic as taught at school, over strings of digits. The reference that
// model/number.h is held against; it shares nothing with it but the limits.

#ifndef GRAMME_MODEL_TESTING_SLOW_DECIMAL_H_
#define GRAMME_MODEL_TESTING_SLOW_DECIMAL_H_

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "model/number.h"

namespace gramme {

// Value: digits * 10^exponent, negated where negative. No zeros at either end; no digits is zero.
struct SlowDecimal {
  bool negative = false;
  std::string digits;
  long long exponent = 0;
};

inline SlowDecimal TrimmedSlowly(SlowDecimal value) {
  while (!value.digits.empty() && value.digits.back() == '0') {
    value.digits.pop_back();
    ++value.exponent;
  }
  value.digits.erase(0, std::min(value.digits.find_first_not_of('0'), value.digits.size()));
  return value.digits.empty() ? SlowDecimal{} : value;
}

// Nothing where the text is no decimal number.
inline std::optional<SlowDecimal> ParseSlowly(std::string text) {
  const auto all_digits = [](std::string_view s) {
    return s.find_first_not_of("0123456789") == std::string_view::npos;
  };
  SlowDecimal value;
  if (text.starts_with("-") || text.starts_with("+")) {
    value.negative = text[0] == '-';
    text.erase(0, 1);
  }
  if (const auto e = text.find_first_of("eE"); e != std::string::npos) {
    std::string exponent = text.substr(e + 1);
    text.erase(e);
    const bool negative = exponent.starts_with("-");
    if (negative || exponent.starts_with("+")) exponent.erase(0, 1);
    if (exponent.empty() || !all_digits(exponent)) return std::nullopt;
    exponent.erase(0, std::min(exponent.find_first_not_of('0'), exponent.size()));
    if (exponent.size() > 15) exponent = "1000000000000000";
    value.exponent = exponent.empty() ? 0 : std::stoll(exponent);
    if (negative) value.exponent = -value.exponent;
  }
  if (const auto point = text.find('.'); point != std::string::npos) {
    value.exponent -= static_cast<long long>(text.size() - point - 1);
    text.erase(point, 1);
  }
  if (text.empty() || !all_digits(text)) return std::nullopt;
  value.digits = text;
  return TrimmedSlowly(value);
}

inline std::optional<NumberError> FindErrorSlowly(const SlowDecimal& value) {
  if (value.digits.empty()) return std::nullopt;
  if (value.digits.size() > 38) return NumberError::kTooPrecise;
  const long long first_digit = value.exponent + static_cast<long long>(value.digits.size()) - 1;
  if (first_digit > 125) return NumberError::kOverflow;
  if (first_digit < -130) return NumberError::kUnderflow;
  return std::nullopt;
}

// REQUIRES: within the limits.
inline std::string PrintSlowly(const SlowDecimal& value) {
  if (value.digits.empty()) return "0";
  // Every number within the limits lies between these two runs of zeros.
  std::string text = std::string(200, '0') + value.digits + std::string(200, '0');
  text.insert(static_cast<std::size_t>(200 + static_cast<long long>(value.digits.size()) +
                                       std::clamp(value.exponent, -200LL, 200LL)), ".");
  text.erase(0, text.find_first_not_of('0'));
  text.erase(text.find_last_not_of('0') + 1);
  if (text.starts_with(".")) text.insert(0, "0");
  if (text.ends_with(".")) text.pop_back();
  return (value.negative ? "-" : "") + text;
}

// Brings both to one exponent and one length, by zeros at both ends.
inline void AlignSlowly(SlowDecimal& a, SlowDecimal& b) {
  for (; a.exponent > b.exponent; --a.exponent) a.digits += '0';
  for (; b.exponent > a.exponent; --b.exponent) b.digits += '0';
  const std::size_t size = std::max(a.digits.size(), b.digits.size());
  a.digits.insert(0, size - a.digits.size(), '0');
  b.digits.insert(0, size - b.digits.size(), '0');
}

// REQUIRES: both within the limits.
inline int CompareSlowly(SlowDecimal a, SlowDecimal b) {
  AlignSlowly(a, b);
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  const int magnitude = a.digits.compare(b.digits);
  return (magnitude < 0 ? -1 : magnitude > 0 ? 1 : 0) * (a.negative ? -1 : 1);
}

// REQUIRES: both within the limits. The sum need not be.
inline SlowDecimal AddSlowly(SlowDecimal a, SlowDecimal b) {
  AlignSlowly(a, b);
  if (a.digits < b.digits) std::swap(a, b);
  const int sign = a.negative == b.negative ? 1 : -1;
  int carry = 0;
  for (std::size_t i = a.digits.size(); i > 0; --i) {
    int digit = (a.digits[i - 1] - '0') + sign * (b.digits[i - 1] - '0') + carry;
    carry = digit < 0 ? -1 : digit > 9 ? 1 : 0;
    digit -= 10 * carry;
    a.digits[i - 1] = static_cast<char>('0' + digit);
  }
  if (carry > 0) a.digits.insert(0, "1");
  return TrimmedSlowly(a);
}

inline SlowDecimal NegatedSlowly(SlowDecimal value) {
  value.negative = !value.negative && !value.digits.empty();
  return value;
}

}  // namespace gramme

#endif  // GRAMME_MODEL_TESTING_SLOW_DECIMAL_H_
