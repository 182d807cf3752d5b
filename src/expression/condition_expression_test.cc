#include "expression/condition_expression.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "expression/testing/parse.h"
#include "model/limits.h"

namespace gramme {
namespace {

const Sent kSent{.values = {{":s", S("text")},
                            {":e", S("")},
                            {":n", N("5")},
                            {":three", N("3")},
                            {":b", B("by")},
                            {":t", AttributeValue(true)},
                            {":m", AttributeValue(AttributeMap{})},
                            {":l", AttributeValue(List{N("1")})},
                            {":ss", Strings({"x", "y"})},
                            {":type", S("SS")}},
                 .names = {{"#n", "name"}, {"#dot", "a.b"}}};

std::string Problem(std::string_view text) { return ConditionProblem(text, kSent); }

TEST(ConditionSyntaxTest, RefusesEmptyAndLongTexts) {
  EXPECT_EQ(Problem(""), "The expression can not be empty;");
  EXPECT_EQ(Problem(" "), "Syntax error; token: \"<EOF>\", near: \" \"");
  std::string text = "a = :s";
  text.resize(kExpressionBytesMax, ' ');
  EXPECT_EQ(Problem(text), "parsed");
  EXPECT_EQ(Problem(text + " "),
            "Expression size has exceeded the maximum allowed size; expression size: 4097");
}

TEST(ConditionSyntaxTest, NamesTheTokenAndItsNeighbours) {
  EXPECT_EQ(Problem("a X b"), "Syntax error; token: \"X\", near: \"a X b\"");
  EXPECT_EQ(Problem("a > 4"), "Syntax error; token: \"4\", near: \"> 4\"");
  EXPECT_EQ(Problem("a ="), "Syntax error; token: \"<EOF>\", near: \"=\"");
  EXPECT_EQ(Problem("a = :s AND __x = :s"), "Syntax error; token: \"_\", near: \"AND __\"");
  EXPECT_EQ(Problem("a"), "Syntax error; token: \"<EOF>\", near: \"a\"");
  EXPECT_EQ(Problem("(a = :s"), "Syntax error; token: \"<EOF>\", near: \":s\"");
  EXPECT_EQ(Problem("a = :s)"), "Syntax error; token: \")\", near: \":s)\"");
  EXPECT_EQ(Problem("attribute_exists()"), "Syntax error; token: \")\", near: \"()\"");
  EXPECT_EQ(Problem("a[x] = :s"), "Syntax error; token: \"x\", near: \"[x]\"");
  EXPECT_EQ(Problem("a[01] = :s"), "Syntax error; token: \"1\", near: \"01]\"");
  EXPECT_EQ(Problem("(NOT a)"), "Syntax error; token: \")\", near: \"a)\"");
  EXPECT_EQ(Problem("(a) AND b = :s"), "Syntax error; token: \"AND\", near: \") AND b\"");
  EXPECT_EQ(Problem("(a = :s) = :s"), "Syntax error; token: \"=\", near: \") = :s\"");
  EXPECT_EQ(Problem("set = :s"), "Syntax error; token: \"set\", near: \"set =\"");
}

TEST(ConditionSyntaxTest, RefusesRedundantParentheses) {
  const std::string redundant = "The expression has redundant parentheses;";
  EXPECT_EQ(Problem("((a = :s))"), redundant);
  EXPECT_EQ(Problem("((a)) = :s"), redundant);
  EXPECT_EQ(Problem("a = ((:s))"), redundant);
  EXPECT_EQ(Problem("((contains(a, :s)))"), redundant);
  EXPECT_EQ(Problem("contains(((a)), :s)"), redundant);
  EXPECT_EQ(Problem("b = :s AND ((a = :s AND b = :n))"), redundant);
  EXPECT_EQ(Problem("((a = :s) AND b = :n)"), "parsed");
  EXPECT_EQ(Problem("((a) = (:s))"), "parsed");
  EXPECT_EQ(Problem("(NOT (a = :s))"), "parsed");
  EXPECT_EQ(Problem("(size(a)) > :n"), "parsed");
  EXPECT_EQ(Problem("(contains(a, :s)) OR b = :s"), "parsed");
}

TEST(ConditionSyntaxTest, RefusesMoreThan300Operators) {
  std::string text = "a=:s";
  for (int i = 1; i < 150; ++i) text += " OR a=:s";
  EXPECT_EQ(Problem(text), "parsed");
  EXPECT_EQ(Problem(text + " OR a=:s"),
            "The expression contains too many operators or functions; maximum allowed: 300");
}

TEST(ConditionSyntaxTest, RefusesDeepNestingBeforeRecursing) {
  EXPECT_EQ(Problem(std::string(4000, '(')),
            "The expression has too many nesting levels; maximum allowed: 300");
  std::string nots;
  for (int i = 0; i < 1000; ++i) nots += "NOT ";
  EXPECT_EQ(Problem(nots),
            "The expression contains too many operators or functions; maximum "
            "allowed: 300");
  std::string calls;
  for (int i = 0; i < 500; ++i) calls += "size(";
  EXPECT_EQ(Problem(calls),
            "The expression contains too many operators or functions; maximum "
            "allowed: 300");
  std::string deep;
  for (int i = 0; i < 299; ++i) deep += "NOT(";
  EXPECT_EQ(Problem(deep + "a=:s" + std::string(299, ')')), "parsed");
}

TEST(ConditionRulesTest, RefusesReservedWordsAsWritten) {
  EXPECT_EQ(Problem("status = :s"),
            "Attribute name is a reserved keyword; reserved keyword: status");
  EXPECT_EQ(Problem("a.STATUS = :s"),
            "Attribute name is a reserved keyword; reserved keyword: STATUS");
  EXPECT_EQ(Problem("#n = :s"), "parsed");
}

TEST(ConditionRulesTest, RefusesUndefinedPlaceholders) {
  EXPECT_EQ(Problem("a = :v"),
            "An expression attribute value used in expression is not defined; attribute value: :v");
  EXPECT_EQ(Problem("#x = :s"),
            "An expression attribute name used in the document path is not defined; attribute "
            "name: #x");
}

TEST(ConditionRulesTest, RefusesFunctionsByNamePlaceAndCount) {
  EXPECT_EQ(Problem("foo(a)"), "Invalid function name; function: foo");
  EXPECT_EQ(Problem("Size(a) > :n"), "Invalid function name; function: Size");
  EXPECT_EQ(Problem("begins_with(a)"),
            "Incorrect number of operands for operator or function; operator or function: "
            "begins_with, number of operands: 1");
  EXPECT_EQ(Problem("size(a)"),
            "The function is not allowed to be used this way in an expression; function: size");
  EXPECT_EQ(Problem("a = contains(b, :s)"),
            "The function is not allowed to be used this way in an expression; function: contains");
  EXPECT_EQ(Problem("a = list_append(b, :l)"),
            "The function is not allowed in a condition expression; function: list_append");
}

TEST(ConditionRulesTest, RefusesOperandsOfTheWrongType) {
  const auto wrong = [](std::string_view function, std::string_view type) {
    return "Incorrect operand type for operator or function; operator or function: " +
           std::string(function) + ", operand type: " + std::string(type);
  };
  EXPECT_EQ(Problem("begins_with(a, :n)"), wrong("begins_with", "N"));
  EXPECT_EQ(Problem("begins_with(a, size(b))"), wrong("begins_with", "N"));
  EXPECT_EQ(Problem("a < :t"), wrong("<", "BOOL"));
  EXPECT_EQ(Problem("a >= :m"), wrong(">=", "M"));
  EXPECT_EQ(Problem("a BETWEEN :l AND :l"), wrong("BETWEEN", "L"));
  EXPECT_EQ(Problem("size(:n) > :n"), wrong("size", "N"));
  EXPECT_EQ(Problem("size(size(a)) > :n"), wrong("size", "N"));
  EXPECT_EQ(Problem("attribute_type(a, :n)"), wrong("attribute_type", "N"));
  EXPECT_EQ(Problem("attribute_type(a, b)"),
            wrong("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"));
  EXPECT_EQ(Problem("attribute_type(a, :s)"),
            "Invalid attribute type name found; type: text, valid types: "
            "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
  EXPECT_EQ(Problem("attribute_exists(:s)"),
            "Operator or function requires a document path; operator or function: "
            "attribute_exists");
}

TEST(ConditionRulesTest, RefusesAPathComparedWithItself) {
  EXPECT_EQ(Problem("a = a"),
            "The first operand must be distinct from the remaining operands for this operator or "
            "function; operator: =, first operand: [a]");
  EXPECT_EQ(Problem("#n.x[1] IN (:s, #n.x[1])"),
            "The first operand must be distinct from the remaining operands for this operator or "
            "function; operator: IN, first operand: [name, x, [1]]");
  EXPECT_EQ(Problem("a = b"), "parsed");
}

TEST(ConditionRulesTest, RefusesBoundsOutOfOrder) {
  EXPECT_EQ(Problem("a BETWEEN :n AND :three"),
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
            "lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: "
            "{N:3}");
  EXPECT_EQ(Problem("a BETWEEN :n AND :s"),
            "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
            "operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {S:text}");
  EXPECT_EQ(Problem("a between :three and :n"), "parsed");
}

TEST(ConditionRulesTest, RefusesMoreThan100OperandsOfIn) {
  std::string list = ":s";
  for (int i = 1; i < 100; ++i) list += ",:s";
  EXPECT_EQ(Problem("a IN (" + list + ")"), "parsed");
  EXPECT_EQ(Problem("a IN (" + list + ",:s)"),
            "The IN operator is provided with too many operands; number of operands: 101");
}

TEST(ConditionRulesTest, LimitsPathsAndIndexes) {
  std::string path = "a";
  for (int i = 1; i < 32; ++i) path += ".a";
  EXPECT_EQ(Problem(path + " = :s"), "parsed");
  EXPECT_EQ(Problem(path + ".a = :s"),
            "The document path has too many nesting levels; nesting levels: 33");
  EXPECT_EQ(Problem("a[2147483647] = :s"), "parsed");
  EXPECT_EQ(Problem("a[2147483648] = :s"),
            "List index is not within the allowable range; index: [2147483648]");
  EXPECT_EQ(Problem("a[99999999999999999999999] = :s"),
            "List index is not within the allowable range; index: [99999999999999999999999]");
}

const Item kItem{{"name", S("Gramme")},
                 {"n", N("5")},
                 {"bin", B("bytes")},
                 {"yes", AttributeValue(true)},
                 {"nil", AttributeValue(Null{})},
                 {"tags", Strings({"a", "b"})},
                 {"primes", Numbers({"2", "3.0", "5"})},
                 {"things", AttributeValue(List{N("1"), S("x"), AttributeMap{{"k", N("2")}}})},
                 {"dict", AttributeValue(AttributeMap{{"in", N("7")}})},
                 {"a.b", S("dotted")}};

bool Yes(std::string_view text) { return Holds(text, kItem, kSent); }

TEST(ConditionTest, ComparesScalars) {
  EXPECT_TRUE(Yes("n = :n"));
  EXPECT_FALSE(Yes("n <> :n"));
  EXPECT_TRUE(Yes("n > :three AND n >= :n AND n <= :n"));
  EXPECT_FALSE(Yes("n < :n"));
  EXPECT_TRUE(Yes(":three < n"));
  EXPECT_TRUE(Yes("n BETWEEN :three AND :n"));
  EXPECT_TRUE(Yes("#n < :s"));
  EXPECT_TRUE(Yes("bin < :b OR bin > :b"));
  EXPECT_FALSE(Yes("n = :s"));
  EXPECT_TRUE(Yes("n <> :s"));
  EXPECT_FALSE(Yes("n < :s"));
  EXPECT_FALSE(Yes("n >= :s"));
}

TEST(ConditionTest, TakesAbsentOperandsForUnequal) {
  EXPECT_FALSE(Yes("absent = :n"));
  EXPECT_TRUE(Yes("absent <> :n"));
  EXPECT_FALSE(Yes("absent < :n"));
  EXPECT_FALSE(Yes("absent BETWEEN :three AND :n"));
  EXPECT_FALSE(Yes("absent IN (:n)"));
  EXPECT_FALSE(Yes("size(absent) > :n"));
  EXPECT_TRUE(Yes("NOT absent = :n"));
}

TEST(ConditionTest, FollowsDocumentPaths) {
  EXPECT_TRUE(Yes("#dot <> :s"));
  EXPECT_TRUE(Yes("attribute_exists(things[2].k)"));
  EXPECT_TRUE(Yes("attribute_not_exists(things[3])"));
  EXPECT_TRUE(Yes("attribute_not_exists(things.k)"));
  EXPECT_TRUE(Yes("attribute_not_exists(n[0])"));
  EXPECT_TRUE(Yes("attribute_exists(#dot)"));
  EXPECT_TRUE(Yes("attribute_type(tags, :type)"));
  EXPECT_FALSE(Yes("attribute_type(primes, :type)"));
  EXPECT_FALSE(Yes("attribute_type(absent, :type)"));
}

TEST(ConditionTest, FindsPrefixesAndElements) {
  const Sent sent{.values = {{":gr", S("Gr")},
                             {":am", S("am")},
                             {":yt", B("yt")},
                             {":a", S("a")},
                             {":3", N("3")},
                             {":m", AttributeValue(AttributeMap{{"k", N("2.0")}})},
                             {":e", S("")}},
                  .names = {{"#n", "name"}}};
  const auto yes = [&](std::string_view text) { return Holds(text, kItem, sent); };
  EXPECT_TRUE(yes("begins_with(#n, :gr)"));
  EXPECT_FALSE(yes("begins_with(#n, :am)"));
  EXPECT_FALSE(yes("begins_with(n, :gr)"));
  EXPECT_TRUE(yes("begins_with(#n, :e)"));
  EXPECT_TRUE(yes("contains(#n, :am)"));
  EXPECT_TRUE(yes("contains(#n, :e)"));
  EXPECT_TRUE(yes("contains(bin, :yt)"));
  EXPECT_TRUE(yes("contains(tags, :a)"));
  EXPECT_FALSE(yes("contains(tags, :gr)"));
  EXPECT_TRUE(yes("contains(primes, :3)"));
  EXPECT_FALSE(yes("contains(primes, :a)"));
  EXPECT_TRUE(yes("contains(things, :m)"));
  EXPECT_FALSE(yes("contains(n, :3)"));
}

TEST(ConditionTest, SizesEveryTypeThatHasOne) {
  const Item item{{"s", S("a\xC3\xA9\xF0\x9F\x98\x80")}, {"bin", B("abc")}, {"ss", Strings({"a"})},
                  {"things", AttributeValue(List{})},    {"n", N("12")},    {"s2", S("ab")}};
  const Sent sent{
      .values = {{":0", N("0")}, {":1", N("1")}, {":3", N("3")}, {":4", N("4")}, {":ab", S("ab")}}};
  const auto yes = [&](std::string_view text) { return Holds(text, item, sent); };
  EXPECT_TRUE(yes("size(s) = :4"));
  EXPECT_TRUE(yes("size(bin) = :3"));
  EXPECT_TRUE(yes("size(ss) = :1"));
  EXPECT_TRUE(yes("size(things) = :0"));
  EXPECT_FALSE(yes("size(n) >= :0"));
  EXPECT_TRUE(yes("size(s2) = size(:ab)"));
  EXPECT_TRUE(yes("size(bin) BETWEEN size(s2) AND size(s)"));
}

TEST(ConditionTest, BindsNotTighterThanAndTighterThanOr) {
  EXPECT_TRUE(Yes("n = :n OR n = :s AND n = :s"));
  EXPECT_FALSE(Yes("(n = :n OR n = :s) AND n = :s"));
  EXPECT_FALSE(Yes("NOT n = :n AND n = :s"));
  EXPECT_TRUE(Yes("NOT (n = :n AND n = :s)"));
  EXPECT_TRUE(Yes("NOT NOT n = :n"));
  EXPECT_TRUE(Yes("n BETWEEN :three AND :n AND NOT n IN (:three, :s)"));
}

TEST(ConditionTest, TakesAnAbsentItemForAnEmptyOne) {
  EXPECT_TRUE(Holds("attribute_not_exists(id)", {}));
  EXPECT_FALSE(Holds("attribute_exists(id)", {}));
}

TEST(ConditionTest, TellsItsTopLevelAttributes) {
  const auto condition =
      ParseCondition("a.b = :s OR size(c[0]) > :n AND NOT attribute_exists(#n)", kSent);
  EXPECT_EQ(condition->attributes(), (std::vector<std::string>{"a", "c", "name"}));
}

TEST(ConditionTest, NamesTheParameterInMessages) {
  const ExpressionAttributeNames names;
  const ExpressionAttributeValues values;
  Placeholders placeholders(names, values);
  EXPECT_EQ(ConditionExpression::Parse("FilterExpression", "", placeholders).error().message,
            "Invalid FilterExpression: The expression can not be empty;");
}

}  // namespace
}  // namespace gramme
