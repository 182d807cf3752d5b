#include "expression/update_expression.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "expression/testing/parse.h"
#include "model/limits.h"

namespace gramme {
namespace {

const Sent kSent{.values = {{":s", S("text")},
                            {":n", N("5")},
                            {":m", AttributeValue(AttributeMap{})},
                            {":l", AttributeValue(List{N("8"), N("9")})},
                            {":ss", Strings({"x", "y"})},
                            {":ns", Numbers({"1", "2"})}},
                 .names = {{"#n", "name"}}};

std::string Problem(std::string_view text) { return UpdateProblem(text, kSent); }

TEST(UpdateSyntaxTest, RefusesWhatIsNoUpdate) {
  EXPECT_EQ(Problem(""), "The expression can not be empty;");
  EXPECT_EQ(Problem("SET"), "Syntax error; token: \"<EOF>\", near: \"SET\"");
  EXPECT_EQ(Problem("a = :s"), "Syntax error; token: \"a\", near: \"a =\"");
  EXPECT_EQ(Problem("SET a :s"), "Syntax error; token: \":s\", near: \"a :s\"");
  EXPECT_EQ(Problem("ADD a 5"), "Syntax error; token: \"5\", near: \"a 5\"");
  EXPECT_EQ(Problem("SET a = b + c + d"), "Syntax error; token: \"+\", near: \"c + d\"");
  EXPECT_EQ(Problem("REMOVE a, b,"), "Syntax error; token: \"<EOF>\", near: \",\"");
  EXPECT_EQ(Problem("SET a = :s, REMOVE b"),
            "Syntax error; token: \"REMOVE\", near: \", REMOVE b\"");
}

TEST(UpdateSyntaxTest, TakesParenthesesAroundAValueAndItsOperands) {
  for (const char* good : {"SET a = (:s)", "SET a = (b + :n)", "SET a = (b) - (:n)",
                           "SET a = ((b) + :n)", "SET a = (if_not_exists(b, :n) - :n), c = (:s)"}) {
    EXPECT_EQ(Problem(good), "parsed") << good;
  }
  for (const char* redundant : {"SET a = ((:s))", "SET a = ((b + :n))", "SET a = b + ((:n))"}) {
    EXPECT_EQ(Problem(redundant), "The expression has redundant parentheses;") << redundant;
  }
  EXPECT_EQ(Problem("SET a = (b + c) + d"), "Syntax error; token: \"+\", near: \") + d\"");
  EXPECT_EQ(Problem("SET a = b + (c + d)"), "Syntax error; token: \"+\", near: \"c + d\"");
  EXPECT_EQ(Problem("SET a = (b + c"), "Syntax error; token: \"<EOF>\", near: \"c\"");
}

TEST(UpdateSyntaxTest, TakesSectionsInAnyOrderOnceEach) {
  EXPECT_EQ(Problem("remove a set b = :s delete c :ss Add d :n"), "parsed");
  EXPECT_EQ(Problem("SET a = :s REMOVE c SET b = :s"),
            "The \"SET\" section can only be used once in an update expression;");
  EXPECT_EQ(Problem("ADD a :n ADD b :n"),
            "The \"ADD\" section can only be used once in an update expression;");
}

TEST(UpdateSyntaxTest, RefusesMoreThan300Operators) {
  std::string text = "SET a0=b+c";
  for (int i = 1; i < 300; ++i) text += ",a" + std::to_string(i) + "=b+c";
  EXPECT_EQ(Problem(text), "parsed");
  EXPECT_EQ(Problem(text + ",z=b+c"),
            "The expression contains too many operators or functions; maximum allowed: 300");
}

TEST(UpdateRulesTest, RefusesOverlapsAndConflicts) {
  EXPECT_EQ(Problem("SET a = :s, a.b = :s"),
            "Two document paths overlap with each other; must remove or rewrite one of these "
            "paths; path one: [a], path two: [a, b]");
  EXPECT_EQ(Problem("SET a.b = :s REMOVE a[1]"),
            "Two document paths conflict with each other; must remove or rewrite one of these "
            "paths; path one: [a, b], path two: [a, [1]]");
}

TEST(UpdateRulesTest, RefusesReservedWordsAndUndefinedTokens) {
  EXPECT_EQ(Problem("SET STATUS = :s"),
            "Attribute name is a reserved keyword; reserved keyword: STATUS");
  EXPECT_EQ(Problem("SET a = :v"),
            "An expression attribute value used in expression is not defined; attribute value: :v");
  EXPECT_EQ(Problem("SET #x = :s"),
            "An expression attribute name used in the document path is not defined; attribute "
            "name: #x");
  EXPECT_EQ(Problem("SET a = #x"),
            "An expression attribute name used in the document path is not defined; attribute "
            "name: #x");
}

TEST(UpdateRulesTest, LooksAtOperandsFromTheLastAction) {
  EXPECT_EQ(Problem("SET a = :x, b = :y"),
            "An expression attribute value used in expression is not defined; attribute value: :y");
  EXPECT_EQ(Problem("SET a = #x, b = :y"),
            "An expression attribute name used in the document path is not defined; attribute "
            "name: #x");
}

TEST(UpdateRulesTest, RefusesFunctionsByNameCountAndOperand) {
  EXPECT_EQ(Problem("SET a = foo(:s)"), "Invalid function name; function: foo");
  EXPECT_EQ(Problem("SET a = size(b)"),
            "The function is not allowed in an update expression; function: size");
  EXPECT_EQ(Problem("SET a = if_not_exists(a)"),
            "Incorrect number of operands for operator or function; operator or function: "
            "if_not_exists, number of operands: 1");
  EXPECT_EQ(Problem("SET a = if_not_exists(:s, :n)"),
            "Operator or function requires a document path; operator or function: if_not_exists");
  EXPECT_EQ(Problem("SET a = if_not_exists(b, b)"),
            "The first operand must be distinct from the remaining operands for this operator or "
            "function; operator: if_not_exists, first operand: [b]");
  EXPECT_EQ(Problem("SET a = list_append(a, :s)"),
            "Incorrect operand type for operator or function; operator or function: list_append, "
            "operand type: S");
  EXPECT_EQ(Problem("SET a = a + :s"),
            "Incorrect operand type for operator or function; operator or function: +, operand "
            "type: S");
  EXPECT_EQ(Problem("ADD a :s"),
            "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, "
            "typeSet: ALLOWED_FOR_ADD_OPERAND");
  EXPECT_EQ(Problem("DELETE a :n"),
            "Incorrect operand type for operator or function; operator: DELETE, operand type: "
            "NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND");
}

const Item kItem{{"n", N("10")},
                 {"str", S("s")},
                 {"ss", Strings({"a", "x"})},
                 {"list3", AttributeValue(List{N("0"), N("1"), N("2")})},
                 {"dict", AttributeValue(AttributeMap{{"k", N("1")}})}};

Item With(std::string_view name, AttributeValue value) {
  Item item = kItem;
  item.insert_or_assign(std::string(name), std::move(value));
  return item;
}

Item Without(const std::string& name) {
  Item item = kItem;
  item.erase(name);
  return item;
}

Item After(std::string_view text) {
  const auto updated = Updated(text, kItem, kSent);
  EXPECT_TRUE(updated.has_value()) << text << ": " << updated.error().message;
  return updated.value_or(Item{});
}

std::string Refusal(std::string_view text) { return ApplyProblem(text, kItem, kSent); }

TEST(UpdateTest, SetsValuesPathsAndSums) {
  EXPECT_EQ(After("SET fresh = :s"), With("fresh", S("text")));
  EXPECT_EQ(After("SET n = n + :n"), With("n", N("15")));
  EXPECT_EQ(After("SET n = :n - n"), With("n", N("-5")));
  EXPECT_EQ(After("SET fresh = n"), With("fresh", N("10")));
  EXPECT_EQ(After("SET dict.extra = :n"),
            With("dict", AttributeMap{{"k", N("1")}, {"extra", N("5")}}));
  EXPECT_EQ(After("SET #n = if_not_exists(#n, :n) + :n"), With("name", N("10")));
  EXPECT_EQ(After("SET n = if_not_exists(n, absent)"), kItem);
  EXPECT_EQ(After("SET list3[1] = :s"), With("list3", List{N("0"), S("text"), N("2")}));
  EXPECT_EQ(After("SET n = (n) + (:n)"), With("n", N("15")));
}

TEST(UpdateTest, ReadsTheItemAsItWas) {
  Item swapped = With("n", S("s"));
  swapped.insert_or_assign("str", N("10"));
  EXPECT_EQ(After("SET n = str, str = n"), swapped);
  EXPECT_EQ(After("SET fresh = list3[0] REMOVE list3[0]").at("fresh"), N("0"));
}

TEST(UpdateTest, AppendsToLists) {
  EXPECT_EQ(After("SET list3 = list_append(list3, :l)"),
            With("list3", List{N("0"), N("1"), N("2"), N("8"), N("9")}));
  EXPECT_EQ(After("SET list3 = list_append(:l, list3)"),
            With("list3", List{N("8"), N("9"), N("0"), N("1"), N("2")}));
  EXPECT_EQ(After("SET fresh = list_append(if_not_exists(fresh, :l), :l)"),
            With("fresh", List{N("8"), N("9"), N("8"), N("9")}));
  EXPECT_EQ(After("SET list3[20] = :s, list3[10] = :n"),
            With("list3", List{N("0"), N("1"), N("2"), N("5"), S("text")}));
}

TEST(UpdateTest, RemovesByOriginalIndexes) {
  EXPECT_EQ(After("REMOVE list3[0], list3[2]"), With("list3", List{N("1")}));
  EXPECT_EQ(After("REMOVE list3[0] SET list3[1] = :s, list3[7] = :n"),
            With("list3", List{S("text"), N("2"), N("5")}));
  EXPECT_EQ(After("REMOVE list3[3], list3[1] SET list3[5] = :n"),
            With("list3", List{N("0"), N("2"), N("5")}));
  EXPECT_EQ(After("REMOVE n, absent"), Without("n"));
  EXPECT_EQ(After("REMOVE dict.k, dict.extra"), With("dict", AttributeMap{}));
}

TEST(UpdateTest, AddsNumbersAndSets) {
  EXPECT_EQ(After("ADD n :n"), With("n", N("15")));
  EXPECT_EQ(After("ADD fresh :n"), With("fresh", N("5")));
  EXPECT_EQ(After("ADD ss :ss"), With("ss", Strings({"a", "x", "y"})));
  EXPECT_EQ(After("ADD fresh :ns"), With("fresh", Numbers({"1", "2"})));
  EXPECT_EQ(After("ADD dict.c :n"), With("dict", AttributeMap{{"k", N("1")}, {"c", N("5")}}));
}

TEST(UpdateTest, DeletesElementsAndEmptySets) {
  EXPECT_EQ(After("DELETE ss :ss"), With("ss", Strings({"a"})));
  EXPECT_EQ(After("DELETE absent :ss"), kItem);
  const Item item{{"ss", Strings({"y", "x"})}};
  EXPECT_EQ(*Updated("DELETE ss :ss", item, kSent), Item{});
}

TEST(UpdateTest, RefusesOperandsOfTheWrongType) {
  const std::string wrong = "An operand in the update expression has an incorrect data type";
  EXPECT_EQ(Refusal("SET n = str + :n"), wrong);
  EXPECT_EQ(Refusal("SET n = list_append(n, :l)"), wrong);
  EXPECT_EQ(Refusal("ADD str :n"), wrong);
  EXPECT_EQ(Refusal("ADD n :ss"), wrong);
  EXPECT_EQ(Refusal("ADD ss :ns"), wrong);
  EXPECT_EQ(Refusal("DELETE ss :ns"), wrong);
  EXPECT_EQ(Refusal("SET x = absent + str"), wrong);
}

TEST(UpdateTest, RefusesAbsentAttributes) {
  const std::string absent =
      "The provided expression refers to an attribute that does not exist in the item";
  EXPECT_EQ(Refusal("SET a = absent"), absent);
  EXPECT_EQ(Refusal("SET a = absent + :n"), absent);
  EXPECT_EQ(Refusal("SET a = list_append(list3, absent)"), absent);
  EXPECT_EQ(Refusal("SET a = if_not_exists(absent, extra)"), absent);
}

TEST(UpdateTest, RefusesPathsIntoNothing) {
  const std::string invalid =
      "The document path provided in the update expression is invalid for update";
  EXPECT_EQ(Refusal("SET absent.x = :n"), invalid);
  EXPECT_EQ(Refusal("SET n.x = :n"), invalid);
  EXPECT_EQ(Refusal("SET dict[0] = :n"), invalid);
  EXPECT_EQ(Refusal("SET list3.x = :n"), invalid);
  EXPECT_EQ(Refusal("REMOVE absent.x"), invalid);
  EXPECT_EQ(Refusal("ADD absent.x :n"), invalid);
  EXPECT_EQ(Refusal("DELETE list3[9].x :ss"), invalid);
}

TEST(UpdateTest, RefusesNumbersBeyondTheLimits) {
  const Item item{{"n", N("9E125")}, {"m", N("1")}};
  const Sent sent{.values = {{":big", N("9E125")}, {":tiny", N("1E-100")}}};
  EXPECT_EQ(ApplyProblem("SET n = n + :big", item, sent),
            "Number overflow. Attempting to store a number with magnitude larger than supported "
            "range");
  EXPECT_EQ(ApplyProblem("ADD n :big", item, sent),
            "Number overflow. Attempting to store a number with magnitude larger than supported "
            "range");
  EXPECT_EQ(ApplyProblem("ADD m :tiny", item, sent),
            "Attempting to store more than 38 significant digits in a Number");
}

TEST(UpdateTest, RefusesMoreThanAnItemHoldsBeforeCopyingIt) {
  const Sent sent{.values = {{":big", S(std::string(kItemSizeBytesMax / 2, 'x'))}}};
  EXPECT_EQ(ApplyProblem("SET a = :big", {}, sent), "applied");
  EXPECT_EQ(ApplyProblem("SET a = :big, b = :big, c = :big", {}, sent),
            "Item size to update has exceeded the maximum allowed size");
}

TEST(UpdateTest, RefusesDeepNesting) {
  AttributeValue value = S("a");
  for (int i = 0; i < kNestingDepthMax; ++i) value = List{std::move(value)};
  const Sent sent{.values = {{":v", value}}};
  EXPECT_EQ(ApplyProblem("SET a = :v", kItem, sent), "applied");
  EXPECT_EQ(ApplyProblem("SET dict.a = :v", kItem, sent),
            "Nesting Levels have exceeded supported limits");
}

TEST(UpdateTest, ReturnsTheUpdatedParts) {
  const auto update = ParseUpdate("SET dict.k = :n, list3[1] = :n REMOVE str, absent", kSent);
  EXPECT_EQ(
      update->UpdatedAttributes(kItem),
      (Item{{"dict", AttributeMap{{"k", N("1")}}}, {"list3", List{N("1")}}, {"str", S("s")}}));
  EXPECT_EQ(update->UpdatedAttributes(*update->Apply(kItem)),
            (Item{{"dict", AttributeMap{{"k", N("5")}}}, {"list3", List{N("5")}}}));
}

TEST(UpdateTest, NamesTheAttributesItWritesAndReads) {
  const auto update = ParseUpdate("SET a.b = if_not_exists(c, d) + :n REMOVE e", kSent);
  EXPECT_EQ(update->WrittenAttributes(), (std::set<std::string>{"a", "e"}));
  std::set<std::string> attributes;
  update->CollectAttributes(attributes);
  EXPECT_EQ(attributes, (std::set<std::string>{"a", "c", "d", "e"}));
}

TEST(UpdateTest, MeasuresItsActions) {
  // Behind the 3 of every update. `:n` has 2 bytes, `:s` 4, `:l` 9, `:ss` 2.
  const std::vector<std::pair<const char*, std::size_t>> cases = {
      {"SET a = :n", 19 + 1 + 2},
      {"SET abc = :s", 19 + 3 + 4},
      {"SET #n = :s", 19 + 4 + 4},
      {"SET a.leaf = :s", 19 + 1 + 4 + 4 + 4},
      {"SET a[10] = :n", 19 + 1 + 4 + 2 + 2},
      {"SET a = bcd", 19 + 1 + 1 + 14 + 3},
      {"SET a = b.c[7]", 19 + 1 + 1 + 14 + 1 + 14 + 1 + 14 + 1},
      {"SET a = a + :n", 19 + 1 + 34 + 16 + 2},
      {"SET a = a - :n", 19 + 1 + 37 + 16 + 2},
      {"SET a = if_not_exists(a, :s)", 19 + 1 + 39 + 16 + 4},
      {"SET a = list_append(a, :l)", 19 + 1 + 37 + 16 + 9},
      {"SET a = list_append(:l, :l)", 19 + 1 + 37 + 9 + 9},
      {"SET a = :n, b = :n", 2 * (19 + 1 + 2)},
      {"ADD abc :n", 19 + 3 + 2},
      {"ADD a :ss", 19 + 1 + 2},
      {"REMOVE a, bc", 1 + 1 + 1 + 2},
      {"REMOVE a.bcd", 1 + 1 + 4 + 3},
      {"REMOVE a[10]", 1 + 1 + 4 + 2},
      {"DELETE abc :ss", 1 + 3}};
  for (const auto& [text, cost] : cases) {
    EXPECT_EQ(ParseUpdate(text, kSent)->measure_bytes(), 3 + cost) << text;
  }
}

}  // namespace
}  // namespace gramme
