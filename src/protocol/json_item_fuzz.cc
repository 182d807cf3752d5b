// Stored items, over any bytes behind a checksum that agrees with them: written as JSON from their
// bytes and from their tree they are the same text, and the text is read as the same item.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "encoding/encoded_item.h"
#include "encoding/envelope.h"
#include "encoding/item_encoding.h"
#include "encoding/record.h"
#include "model/limits.h"
#include "protocol/json_item.h"
#include "protocol/json_text.h"
#include "protocol/request_decoder.h"
#include "protocol/testing/test_request.h"

namespace gramme {
namespace {

// The bytes of a stored item are any; what a request may hold is less.
bool IsOrdinary(const AttributeValue& value) {
  if (const auto* strings = value.get_if<StringSet>()) return !strings->elements.empty();
  if (const auto* numbers = value.get_if<NumberSet>()) return !numbers->elements.empty();
  if (const auto* binaries = value.get_if<BinarySet>()) return !binaries->elements.empty();
  bool is_ordinary = true;
  if (const auto* list = value.get_if<List>()) {
    for (const AttributeValue& element : *list) is_ordinary = is_ordinary && IsOrdinary(element);
  } else if (const auto* map = value.get_if<AttributeMap>()) {
    for (const auto& [name, inner] : *map)
      is_ordinary = is_ordinary && !name.empty() && IsOrdinary(inner);
  }
  return is_ordinary;
}

bool IsOrdinary(const Item& item) {
  bool is_ordinary = true;
  for (const auto& [name, value] : item) {
    is_ordinary =
        is_ordinary && !name.empty() && IsOrdinary(value) && NestingDepth(value) < kNestingDepthMax;
  }
  return is_ordinary;
}

void CheckRead(const std::string& text, const Item& item) {
  const PaddedText body("{\"Item\":" + text + "}");
  const auto object = ParseJsonObject(body.view());
  if (!object) return;  // a string that is no UTF-8, or too deep
  const dom::element element = object->at_key("Item").value_unsafe();
  Item read;
  RequestProblems problems;
  const MemberPath path{nullptr, MemberPath::Step::kMember, "Item"};
  DecodeValueAt(element, read, {path, {}, problems});
  GRAMME_CHECK(problems.CheckTypes().has_value(), "it writes what it does not read");
  if (!problems.CheckValues()) {
    GRAMME_CHECK(!IsOrdinary(item), "it refuses what it wrote");
  } else {
    GRAMME_CHECK(read == item, "it reads another item");
  }
}

void CheckItem(const EncodedItem& encoded) {
  std::string text;
  AppendJsonItem(encoded, text);
  EncodedItems items;
  GRAMME_CHECK(items.Append(encoded.view()) && items.Append(encoded.view()), "whole once");
  std::string list;
  AppendJsonItems(items, list);
  GRAMME_CHECK(list == "[" + text + "," + text + "]", "a list shows other items");
  const auto item = encoded.view().Decode();
  if (!item) return;  // names or elements out of order
  std::string slow;
  AppendJsonAttributeMap(*item, slow);
  GRAMME_CHECK(text == slow, "the walk and the tree show different items");
  CheckRead(text, *item);
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gramme;
  std::string bytes = StartEnvelope(1);
  bytes.append(data, data + size);
  SealEnvelope(bytes);
  if (const auto encoded = EncodedItem::Open(std::move(bytes))) CheckItem(*encoded);
  return 0;
}
