// Any text as an update: parsed, applied, never crashing; the old item stays as it was.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "expression/update_expression.h"

namespace gramme {
namespace {

void Run(std::string_view text) {
  const ExpressionAttributeNames names{{{"#n", "n"}, {"#l", "l"}}};
  const ExpressionAttributeValues values{{{":s", AttributeValue(std::string("s"))},
                                          {":n", AttributeValue(Number::FromInt(1))},
                                          {":ss", AttributeValue(StringSet{{"a", "b"}})},
                                          {":l", AttributeValue(List{Number::FromInt(1)})}}};
  const Item item{{"n", AttributeValue(Number::FromInt(1))},
                  {"s", AttributeValue(StringSet{{"a"}})},
                  {"l", AttributeValue(List{Number::FromInt(1), List{Number::FromInt(2)}})},
                  {"m", AttributeValue(AttributeMap{{"a", AttributeValue(List{})}})}};
  const Item before = item;
  Placeholders placeholders(names, values);
  const auto update = UpdateExpression::Parse(text, placeholders);
  if (!update) return;
  if (const auto updated = update->Apply(item)) update->UpdatedAttributes(*updated);
  GRAMME_CHECK(item == before, "an update leaves the old item alone");
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gramme::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
