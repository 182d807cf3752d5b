// Items, over any bytes: an error, or an item that is written as the very same bytes. The input is
// also put behind a checksum that agrees with it, which lets it through to the attributes; then
// one bit is flipped, which the checksum must find.

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

// What is opened can be shown, added and read by name.
void CheckEncoded(const std::string& bytes) {
  const auto item = EncodedItem::Open(bytes);
  if (!item) return;
  EncodedItems items;
  GRAMME_CHECK(items.Append(item->view()).has_value(), "checked twice, whole once");
  const std::vector<std::string> names = {"", "a", "name"};
  static_cast<void>(items.Append(item->view(), names));
  for (std::size_t i = 0; i < items.size(); ++i) static_cast<void>(items.Decode(i));
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
  if (const auto view = ItemView::Open(sealed)) static_cast<void>(view->Find(input));
  const std::size_t bit = input.empty() ? 0 : std::size_t{data[0]} * 251 % (8 * sealed.size());
  sealed[bit / 8] = static_cast<char>(sealed[bit / 8] ^ static_cast<char>(1U << (bit % 8)));
  GRAMME_CHECK(!DecodeItem(sealed), "a flipped bit went unnoticed");
  return 0;
}
