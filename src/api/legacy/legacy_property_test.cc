// Random legacy requests and the same request written with expressions: both must give the same
// answer and leave the same items.

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/item/update_item.h"
#include "api/legacy/legacy_conditions.h"
#include "api/legacy/legacy_updates.h"
#include "api/legacy/testing/legacy_values.h"
#include "api/query/scan.h"
#include "api/testing/api_world.h"
#include "base/random.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

using enum ComparisonOperator;

// A few values of every type that meet each other often.
AttributeValue ValueFrom(Random& random) {
  static const std::vector<AttributeValue> pool = [] {
    std::vector<AttributeValue> values = OneOfEachType();
    values.insert(values.end(),
                  {N(2), N(-1), S("st"), S(""), B("bb"), Strings({"b", "s"}), Numbers({1}),
                   AttributeValue(List{}), AttributeValue(List{S("s"), AttributeValue(true)}),
                   AttributeValue(false)});
    return values;
  }();
  return pool[random.Below(pool.size())];
}

std::string NameFrom(Random& random) { return "a" + std::to_string(random.Below(5)); }

// The text of an expression as it grows, with its names and values.
class Text {
 public:
  std::string Name(const std::string& name) {
    names_.emplace("#" + name, name);
    return "#" + name;
  }
  std::string Value(const AttributeValue& value) {
    std::string token = ":v" + std::to_string(values_.size());
    values_.emplace(token, value);
    return token;
  }
  ExpressionAttributeNames names() const {
    return names_.empty() ? ExpressionAttributeNames() : ExpressionAttributeNames(names_);
  }
  ExpressionAttributeValues values() const {
    return values_.empty() ? ExpressionAttributeValues() : ExpressionAttributeValues(values_);
  }

 private:
  std::map<std::string, std::string, std::less<>> names_;
  AttributeMap values_;
};

std::string ConditionText(const std::string& attribute, const ConditionShape& condition,
                          Text& text) {
  const std::string name = text.Name(attribute);
  std::vector<std::string> values;
  for (const AttributeValue& value : *condition.attribute_value_list) {
    values.push_back(text.Value(value));
  }
  switch (condition.comparison_operator) {
    case kEqual:
      return name + " = " + values[0];
    case kNotEqual:
      return name + " <> " + values[0];
    case kLess:
      return name + " < " + values[0];
    case kLessOrEqual:
      return name + " <= " + values[0];
    case kGreater:
      return name + " > " + values[0];
    case kGreaterOrEqual:
      return name + " >= " + values[0];
    case kBetween:
      return name + " BETWEEN " + values[0] + " AND " + values[1];
    case kNull:
      return "attribute_not_exists(" + name + ")";
    case kNotNull:
      return "attribute_exists(" + name + ")";
    case kBeginsWith:
      return "begins_with(" + name + ", " + values[0] + ")";
    case kContains:
      return "contains(" + name + ", " + values[0] + ")";
    case kNotContains:
      return "(attribute_exists(" + name + ") AND NOT contains(" + name + ", " + values[0] + "))";
    case kIn:
      break;
  }
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "" : ", ") + value;
  return name + " IN (" + list + ")";
}

// One that DynamoDB takes.
ConditionShape ConditionFrom(Random& random) {
  for (;;) {
    const auto all = AllComparisons();
    const ComparisonOperator comparison = all[random.Below(all.size())];
    std::size_t count = 1;
    if (comparison == kNull || comparison == kNotNull) count = 0;
    if (comparison == kBetween) count = 2;
    if (comparison == kIn) count = 1 + random.Below(3);
    ConditionShape condition = Compare(comparison);
    for (std::size_t i = 0; i < count; ++i) {
      condition.attribute_value_list->push_back(ValueFrom(random));
    }
    if (TranslateFilter(Conditions{{{"a", condition}}}, std::nullopt)) return condition;
  }
}

struct RandomConditions {
  std::map<std::string, ConditionShape> conditions;
  std::optional<ConditionalOperator> joined_by;
  std::string expression;  // empty where there are no conditions
};

RandomConditions ConditionsFrom(Random& random, Text& text) {
  RandomConditions made;
  for (std::uint64_t i = random.Below(4); i > 0; --i) {
    made.conditions.insert_or_assign(NameFrom(random), ConditionFrom(random));
  }
  if (made.conditions.size() >= 2 && !random.OneIn(3)) {
    made.joined_by = random.OneIn(2) ? ConditionalOperator::kOr : ConditionalOperator::kAnd;
  }
  const std::string word = made.joined_by == ConditionalOperator::kOr ? " OR " : " AND ";
  for (const auto& [attribute, condition] : made.conditions) {
    made.expression +=
        (made.expression.empty() ? "" : word) + ConditionText(attribute, condition, text);
  }
  return made;
}

// The same condition in one of the forms that Expected has for it.
ExpectedAttributeValue ExpectedOf(const ConditionShape& condition, Random& random) {
  const std::vector<AttributeValue>& values = *condition.attribute_value_list;
  if (condition.comparison_operator == kEqual && random.OneIn(2)) {
    return {.value = values[0],
            .exists = random.OneIn(2) ? std::optional(true) : std::optional<bool>()};
  }
  if (condition.comparison_operator == kNull && random.OneIn(2)) return {.exists = false};
  if (values.size() == 1 && random.OneIn(2)) {
    return {.value = values[0], .comparison_operator = condition.comparison_operator};
  }
  return {.comparison_operator = condition.comparison_operator, .attribute_value_list = values};
}

struct RandomUpdates {
  std::map<std::string, AttributeValueUpdate> updates;
  std::string expression;  // empty where there are no updates
};

RandomUpdates UpdatesFrom(Random& random, Text& text) {
  RandomUpdates made;
  for (std::uint64_t i = random.Below(4); i > 0; --i) {
    AttributeValueUpdate update;
    const auto& actions = EnumNames<AttributeAction>::kNames;
    if (!random.OneIn(4)) update.action = actions[random.Below(std::size(actions))].first;
    if (!random.OneIn(4)) update.value = ValueFrom(random);
    if (!TranslateUpdates(AttributeUpdates{{{"a", update}}})) continue;
    made.updates.insert_or_assign(NameFrom(random), std::move(update));
  }
  std::string clauses[4];
  const auto add = [&](std::size_t clause, const std::string& action) {
    clauses[clause] += (clauses[clause].empty() ? "" : ", ") + action;
  };
  for (const auto& [attribute, update] : made.updates) {
    const std::string name = text.Name(attribute);
    if (!update.value) {
      add(1, name);
    } else if (update.action == AttributeAction::kDelete) {
      add(3, name + " " + text.Value(*update.value));
    } else if (update.action != AttributeAction::kAdd) {
      add(0, name + " = " + text.Value(*update.value));
    } else if (update.value->is(AttributeType::kList)) {
      const std::string nothing = text.Value(AttributeValue(List{}));
      add(0, name + " = list_append(if_not_exists(" + name + ", " + nothing + "), " +
                 text.Value(*update.value) + ")");
    } else {
      add(2, name + " " + text.Value(*update.value));
    }
  }
  const std::string_view verbs[4] = {"SET ", "REMOVE ", "ADD ", "DELETE "};
  for (std::size_t i = 0; i < 4; ++i) {
    if (!clauses[i].empty()) made.expression += std::string(verbs[i]) + clauses[i] + " ";
  }
  return made;
}

Item ItemFrom(Random& random, int number) {
  Item item = {{"P", S("p")}, {"R", N(number)}};
  for (std::uint64_t i = random.Below(5); i > 0; --i) {
    item[NameFrom(random)] = ValueFrom(random);
  }
  return item;
}

TEST(LegacyPropertyTest, FiltersChooseAsTheirExpressionsDo) {
  SeededRandom random(TestSeed());
  for (int round = 0; round < 20; ++round) {
    ApiWorld world;
    for (int i = 0; i < 30; ++i) world.items().Write(world.items().Put(ItemFrom(random, i)));
    for (int i = 0; i < 50; ++i) {
      Text text;
      const RandomConditions made = ConditionsFrom(random, text);
      ScanRequest legacy;
      legacy.table_name = "Things";
      ScanRequest modern = legacy;
      legacy.scan_filter = made.conditions;
      legacy.conditional_operator = made.joined_by;
      if (!made.expression.empty()) modern.filter_expression = made.expression;
      modern.expression_attribute_names = text.names();
      modern.expression_attribute_values = text.values();
      const auto by_legacy = world.Call<Scan>(legacy);
      const auto by_modern = world.Call<Scan>(modern);
      ASSERT_TRUE(by_legacy) << made.expression << ": " << by_legacy.error().message;
      ASSERT_TRUE(by_modern) << made.expression << ": " << by_modern.error().message;
      ASSERT_EQ(by_legacy->count, by_modern->count) << made.expression;
      for (std::size_t k = 0; k < by_legacy->items->size(); ++k) {
        ASSERT_EQ(*by_legacy->items->Decode(k), *by_modern->items->Decode(k)) << made.expression;
      }
    }
  }
}

// Both kinds have a text of their own for the one thing that they refuse of an item.
std::string ProblemOf(const ApiError& error) {
  return error.message == "An operand in the update expression has an incorrect data type"
             ? "Type mismatch for attribute to update"
             : error.message;
}

TEST(LegacyPropertyTest, WritesDoWhatTheirExpressionsDo) {
  SeededRandom random(TestSeed());
  ApiWorld legacy_world;
  ApiWorld modern_world;
  int refused = 0;
  int failed = 0;
  for (int i = 0; i < 4000; ++i) {
    Text text;
    const RandomConditions conditions = ConditionsFrom(random, text);
    const RandomUpdates updates = UpdatesFrom(random, text);
    UpdateItemRequest legacy;
    legacy.table_name = "Things";
    legacy.key = {{"P", S("p")}, {"R", N(static_cast<std::int64_t>(random.Below(5)))}};
    const auto& returns = EnumNames<ReturnValue>::kNames;
    legacy.return_values = returns[random.Below(std::size(returns))].first;
    legacy.return_consumed_capacity = ReturnConsumedCapacity::kIndexes;
    UpdateItemRequest modern = legacy;
    legacy.expected.emplace();
    for (const auto& [attribute, condition] : conditions.conditions) {
      legacy.expected->emplace(attribute, ExpectedOf(condition, random));
    }
    legacy.conditional_operator = conditions.joined_by;
    legacy.attribute_updates = updates.updates;
    if (!conditions.expression.empty()) modern.condition_expression = conditions.expression;
    if (!updates.expression.empty()) modern.update_expression = updates.expression;
    modern.expression_attribute_names = text.names();
    modern.expression_attribute_values = text.values();
    const auto by_legacy = legacy_world.Call<UpdateItem>(legacy);
    const auto by_modern = modern_world.Call<UpdateItem>(modern);
    const std::string what = updates.expression + "IF " + conditions.expression;
    ASSERT_EQ(by_legacy.has_value(), by_modern.has_value())
        << what << ": " << (by_legacy ? by_modern.error().message : by_legacy.error().message);
    if (!by_legacy) {
      ASSERT_EQ(by_legacy.error().code, by_modern.error().code) << what;
      ASSERT_EQ(ProblemOf(by_legacy.error()), ProblemOf(by_modern.error())) << what;
      ++(by_legacy.error().code == ErrorCode::kValidationException ? refused : failed);
      continue;
    }
    ASSERT_EQ(by_legacy->attributes, by_modern->attributes) << what;
    ASSERT_EQ(by_legacy->consumed_capacity->capacity_units,
              by_modern->consumed_capacity->capacity_units)
        << what;
    ASSERT_EQ(legacy_world.items().Items(), modern_world.items().Items()) << what;
  }
  // The generator meets every outcome.
  EXPECT_GT(refused, 50);
  EXPECT_GT(failed, 50);
}

}  // namespace
}  // namespace gramme
