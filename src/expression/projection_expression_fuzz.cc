// Any text as a projection: parsed, applied, never crashing.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "expression/projection_expression.h"

namespace gramme {
namespace {

void Run(std::string_view text) {
  const ExpressionAttributeNames names{{{"#n", "n"}, {"#l", "l"}}};
  const ExpressionAttributeValues values;
  const Item item{{"n", AttributeValue(Number::FromInt(1))},
                  {"l", AttributeValue(List{Number::FromInt(1), List{Number::FromInt(2)}})},
                  {"m", AttributeValue(AttributeMap{{"a", AttributeValue(List{})}})}};
  Placeholders placeholders(names, values);
  const auto projection = ProjectionExpression::Parse(text, placeholders);
  if (projection) projection->Apply(item);
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gramme::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
