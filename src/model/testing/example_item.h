// The item that benchmarks measure with: ten attributes, a list and a map among them, about 1 KB of
// JSON; that of benchmarks/requests.cc.

#ifndef GRAMME_MODEL_TESTING_EXAMPLE_ITEM_H_
#define GRAMME_MODEL_TESTING_EXAMPLE_ITEM_H_

#include <string>
#include <utility>

#include "model/attribute_value.h"
#include "model/number.h"

namespace gramme {

inline Item ExampleItem() {
  const auto number = [](const char* text) { return AttributeValue(Number::Parse(text).value()); };
  const auto text = [](const char* value) { return AttributeValue(std::string(value)); };
  AttributeMap address;
  address.emplace("street", text("1742 Long Road"));
  address.emplace("city", text("Springfield"));
  address.emplace("zip", text("01742"));
  Item item;
  item.emplace("pk", text("customer#00001742"));
  item.emplace("name", text("Customer number 1742"));
  item.emplace("email", text("customer.1742@example.com"));
  item.emplace("balance", number("5226.25"));
  item.emplace("active", AttributeValue(true));
  item.emplace("visits", number("12194"));
  item.emplace("tags", AttributeValue(List{text("gold"), text("newsletter"), number("42")}));
  item.emplace("address", AttributeValue(std::move(address)));
  item.emplace("created", text("2026-11-20T11:00:00.000Z"));
  item.emplace("note", AttributeValue(std::string(520, 'a')));
  return item;
}

}  // namespace gramme

#endif  // GRAMME_MODEL_TESTING_EXAMPLE_ITEM_H_
