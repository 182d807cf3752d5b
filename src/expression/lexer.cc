#include "expression/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "expression/reserved_words.h"

namespace gramme {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordCharacter(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr std::pair<std::string_view, TokenKind> kKeywords[] = {
    {"AND", TokenKind::kAnd},         {"OR", TokenKind::kOr},   {"NOT", TokenKind::kNot},
    {"BETWEEN", TokenKind::kBetween}, {"IN", TokenKind::kIn},   {"SET", TokenKind::kSet},
    {"REMOVE", TokenKind::kRemove},   {"ADD", TokenKind::kAdd}, {"DELETE", TokenKind::kDelete},
};

// The longer ones first: `<=` is not `<` and `=`.
constexpr std::pair<std::string_view, TokenKind> kSymbols[] = {
    {"<>", TokenKind::kNotEqual},
    {"<=", TokenKind::kLessOrEqual},
    {">=", TokenKind::kGreaterOrEqual},
    {"=", TokenKind::kEqual},
    {"<", TokenKind::kLess},
    {">", TokenKind::kGreater},
    {"(", TokenKind::kOpen},
    {")", TokenKind::kClose},
    {"[", TokenKind::kOpenBracket},
    {"]", TokenKind::kCloseBracket},
    {",", TokenKind::kComma},
    {".", TokenKind::kDot},
    {"+", TokenKind::kPlus},
    {"-", TokenKind::kMinus},
};

TokenKind WordKind(std::string_view word) {
  for (const auto& [keyword, kind] : kKeywords) {
    if (EqualsIgnoringCase(word, keyword)) return kind;
  }
  return TokenKind::kIdentifier;
}

template <typename Predicate>
std::size_t SkipWhile(std::string_view text, std::size_t at, Predicate matches) {
  while (at < text.size() && matches(text[at])) ++at;
  return at;
}

// The kind of the token at `begin` and where it ends. REQUIRES: a character there, no space.
std::pair<TokenKind, std::size_t> Scan(std::string_view text, std::size_t begin) {
  const char first = text[begin];
  if (IsLetter(first)) {
    const std::size_t end = SkipWhile(text, begin, IsWordCharacter);
    return {WordKind(text.substr(begin, end - begin)), end};
  }
  if (first == '#' || first == ':') {
    const std::size_t end = SkipWhile(text, begin + 1, IsWordCharacter);
    if (end == begin + 1) return {TokenKind::kInvalid, end};
    return {first == '#' ? TokenKind::kName : TokenKind::kValue, end};
  }
  if (first == '0') return {TokenKind::kInteger, begin + 1};
  if (IsDigit(first)) return {TokenKind::kInteger, SkipWhile(text, begin, IsDigit)};
  for (const auto& [symbol, kind] : kSymbols) {
    if (text.substr(begin).starts_with(symbol)) return {kind, begin + symbol.size()};
  }
  // A whole UTF-8 sequence at a time, so that messages that quote it stay UTF-8.
  const auto is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
  };
  return {TokenKind::kInvalid, SkipWhile(text, begin + 1, is_continuation)};
}

}  // namespace

std::vector<Token> Tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = SkipWhile(text, 0, IsSpace);
  while (at < text.size()) {
    const auto [kind, end] = Scan(text, at);
    tokens.push_back({.kind = kind, .text = text.substr(at, end - at), .begin = at, .end = end});
    at = SkipWhile(text, end, IsSpace);
  }
  tokens.push_back(
      {.kind = TokenKind::kEnd, .text = "<EOF>", .begin = text.size(), .end = text.size()});
  return tokens;
}

bool IsPlaceholderToken(std::string_view text, char marker) {
  return text.size() > 1 && text.front() == marker &&
         std::all_of(text.begin() + 1, text.end(), IsWordCharacter);
}

}  // namespace gramme
