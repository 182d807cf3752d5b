#include "api/legacy/legacy_updates.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/legacy/testing/legacy_values.h"

namespace gramme {
namespace {

using enum AttributeAction;

AttributeUpdates One(std::optional<AttributeAction> action, std::optional<AttributeValue> value) {
  return AttributeUpdates{{{"a", {.value = std::move(value), .action = action}}}};
}

std::string ProblemOf(std::optional<AttributeAction> action, std::optional<AttributeValue> value) {
  const auto update = TranslateUpdates(One(action, std::move(value)));
  return update ? "" : update.error().message;
}

// What `a` becomes: nothing where it is gone.
std::optional<AttributeValue> Updated(std::optional<AttributeAction> action,
                                      std::optional<AttributeValue> value,
                                      const std::optional<AttributeValue>& old) {
  const auto update = TranslateUpdates(One(action, std::move(value)));
  EXPECT_TRUE(update) << update.error().message;
  Item item = {{"other", N(1)}};
  if (old) item["a"] = *old;
  const auto updated = (*update)->Apply(item);
  EXPECT_TRUE(updated) << updated.error().message;
  EXPECT_TRUE(updated->contains("other"));
  const AttributeValue* found = FindAttribute(*updated, "a");
  return found == nullptr ? std::nullopt : std::optional(*found);
}

TEST(LegacyUpdatesTest, OnlyDeleteGoesWithoutAValue) {
  constexpr std::string_view kNoValue =
      "One or more parameter values were invalid: Only DELETE action is allowed when no attribute "
      "value is specified";
  EXPECT_EQ(ProblemOf(std::nullopt, std::nullopt), kNoValue);
  EXPECT_EQ(ProblemOf(kPut, std::nullopt), kNoValue);
  EXPECT_EQ(ProblemOf(kAdd, std::nullopt), kNoValue);
  EXPECT_EQ(ProblemOf(kDelete, std::nullopt), "");
}

TEST(LegacyUpdatesTest, EachActionTakesItsTypes) {
  for (const AttributeValue& value : OneOfEachType()) {
    const std::string type(AttributeTypeName(value.type()));
    const bool is_set = type == "SS" || type == "NS" || type == "BS";
    EXPECT_EQ(ProblemOf(kPut, value), "");
    EXPECT_EQ(ProblemOf(std::nullopt, value), "");
    EXPECT_EQ(ProblemOf(kAdd, value),
              is_set || type == "N" || type == "L"
                  ? ""
                  : "One or more parameter values were invalid: ADD action is not supported for "
                    "the type " +
                        type);
    EXPECT_EQ(ProblemOf(kDelete, value),
              is_set ? ""
                     : "One or more parameter values were invalid: DELETE action with value is not "
                       "supported for the type " +
                           type);
  }
}

TEST(LegacyUpdatesTest, ActionsDoWhatDynamoDbSays) {
  for (const AttributeValue& value : OneOfEachType()) {
    for (const AttributeValue& old : OneOfEachType()) EXPECT_EQ(Updated(kPut, value, old), value);
    EXPECT_EQ(Updated(std::nullopt, value, std::nullopt), value);
    EXPECT_EQ(Updated(kDelete, std::nullopt, value), std::nullopt);
  }
  EXPECT_EQ(Updated(kDelete, std::nullopt, std::nullopt), std::nullopt);
  EXPECT_EQ(Updated(kAdd, N(5), std::nullopt), N(5));
  EXPECT_EQ(Updated(kAdd, N(-5), N(3)), N(-2));
  EXPECT_EQ(Updated(kAdd, Strings({"b", "c"}), Strings({"a", "b"})), Strings({"a", "b", "c"}));
  EXPECT_EQ(Updated(kAdd, Numbers({2}), std::nullopt), Numbers({2}));
  EXPECT_EQ(Updated(kAdd, Binaries({"c"}), Binaries({"a"})), Binaries({"a", "c"}));
  const AttributeValue list(List{N(1), N(1)});
  EXPECT_EQ(Updated(kAdd, list, std::nullopt), list);
  EXPECT_EQ(Updated(kAdd, list, AttributeValue(List{S("x")})),
            AttributeValue(List{S("x"), N(1), N(1)}));
  EXPECT_EQ(Updated(kDelete, Strings({"a", "z"}), Strings({"a", "b"})), Strings({"b"}));
  EXPECT_EQ(Updated(kDelete, Numbers({1, 2}), Numbers({1, 2})), std::nullopt);
  EXPECT_EQ(Updated(kDelete, Strings({"a"}), std::nullopt), std::nullopt);
}

TEST(LegacyUpdatesTest, WhatDoesNotGoWithTheItemIsRefused) {
  for (const AttributeAction action : {kAdd, kDelete}) {
    for (const AttributeValue& value : OneOfEachType()) {
      if (!ProblemOf(action, value).empty()) continue;
      for (const AttributeValue& old : OneOfEachType()) {
        if (old.type() == value.type()) continue;
        const auto updated = (*TranslateUpdates(One(action, value)))->Apply({{"a", old}});
        ASSERT_FALSE(updated);
        EXPECT_EQ(updated.error().message, "Type mismatch for attribute to update");
      }
    }
  }
}

TEST(LegacyUpdatesTest, SeveralUpdatesAreOne) {
  EXPECT_FALSE(*TranslateUpdates(std::nullopt));
  EXPECT_FALSE(*TranslateUpdates(AttributeUpdates(std::in_place)));
  const auto update =
      TranslateUpdates(AttributeUpdates{{{"a.b", {.value = N(1)}},
                                         {"c", {.action = kDelete}},
                                         {"d", {.value = Strings({"x"}), .action = kDelete}}}});
  EXPECT_EQ((*update)->Apply({{"c", N(1)}, {"d", Strings({"x", "y"})}}),
            (Item{{"a.b", N(1)}, {"d", Strings({"y"})}}));
  EXPECT_EQ((*update)->WrittenAttributes(), (std::set<std::string>{"a.b", "c", "d"}));
  EXPECT_FALSE((*update)->OnlyRemoves());
  EXPECT_TRUE((*TranslateUpdates(One(kDelete, std::nullopt)))->OnlyRemoves());
  EXPECT_TRUE((*TranslateUpdates(One(kDelete, Strings({"x"}))))->OnlyRemoves());
}

}  // namespace
}  // namespace gramme
