// Items, over any bytes: an error, or an item that is written as the very same bytes, and a walk
// and a selection that agree with it. The input is also put behind a checksum that agrees with it,
// which lets it through to the attributes; then one bit is flipped, which the checksum must find.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "encoding/encoded_item.h"
#include "encoding/envelope.h"
#include "encoding/item_encoding.h"

namespace gramme {
namespace {

void CheckDecode(std::string_view bytes) {
  const auto item = DecodeItem(bytes);
  if (!item) {
    GRAMME_CHECK(item.error().code() == StatusCode::kCorruption, "another error than corruption");
    return;
  }
  GRAMME_CHECK(EncodeItem(*item) == bytes, "accepted bytes that it would not write");
  const auto view = ItemView::Open(bytes);
  GRAMME_CHECK(view && view->size_bytes() == ItemSizeBytes(*item), "another size");
  for (const auto& [name, value] : *item) {
    const auto found = view->Find(name);
    GRAMME_CHECK(found && *found == value, "found another value");
  }
}

// The walk takes what the tree takes (it does not look at the order of names and elements, so it
// may take more), and a selection is the same from the bytes and from the tree.
void CheckEncoded(const std::string& bytes) {
  const auto encoded = EncodedItem::Open(bytes);
  const auto item = DecodeItem(bytes);
  GRAMME_CHECK(encoded || !item, "the walk refuses what the tree takes");
  std::vector<std::string> names = {"", "a", "name"};
  EncodedItems items;
  if (!encoded) {
    const auto view = ItemView::Open(bytes);
    GRAMME_CHECK(!view || !items.Append(*view), "damaged once, whole once");
    // A selection may pass by what is damaged.
    if (view) static_cast<void>(items.Append(*view, names));
    for (std::size_t i = 0; i < items.size(); ++i) static_cast<void>(items.Decode(i));
    return;
  }
  GRAMME_CHECK(items.Append(encoded->view()).has_value(), "checked twice, whole once");
  if (!item) {
    static_cast<void>(items.Append(encoded->view(), names));
    static_cast<void>(encoded->view().Decode(names));
    for (std::size_t i = 0; i < items.size(); ++i) static_cast<void>(items.Decode(i));
    return;
  }
  GRAMME_CHECK(*encoded == *item && EncodedItem(*item) == *item, "the walk has another item");
  // Every second name, and some that may not be there.
  for (std::size_t i = 0; i < item->size(); i += 2) names.push_back(item->nth(i)->first);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  Item selected;
  for (const std::string& name : names) {
    if (const auto* value = FindAttribute(*item, name)) selected.emplace(name, *value);
  }
  GRAMME_CHECK(encoded->view().Decode(names) == selected, "read another selection");
  GRAMME_CHECK(items.Append(encoded->view(), names).has_value(), "no selection of what is whole");
  items.Append(*item);
  GRAMME_CHECK(items.Decode(0) == *item && items.Decode(1) == selected && items.Decode(2) == *item,
               "holds other items");
}

void CheckValue(std::string_view bytes) {
  std::string_view rest = bytes;
  const auto value = TakeValue(rest);
  if (!value) return;
  std::string again;
  AppendValue(*value, again);
  GRAMME_CHECK(again == bytes.substr(0, bytes.size() - rest.size()),
               "accepted bytes that it would not write");
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gramme;
  const std::string input(data, data + size);
  CheckDecode(input);
  CheckValue(input);
  std::string sealed = StartEnvelope(1) + input;
  SealEnvelope(sealed);
  CheckDecode(sealed);
  CheckEncoded(sealed);
  std::string newer = StartEnvelope(2) + input;
  SealEnvelope(newer);
  GRAMME_CHECK(!DecodeItem(newer), "read a format that it does not know");
  if (const auto view = ItemView::Open(sealed)) {
    static_cast<void>(view->Find(input));
    static_cast<void>(view->Find("name"));
  }
  const std::size_t bit = input.empty() ? 0 : std::size_t{data[0]} * 251 % (8 * sealed.size());
  sealed[bit / 8] = static_cast<char>(sealed[bit / 8] ^ static_cast<char>(1U << (bit % 8)));
  GRAMME_CHECK(!DecodeItem(sealed), "a flipped bit went unnoticed");
  return 0;
}
