// Number: DynamoDB's decimal. Up to 38 significant digits, magnitude 1E-130 to
// 9.9999999999999999999999999999999999999E+125, both signs, and zero. Always exact, always
// normalised: equal values have equal representations.
//
// A value type, trivially copyable, 32 bytes. Nothing here touches binary floating point.

#ifndef GRAMME_MODEL_NUMBER_H_
#define GRAMME_MODEL_NUMBER_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace gramme {

inline constexpr int kNumberDigitCountMax = 38;
// Of the most significant digit: d.ddd x 10^e.
inline constexpr int kNumberExponentMin = -130;
inline constexpr int kNumberExponentMax = 125;

// What is wrong with a text or a result; model/api_error.h has DynamoDB's words for each.
enum class NumberError {
  kSyntax,      // not a decimal number
  kTooPrecise,  // more than 38 significant digits
  kOverflow,    // magnitude above the largest
  kUnderflow,   // not zero, and magnitude below the smallest
};

class Number {
 public:
  __extension__ typedef unsigned __int128 Coefficient;

  // Zero.
  constexpr Number() = default;
  static Number FromInt(std::int64_t value);

  // Accepts what DynamoDB accepts: optional sign, digits with an optional point, optional exponent
  // (`e` or `E`, optional sign, at least one digit). Linear in the length of the text, whatever its
  // exponent. Leading and trailing zeros do not count as significant digits.
  static std::expected<Number, NumberError> Parse(std::string_view text);

  // From parts: value = (negative ? -1 : 1) * coefficient * 10^exponent, normalised. The same
  // errors as Parse. For decoders and arithmetic.
  static std::expected<Number, NumberError> FromParts(bool negative, Coefficient coefficient,
                                                      int exponent);

  // From the parts of a normal form: value = (negative ? -1 : 1) * coefficient * 10^n with the most
  // significant digit at 10^first_digit. Nothing where they are none. For decoders.
  static std::optional<Number> FromNormalForm(bool negative, Coefficient coefficient,
                                              int first_digit);

  // As DynamoDB returns it: no leading or trailing zeros, exponents expanded, `-` where negative.
  std::string ToString() const;
  void AppendTo(std::string& out) const;
  // The same into a buffer of at least kTextBytesMax. Returns the end.
  static constexpr std::size_t kTextBytesMax = 192;
  char* WriteTo(char* out) const;

  // Normal form: the coefficient has no trailing zero digit; zero is coefficient 0, exponent 0, not
  // negative.
  bool negative() const { return negative_; }
  Coefficient coefficient() const { return coefficient_; }
  int exponent() const { return exponent_; }
  bool is_zero() const { return coefficient_ == 0; }

  // Significant digits in the coefficient; 0 for zero.
  int digit_count() const;

  // limits.md section 1: 1 + ceil(integer digits / 2) + ceil(fraction digits / 2) + 1 if negative,
  // over the significant digits before and after the point; zero is 1.
  std::size_t size_bytes() const;

  // Exact sum or difference. kTooPrecise where it has more than 38 digits, kOverflow, kUnderflow.
  static std::expected<Number, NumberError> Add(const Number& a, const Number& b);
  static std::expected<Number, NumberError> Subtract(const Number& a, const Number& b);

  Number Negated() const;

  // By value.
  friend std::strong_ordering operator<=>(const Number& a, const Number& b);
  friend bool operator==(const Number& a, const Number& b) = default;

 private:
  constexpr Number(bool negative, Coefficient coefficient, int exponent)
      : coefficient_(coefficient), exponent_(exponent), negative_(negative) {}

  Coefficient coefficient_ = 0;
  int exponent_ = 0;
  bool negative_ = false;
};

}  // namespace gramme

#endif  // GRAMME_MODEL_NUMBER_H_
