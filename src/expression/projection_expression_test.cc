#include "expression/projection_expression.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/random.h"
#include "expression/testing/parse.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

const Item kItem{
    {"a", S("1")},
    {"dict", AttributeValue(AttributeMap{{"x", N("1")},
                                         {"y", AttributeValue(AttributeMap{{"z", N("2")}})}})},
    {"things", AttributeValue(List{N("0"), AttributeMap{{"p", N("1")}, {"q", N("2")}}, N("3"),
                                   List{N("4"), N("5")}})}};

Item Projected(std::string_view text, const Sent& sent = {}) {
  const auto projection = ParseProjection(text, sent);
  EXPECT_TRUE(projection.has_value()) << text;
  return projection ? projection->Apply(kItem) : Item{};
}

TEST(ProjectionTest, ChoosesAttributesAndNestedParts) {
  EXPECT_EQ(Projected("a, absent"), (Item{{"a", S("1")}}));
  EXPECT_EQ(Projected("dict.y.z"),
            (Item{{"dict", AttributeMap{{"y", AttributeMap{{"z", N("2")}}}}}}));
  EXPECT_EQ(Projected("#d.x", {.names = {{"#d", "dict"}}}),
            (Item{{"dict", AttributeMap{{"x", N("1")}}}}));
}

TEST(ProjectionTest, ReturnsListElementsInTheirOrderWithoutGaps) {
  EXPECT_EQ(Projected("things[3][1], things[0], things[1].q, things[9]"),
            (Item{{"things", List{N("0"), AttributeMap{{"q", N("2")}}, List{N("5")}}}}));
}

TEST(ProjectionTest, LeavesOutWhatIsNotThere) {
  EXPECT_EQ(Projected("dict.nope, things[7], a.b"), Item{});
  EXPECT_EQ(Projected("a[0], dict[0], things.x"), Item{});
}

TEST(ProjectionTest, RefusesOverlapsAndConflicts) {
  EXPECT_EQ(ProjectionProblem("a, a.b"),
            "Two document paths overlap with each other; must remove or rewrite one of these "
            "paths; path one: [a], path two: [a, b]");
  EXPECT_EQ(ProjectionProblem("a.b[1], c, #a.b", {.names = {{"#a", "a"}}}),
            "Two document paths overlap with each other; must remove or rewrite one of these "
            "paths; path one: [a, b, [1]], path two: [a, b]");
  EXPECT_EQ(ProjectionProblem("a, a"),
            "Two document paths overlap with each other; must remove or rewrite one of these "
            "paths; path one: [a], path two: [a]");
  EXPECT_EQ(ProjectionProblem("a.b, a[0]"),
            "Two document paths conflict with each other; must remove or rewrite one of these "
            "paths; path one: [a, b], path two: [a, [0]]");
  EXPECT_EQ(ProjectionProblem("a[0].b, a[1][2]"), "parsed");
}

TEST(ProjectionTest, RefusesSyntaxAndReservedWords) {
  EXPECT_EQ(ProjectionProblem(""), "The expression can not be empty;");
  EXPECT_EQ(ProjectionProblem("a,,b"), "Syntax error; token: \",\", near: \",,b\"");
  EXPECT_EQ(ProjectionProblem("a,"), "Syntax error; token: \"<EOF>\", near: \",\"");
  EXPECT_EQ(ProjectionProblem("a b"), "Syntax error; token: \"b\", near: \"a b\"");
  EXPECT_EQ(ProjectionProblem("Year"),
            "Attribute name is a reserved keyword; reserved keyword: Year");
  EXPECT_EQ(ProjectionProblem("#x"),
            "An expression attribute name used in the document path is not defined; attribute "
            "name: #x");
}

TEST(ProjectionTest, TakesLegacyNamesOnceEach) {
  const auto projection = ProjectionExpression::FromAttributeNames({"a", "dict", "a"});
  EXPECT_EQ(projection.paths().size(), 2U);
  EXPECT_EQ(projection.Apply(kItem).size(), 2U);
  std::set<std::string> attributes;
  projection.CollectAttributes(attributes);
  EXPECT_EQ(attributes, (std::set<std::string>{"a", "dict"}));
}

TEST(ProjectionTest, KeepsWholeRandomAttributes) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 200; ++i) {
    const Item item = RandomItem(random);
    std::vector<std::string> names;
    Item expected;
    for (const auto& [name, value] : item) {
      if (random.OneIn(2)) continue;
      names.push_back(name);
      expected.emplace(name, value);
    }
    ASSERT_EQ(ProjectionExpression::FromAttributeNames(names).Apply(item), expected);
  }
}

}  // namespace
}  // namespace gramme
