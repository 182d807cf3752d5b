// Any text as a condition, filter or key condition: parsed, evaluated, resolved, never crashing.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "expression/condition_expression.h"
#include "expression/key_condition_expression.h"

namespace gramme {
namespace {

void Run(std::string_view text) {
  const ExpressionAttributeNames names{{{"#n", "n"}, {"#m", "m"}}};
  const ExpressionAttributeValues values{{{":s", AttributeValue(std::string("s"))},
                                          {":n", AttributeValue(Number::FromInt(1))},
                                          {":l", AttributeValue(List{})}}};
  const Item item{{"n", AttributeValue(Number::FromInt(1))},
                  {"m", AttributeValue(AttributeMap{{"a", AttributeValue(List{})}})}};
  Placeholders placeholders(names, values);
  if (const auto condition =
          ConditionExpression::Parse("ConditionExpression", text, placeholders)) {
    condition->Holds(item);
    condition->Holds({});
  }
  if (const auto condition = KeyConditionExpression::Parse(text, placeholders)) {
    const KeySchema schema{{"n", KeyType::kHash}, {"m", KeyType::kRange}};
    const auto resolved = condition->Resolve(
        schema, {{"n", AttributeType::kNumber}, {"m", AttributeType::kString}});
    static_cast<void>(resolved);
  }
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gramme::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
