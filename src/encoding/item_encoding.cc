#include "encoding/item_encoding.h"

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/result.h"
#include "encoding/envelope.h"
#include "encoding/record.h"
#include "encoding/value_walk.h"
#include "model/limits.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md.
constexpr std::uint8_t kItemVersion = 1;

// Elements that memory is set aside for before they are seen: damaged bytes can claim more of them,
// in lists within lists, but then pay for each with bytes of their own.
constexpr std::size_t kReservedCountMax = 256;

std::unexpected<Status> Damaged(std::string_view why) {
  return StoreError(StatusCode::kCorruption, "item: " + std::string(why));
}

void AppendBytes(std::string_view bytes, std::string& out) {
  AppendVarint(bytes.size(), out);
  out += bytes;
}

// Exponent of the first digit, then twice the coefficient plus the sign; nothing for zero.
void AppendNumber(const Number& number, std::string& out) {
  if (number.is_zero()) return;
  out += static_cast<char>(number.exponent() + number.digit_count() - 1 - kNumberExponentMin);
  Number::Coefficient bits = number.coefficient() * 2 + (number.negative() ? 1 : 0);
  for (; bits > 0; bits >>= 8) out += static_cast<char>(bits & 0xFF);
}

void AppendElement(std::string_view element, std::string& out) { AppendBytes(element, out); }

void AppendElement(const Number& element, std::string& out) {
  const std::size_t length_at = out.size();
  out += '\0';
  AppendNumber(element, out);
  out[length_at] = static_cast<char>(out.size() - length_at - 1);
}

template <typename Element>
void AppendSet(const std::vector<Element>& elements, std::string& out) {
  const auto not_less = [](const Element& a, const Element& b) { return !(a < b); };
  GRAMME_CHECK(std::adjacent_find(elements.begin(), elements.end(), not_less) == elements.end(),
               "a set's elements are distinct and sorted");
  AppendVarint(elements.size(), out);
  for (const Element& element : elements) AppendElement(element, out);
}

void AppendMap(const AttributeMap& map, std::string& out) {
  AppendVarint(map.size(), out);
  for (const auto& [name, value] : map) {
    AppendBytes(name, out);
    AppendValue(value, out);
  }
}

// What follows type and length.
struct AppendPayload {
  std::string& out;

  void operator()(const std::string& value) const { out += value; }
  void operator()(const Number& value) const { AppendNumber(value, out); }
  void operator()(const Binary& value) const { out += value.bytes; }
  void operator()(bool value) const { out += value ? '\1' : '\0'; }
  void operator()(const Null&) const {}
  void operator()(const StringSet& set) const { AppendSet(set.elements, out); }
  void operator()(const NumberSet& set) const { AppendSet(set.elements, out); }
  void operator()(const BinarySet& set) const { AppendSet(set.elements, out); }
  void operator()(const List& list) const {
    AppendVarint(list.size(), out);
    for (const AttributeValue& element : list) AppendValue(element, out);
  }
  void operator()(const AttributeMap& map) const { AppendMap(map, out); }
};

// A varint length and as many bytes, from the front of `bytes`.
StoreResult<std::string_view> TakeBytes(std::string_view& bytes) {
  std::uint64_t size = 0;
  if (!TakeVarint(bytes, size)) return Damaged("a length is unreadable");
  if (size > bytes.size()) return Damaged("a length exceeds what is there");
  const std::string_view taken = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return taken;
}

// A count of elements of at least `element_bytes_min` each: never more than could be there.
StoreResult<std::size_t> TakeCount(std::string_view& bytes, std::size_t element_bytes_min) {
  std::uint64_t count = 0;
  if (!TakeVarint(bytes, count)) return Damaged("a count is unreadable");
  if (count > bytes.size() / element_bytes_min) return Damaged("a count exceeds what is there");
  return count;
}

StoreResult<Number> ReadNumber(std::string_view payload) {
  const std::optional<Number> number = ReadNumberPayload(payload);
  if (!number) return Damaged("a number is not in normal form");
  return *number;
}

StoreResult<std::string> ReadString(std::string_view payload) { return std::string(payload); }

template <typename Element, typename Read>
StoreResult<std::vector<Element>> ReadSet(std::string_view payload, Read read) {
  GRAMME_TRY(const std::size_t count, TakeCount(payload, 1));
  std::vector<Element> elements;
  elements.reserve(std::min(count, kReservedCountMax));
  for (std::size_t i = 0; i < count; ++i) {
    GRAMME_TRY(const std::string_view bytes, TakeBytes(payload));
    GRAMME_TRY(Element element, read(bytes));
    if (i > 0 && !(elements.back() < element)) return Damaged("a set is not in order");
    elements.push_back(std::move(element));
  }
  if (!payload.empty()) return Damaged("a set has bytes left over");
  return elements;
}

// `depth` is the number of lists and maps around the value.
StoreResult<AttributeValue> TakeNestedValue(std::string_view& bytes, int depth);

StoreResult<List> ReadList(std::string_view payload, int depth) {
  GRAMME_TRY(const std::size_t count, TakeCount(payload, 2));
  List list;
  list.reserve(std::min(count, kReservedCountMax));
  for (std::size_t i = 0; i < count; ++i) {
    GRAMME_TRY(AttributeValue element, TakeNestedValue(payload, depth));
    list.push_back(std::move(element));
  }
  if (!payload.empty()) return Damaged("a list has bytes left over");
  return list;
}

StoreResult<AttributeMap> ReadMap(std::string_view payload, int depth) {
  GRAMME_TRY(const std::size_t count, TakeCount(payload, 3));
  AttributeMap map;
  map.reserve(std::min(count, kReservedCountMax));
  for (std::size_t i = 0; i < count; ++i) {
    GRAMME_TRY(const std::string_view name, TakeBytes(payload));
    if (!map.empty() && name <= map.rbegin()->first) return Damaged("names are not in order");
    GRAMME_TRY(AttributeValue value, TakeNestedValue(payload, depth));
    map.emplace_hint(map.end(), std::string(name), std::move(value));
  }
  if (!payload.empty()) return Damaged("a map has bytes left over");
  return map;
}

StoreResult<bool> ReadBool(std::string_view payload) {
  if (payload.size() != 1 || static_cast<unsigned char>(payload[0]) > 1) {
    return Damaged("a bool is neither true nor false");
  }
  return payload[0] != '\0';
}

// A type that AttributeValue holds, made of what the reader of its contents gave.
template <typename T, typename Contents>
StoreResult<AttributeValue> Wrap(StoreResult<Contents> contents) {
  if (!contents) return std::unexpected(std::move(contents).error());
  if constexpr (std::is_same_v<T, Contents>) {
    // Braces would make of a list a list that holds it.
    return AttributeValue(*std::move(contents));
  } else {
    return AttributeValue(T{*std::move(contents)});
  }
}

StoreResult<AttributeValue> TakeNestedValue(std::string_view& bytes, int depth) {
  if (bytes.empty()) return Damaged("a value is missing");
  const auto type = static_cast<AttributeType>(bytes[0]);
  bytes.remove_prefix(1);
  GRAMME_TRY(const std::string_view payload, TakeBytes(bytes));
  const bool nests = type == AttributeType::kList || type == AttributeType::kMap;
  if (nests && depth >= kNestingDepthMax) return Damaged("nested too deep");
  switch (type) {
    case AttributeType::kString:
      return AttributeValue(std::string(payload));
    case AttributeType::kNumber:
      return Wrap<Number>(ReadNumber(payload));
    case AttributeType::kBinary:
      return AttributeValue(Binary{std::string(payload)});
    case AttributeType::kBool:
      return Wrap<bool>(ReadBool(payload));
    case AttributeType::kNull:
      if (!payload.empty()) return Damaged("a null has contents");
      return AttributeValue(Null{});
    case AttributeType::kStringSet:
      return Wrap<StringSet>(ReadSet<std::string>(payload, ReadString));
    case AttributeType::kNumberSet:
      return Wrap<NumberSet>(ReadSet<Number>(payload, ReadNumber));
    case AttributeType::kBinarySet:
      return Wrap<BinarySet>(ReadSet<std::string>(payload, ReadString));
    case AttributeType::kList:
      return Wrap<List>(ReadList(payload, depth + 1));
    case AttributeType::kMap:
      return Wrap<AttributeMap>(ReadMap(payload, depth + 1));
  }
  return Damaged("a value of an unknown type");
}

}  // namespace

std::optional<Number> ReadNumberPayload(std::string_view payload) {
  if (payload.empty()) return Number();
  const std::string_view digits = payload.substr(1);
  // No leading zero bytes; nothing is zero but the empty payload.
  if (digits.empty() || digits.size() > sizeof(Number::Coefficient) || digits.back() == '\0') {
    return std::nullopt;
  }
  Number::Coefficient bits = 0;
  for (std::size_t i = digits.size(); i > 0; --i) {
    bits = bits << 8 | static_cast<unsigned char>(digits[i - 1]);
  }
  const int first_digit = static_cast<unsigned char>(payload[0]) + kNumberExponentMin;
  return Number::FromNormalForm((bits & 1) != 0, bits >> 1, first_digit);
}

void AppendValue(const AttributeValue& value, std::string& out) {
  out += static_cast<char>(value.type());
  const std::size_t length_at = out.size();
  out += '\0';
  std::visit(AppendPayload{out}, value.variant());
  // Most values are short, so a byte was set aside; a longer length moves the payload up.
  const std::size_t length = out.size() - length_at - 1;
  std::string prefix;
  AppendVarint(length, prefix);
  if (prefix.size() == 1) {
    out[length_at] = prefix[0];
  } else {
    out.replace(length_at, 1, prefix);
  }
}

StoreResult<AttributeValue> TakeValue(std::string_view& bytes) {
  std::string_view rest = bytes;
  GRAMME_TRY(AttributeValue value, TakeNestedValue(rest, 0));
  bytes = rest;
  return value;
}

std::string EncodeItem(const Item& item) { return EncodeItem(item, ItemSizeBytes(item)); }

std::string EncodeItem(const Item& item, std::size_t size_bytes) {
  std::string bytes = StartEnvelope(kItemVersion);
  bytes.reserve(bytes.size() + size_bytes + size_bytes / 8 + 8 * item.size() + 16);
  AppendVarint(size_bytes, bytes);
  AppendMap(item, bytes);
  SealEnvelope(bytes);
  return bytes;
}

void AppendAttributes(const Item& item, std::string& out) { AppendMap(item, out); }

StoreResult<Item> DecodeAttributes(std::string_view attributes) { return ReadMap(attributes, 0); }

StoreResult<Item> DecodeItem(std::string_view bytes) {
  GRAMME_TRY(const ItemView view, ItemView::Open(bytes));
  return view.Decode();
}

StoreResult<ItemView> ItemView::Open(std::string_view bytes) {
  GRAMME_TRY(const Envelope envelope, OpenEnvelope(bytes, kItemVersion, "item"));
  std::string_view attributes = envelope.body;
  std::uint64_t size = 0;
  if (!TakeVarint(attributes, size)) return Damaged("its size is unreadable");
  return ItemView(attributes, size);
}

template <typename Take>
StoreResult<void> ItemView::ForEachOf(std::span<const std::string> names, Take take) const {
  std::string_view rest = attributes_;
  GRAMME_TRY(const std::size_t count, TakeCount(rest, 3));
  std::size_t wanted = 0;
  for (std::size_t i = 0; i < count && wanted < names.size(); ++i) {
    const std::string_view attribute = rest;
    GRAMME_TRY(const std::string_view found, TakeBytes(rest));
    if (rest.empty()) return Damaged("a value is missing");
    const std::size_t value_at = attribute.size() - rest.size();
    rest.remove_prefix(1);
    GRAMME_RETURN_IF_ERROR(TakeBytes(rest));
    // Both are in order: a name that comes before the one found is not there.
    while (wanted < names.size() && names[wanted] < found) ++wanted;
    if (wanted == names.size() || names[wanted] != found) continue;
    ++wanted;
    const std::string_view whole = attribute.substr(0, attribute.size() - rest.size());
    GRAMME_RETURN_IF_ERROR(take(found, whole, whole.substr(value_at)));
  }
  return {};
}

StoreResult<std::optional<AttributeValue>> ItemView::Find(std::string_view name) const {
  const std::string wanted(name);
  GRAMME_TRY(Item found, Decode(std::span(&wanted, 1)));
  if (found.empty()) return std::nullopt;
  return std::optional(std::move(found.begin()->second));
}

StoreResult<Item> ItemView::Decode(std::span<const std::string> names) const {
  Item item;
  const auto take = [&](std::string_view name, std::string_view,
                        std::string_view value) -> StoreResult<void> {
    GRAMME_TRY(AttributeValue decoded, TakeNestedValue(value, 0));
    item.emplace_hint(item.end(), std::string(name), std::move(decoded));
    return {};
  };
  GRAMME_RETURN_IF_ERROR(ForEachOf(names, take));
  return item;
}

StoreResult<void> ItemView::AppendSelected(std::span<const std::string> names,
                                           std::string& out) const {
  // The count comes first, and is known last.
  std::size_t count = 0;
  std::string selected;
  const auto take = [&](std::string_view, std::string_view whole,
                        std::string_view) -> StoreResult<void> {
    ++count;
    selected += whole;
    return {};
  };
  GRAMME_RETURN_IF_ERROR(ForEachOf(names, take));
  AppendVarint(count, out);
  out += selected;
  return {};
}

StoreResult<Item> ItemView::Decode() const {
  GRAMME_TRY(Item item, ReadMap(attributes_, 0));
  if (ItemSizeBytes(item) != size_bytes_) return Damaged("its size is not the one stored");
  return item;
}

}  // namespace gramme
