#include "expression/lexer.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expression/reserved_words.h"

namespace gramme {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Texts(std::string_view text) {
  std::vector<std::string> texts;
  for (const Token& token : Tokenize(text)) texts.emplace_back(token.text);
  return texts;
}

std::vector<TokenKind> Kinds(std::string_view text) {
  std::vector<TokenKind> kinds;
  for (const Token& token : Tokenize(text)) kinds.push_back(token.kind);
  return kinds;
}

TEST(LexerTest, SplitsOperatorsWithoutSpaces) {
  EXPECT_THAT(Texts("a<=b<>c>=d[10].e"), ElementsAre("a", "<=", "b", "<>", "c", ">=", "d", "[",
                                                     "10", "]", ".", "e", "<EOF>"));
}

TEST(LexerTest, KeepsPositionsInBytes) {
  const auto tokens = Tokenize("  ab =\t:v ");
  EXPECT_EQ(tokens[0].begin, 2U);
  EXPECT_EQ(tokens[1].begin, 5U);
  EXPECT_EQ(tokens[2].begin, 7U);
  EXPECT_EQ(tokens[2].end, 9U);
  EXPECT_EQ(tokens[3].begin, 10U);
}

TEST(LexerTest, KnowsKeywordsWhateverTheirCase) {
  EXPECT_THAT(Kinds("AND or Not bEtween in set REMOVE add Delete"),
              ElementsAre(TokenKind::kAnd, TokenKind::kOr, TokenKind::kNot, TokenKind::kBetween,
                          TokenKind::kIn, TokenKind::kSet, TokenKind::kRemove, TokenKind::kAdd,
                          TokenKind::kDelete, TokenKind::kEnd));
}

TEST(LexerTest, LetsIdentifiersBeginWithLettersOnly) {
  EXPECT_THAT(Kinds("a_1"), ElementsAre(TokenKind::kIdentifier, TokenKind::kEnd));
  EXPECT_THAT(Texts("_a"), ElementsAre("_", "a", "<EOF>"));
  EXPECT_THAT(Kinds("_a"),
              ElementsAre(TokenKind::kInvalid, TokenKind::kIdentifier, TokenKind::kEnd));
}

TEST(LexerTest, LetsNamesAndValuesBeginWithAnything) {
  EXPECT_THAT(Kinds("#0 :_ # :"),
              ElementsAre(TokenKind::kName, TokenKind::kValue, TokenKind::kInvalid,
                          TokenKind::kInvalid, TokenKind::kEnd));
}

TEST(LexerTest, EndsAnIntegerAfterALeadingZero) {
  EXPECT_THAT(Texts("007 10"), ElementsAre("0", "0", "7", "10", "<EOF>"));
}

TEST(LexerTest, TakesAForeignCharacterWhole) {
  EXPECT_THAT(Texts("a \xC3\xA9 \xF0\x9F\x98\x80!"),
              ElementsAre("a", "\xC3\xA9", "\xF0\x9F\x98\x80", "!", "<EOF>"));
}

TEST(LexerTest, EndsAnEmptyTextAtOnce) {
  EXPECT_THAT(Kinds(""), ElementsAre(TokenKind::kEnd));
  EXPECT_THAT(Kinds(" \r\n"), ElementsAre(TokenKind::kEnd));
}

TEST(ReservedWordsTest, KnowsThemWhateverTheirCase) {
  for (const char* word : {"ABORT", "ZONE", "status", "Name", "sIZE", "TTL", "data", "SET"}) {
    EXPECT_TRUE(IsReservedWord(word)) << word;
  }
  for (const char* word : {"", "ABOR", "ZONES", "id", "REMOVE", "pk", "stat\xC3\xBCs"}) {
    EXPECT_FALSE(IsReservedWord(word)) << word;
  }
}

}  // namespace
}  // namespace gramme
