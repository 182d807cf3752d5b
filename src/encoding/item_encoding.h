// Items as bytes: version, checksum, size, then the attributes in order of their names, in a
// compact form that can be read attribute by attribute without building a tree. Part of the format,
// see docs/internals/formats.md. Numbers are stored normalised; equal items have equal bytes.
//
// Memory stays in proportion to the bytes read, whatever they are.

#ifndef GRAMME_ENCODING_ITEM_ENCODING_H_
#define GRAMME_ENCODING_ITEM_ENCODING_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "model/attribute_value.h"

namespace gramme {

// REQUIRES: sets are distinct and sorted, as model/attribute_value.h has them.
std::string EncodeItem(const Item& item);
// The same where ItemSizeBytes of the item is known.
std::string EncodeItem(const Item& item, std::size_t size_bytes);

// The whole item. Every damaged byte is found by the checksum. Errors: kCorruption.
StoreResult<Item> DecodeItem(std::string_view bytes);

// An encoded item, read in place. Borrows the bytes: they outlive it.
class ItemView {
 public:
  // An item without attributes.
  ItemView() = default;
  // Attributes without an envelope, known to be whole.
  ItemView(std::string_view attributes, std::size_t size_bytes)
      : attributes_(attributes), size_bytes_(size_bytes) {}
  // Checks version and checksum. Errors: kCorruption.
  static StoreResult<ItemView> Open(std::string_view bytes);

  // ItemSizeBytes of the item, without reading it.
  std::size_t size_bytes() const { return size_bytes_; }
  // The attribute's value, or nothing. Errors: kCorruption.
  StoreResult<std::optional<AttributeValue>> Find(std::string_view name) const;
  StoreResult<Item> Decode() const;
  // Of the attributes with these names, those that are there. REQUIRES: names are sorted.
  StoreResult<Item> Decode(std::span<const std::string> names) const;

  // The attributes as they lie there, to be walked (encoding/value_walk.h) or copied.
  std::string_view attributes() const { return attributes_; }
  // Appends those with these names in the same form; nothing in case of an error. REQUIRES: names
  // are sorted.
  StoreResult<void> AppendSelected(std::span<const std::string> names, std::string& out) const;

 private:
  // Calls `take(name, attribute, value)` for each attribute among `names`: its name, all of it, its
  // value, as bytes.
  template <typename Take>
  StoreResult<void> ForEachOf(std::span<const std::string> names, Take take) const;

  std::string_view attributes_;
  std::size_t size_bytes_ = 0;
};

// Attributes without envelope and size, as ItemView::attributes() has them. REQUIRES: as
// EncodeItem.
void AppendAttributes(const Item& item, std::string& out);
// Errors: kCorruption.
StoreResult<Item> DecodeAttributes(std::string_view attributes);

// One value alone, for records that hold one. No version or checksum of its own. REQUIRES: as
// EncodeItem.
void AppendValue(const AttributeValue& value, std::string& out);
// Reads one value from the front of `bytes` and removes it. Errors: kCorruption, also for nesting
// beyond kNestingDepthMax.
StoreResult<AttributeValue> TakeValue(std::string_view& bytes);

}  // namespace gramme

#endif  // GRAMME_ENCODING_ITEM_ENCODING_H_
