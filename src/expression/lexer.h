// The tokens of every expression language of DynamoDB's items: conditions, key conditions, filters,
// projections and updates share one set.
//
// Pure and linear in the length of the text. Never fails: what is no token becomes kInvalid, which
// no grammar accepts.

#ifndef GRAMME_EXPRESSION_LEXER_H_
#define GRAMME_EXPRESSION_LEXER_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace gramme {

enum class TokenKind : unsigned char {
  kIdentifier,  // a letter, then letters, digits and underscores
  kName,        // `#` and its identifier characters
  kValue,       // `:` and its identifier characters
  kInteger,     // `0`, or digits without a leading zero
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kOpen,
  kClose,
  kOpenBracket,
  kCloseBracket,
  kComma,
  kDot,
  kPlus,
  kMinus,
  kAnd,  // keywords, whatever their case
  kOr,
  kNot,
  kBetween,
  kIn,
  kSet,
  kRemove,
  kAdd,
  kDelete,
  kInvalid,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  // As written, a view into the expression; `<EOF>` at the end.
  std::string_view text = {};
  // Bytes from the start of the expression.
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The tokens of `text`, the last one kEnd. The views borrow from `text`.
std::vector<Token> Tokenize(std::string_view text);

// `#name` (marker '#') or `:name` with at least one identifier character and nothing else.
bool IsPlaceholderToken(std::string_view text, char marker);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_LEXER_H_
