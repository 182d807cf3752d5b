// Updates, over any text, values and item: printed and parsed again they are the same tree; the old
// item stays as it was, what is not named stays as it is, and the new item keeps the rules of
// items.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "expression/parser.h"
#include "expression/testing/fuzz_input.h"
#include "expression/testing/print.h"
#include "expression/update_actions.h"
#include "expression/update_expression.h"
#include "expression/update_parser.h"
#include "model/limits.h"

namespace gramme {
namespace {

constexpr std::string_view kParameter = "UpdateExpression";

void CheckPrinted(std::string_view text) {
  auto parser = Parser::Make(kParameter, text);
  if (!parser) return;
  const auto syntax = ParseUpdate(*parser);
  if (!syntax) return;
  const std::string printed = Print(*syntax);
  auto again = Parser::Make(kParameter, printed);
  if (!again) {
    GRAMME_CHECK(printed.size() > kExpressionBytesMax, "refused what it printed");
    return;
  }
  const auto syntax_again = ParseUpdate(*again);
  GRAMME_CHECK(syntax_again && Print(*syntax_again) == printed, "parsed another update");
}

template <typename Element>
bool IsSet(const std::vector<Element>& elements) {
  return !elements.empty() &&
         std::ranges::adjacent_find(elements, [](const Element& a, const Element& b) {
           return !(a < b);
         }) == elements.end();
}

void CheckSets(const AttributeValue& value) {
  if (const auto* strings = value.get_if<StringSet>()) {
    GRAMME_CHECK(IsSet(strings->elements), "no set of strings");
  } else if (const auto* numbers = value.get_if<NumberSet>()) {
    GRAMME_CHECK(IsSet(numbers->elements), "no set of numbers");
  } else if (const auto* binaries = value.get_if<BinarySet>()) {
    GRAMME_CHECK(IsSet(binaries->elements), "no set of binaries");
  } else if (const auto* list = value.get_if<List>()) {
    for (const AttributeValue& element : *list) CheckSets(element);
  } else if (const auto* map = value.get_if<AttributeMap>()) {
    for (const auto& [name, element] : *map) CheckSets(element);
  }
}

Item Without(const Item& item, const std::set<std::string>& attributes) {
  Item rest;
  for (const auto& [name, value] : item) {
    if (!attributes.contains(name)) rest.emplace(name, value);
  }
  return rest;
}

// What it says of attributes without looking at an item.
void CheckForetold(const UpdateExpression& update, const std::set<std::string>& attributes,
                   const Item& updated) {
  for (const auto& [name, type] : update.KnownTypes()) {
    const AttributeValue* value = FindAttribute(updated, name);
    GRAMME_CHECK(value == nullptr || value->is(type), "another type than the one that is known");
  }
  const std::vector<std::string> nested = update.NestedAttributes();
  GRAMME_CHECK(std::ranges::includes(attributes, nested), "nested, and not reported");
  for (const auto& [name, value] : update.UpdatedAttributes(updated)) {
    GRAMME_CHECK(std::ranges::binary_search(nested, name) || value == *FindAttribute(updated, name),
                 "written in part, and not nested");
  }
}

// As AttributeUpdates the same actions do the same.
void CheckLegacy(const UpdateExpression& update, const Item& item) {
  UpdateActions actions{.source = UpdateSource::kAttributeUpdates};
  for (const UpdateAction& action : update.actions().actions) {
    actions.paths.Add(action.path);
    actions.actions.push_back(action);
  }
  const UpdateExpression legacy = UpdateExpression::FromActions(std::move(actions));
  const auto expected = update.Apply(item);
  const auto updated = legacy.Apply(item);
  GRAMME_CHECK(expected.has_value() == updated.has_value(), "another outcome as AttributeUpdates");
  GRAMME_CHECK(!expected || *expected == *updated, "another item as AttributeUpdates");
  GRAMME_CHECK(legacy.measure_bytes() == 0, "AttributeUpdates are measured");
}

void CheckApply(const UpdateExpression& update, const Item& item) {
  const Item before = item;
  const auto updated = update.Apply(item);
  GRAMME_CHECK(item == before, "the old item is another");
  const auto again = update.Apply(item);
  GRAMME_CHECK(updated.has_value() == again.has_value(), "another outcome the second time");

  std::set<std::string> attributes;
  update.CollectAttributes(attributes);
  const auto narrowed = update.Apply(Restricted(item, attributes));
  GRAMME_CHECK(narrowed.has_value() == updated.has_value(),
               "it reads an attribute that it does not report");
  if (!updated) {
    GRAMME_CHECK(updated.error().message == again.error().message &&
                     updated.error().message == narrowed.error().message,
                 "another error");
    return;
  }
  GRAMME_CHECK(*updated == *again, "another item the second time");
  GRAMME_CHECK(*narrowed == Restricted(*updated, attributes), "another item without the rest");
  const std::set<std::string> written = update.WrittenAttributes();
  GRAMME_CHECK(Without(*updated, written) == Without(item, written), "it writes what it denies");
  for (const auto& [name, value] : *updated) {
    CheckSets(value);
    GRAMME_CHECK(NestingDepth(value) <= kNestingDepthMax, "too deep");
  }
  for (const auto& [name, value] : update.UpdatedAttributes(*updated)) {
    GRAMME_CHECK(written.contains(name), "returns what was not written");
  }
  CheckForetold(update, attributes, *updated);
  if (update.OnlyRemoves()) {
    GRAMME_CHECK(ItemSizeBytes(*updated) <= ItemSizeBytes(item), "it takes away and adds");
  }
}

void Run(std::string_view bytes) {
  const FuzzInput input(bytes);
  CheckPrinted(input.text);
  Placeholders placeholders(input.names, input.values);
  const auto update = UpdateExpression::Parse(input.text, placeholders);
  if (!update) {
    GRAMME_CHECK(!update.error().message.empty(), "refused without a word");
    return;
  }
  CheckApply(*update, input.item);
  CheckApply(*update, {});
  CheckLegacy(*update, input.item);
  // 3 bytes, and 2 to 70 for each action.
  GRAMME_CHECK(update->measure_bytes() >= 5, "no update is free");
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gramme::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
