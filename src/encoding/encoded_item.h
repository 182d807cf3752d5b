// Items on their way from the store to an answer, in the form in which they are stored: owned
// bytes, checked once, written out by a walk (encoding/value_walk.h). No tree is built of them.
//
// Value types.

#ifndef GRAMME_ENCODING_ENCODED_ITEM_H_
#define GRAMME_ENCODING_ENCODED_ITEM_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/status.h"
#include "encoding/item_encoding.h"
#include "encoding/value_walk.h"
#include "model/attribute_value.h"

namespace gramme {

// One item.
class EncodedItem {
 public:
  // An item without attributes.
  EncodedItem() : bytes_(1, '\0') {}
  explicit EncodedItem(const Item& item);
  // Takes over what the store holds. Errors: kCorruption, also for a damaged structure.
  static StoreResult<EncodedItem> Open(std::string bytes);

  template <typename Visitor>
  void Visit(Visitor& visitor) const {
    const bool is_whole =
        ValueWalk<Visitor>(visitor).Attributes(std::string_view(bytes_).substr(begin_));
    GRAMME_CHECK(is_whole, "an item was checked when it was opened");
  }
  // Valid as long as the item.
  ItemView view() const { return {std::string_view(bytes_).substr(begin_), size_bytes_}; }

  // For tests: the same attributes.
  friend bool operator==(const EncodedItem& a, const Item& b) { return a.view().Decode() == b; }

 private:
  std::string bytes_;
  std::size_t begin_ = 0;       // of the attributes
  std::size_t size_bytes_ = 0;  // ItemSizeBytes
};

// Several items, one after the other in one piece of memory.
class EncodedItems {
 public:
  // Errors: kCorruption, and nothing is added, where the structure is damaged.
  StoreResult<void> Append(const ItemView& item);
  // Only the attributes with these names. REQUIRES: names are sorted.
  StoreResult<void> Append(const ItemView& item, std::span<const std::string> names);
  void Append(const Item& item);

  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  // Of all items, as they are stored.
  std::size_t byte_count() const { return bytes_.size(); }

  // Shows item `index` to a visitor of encoding/value_walk.h.
  template <typename Visitor>
  void Visit(std::size_t index, Visitor& visitor) const {
    const bool is_whole = ValueWalk<Visitor>(visitor).Attributes(AttributesOf(index));
    GRAMME_CHECK(is_whole, "an item was checked when it was added");
  }
  // For the few who need a tree. Errors: kCorruption.
  StoreResult<Item> Decode(std::size_t index) const {
    return DecodeAttributes(AttributesOf(index));
  }

 private:
  std::string_view AttributesOf(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
  }
  // Keeps what was appended since the last item, if it is whole.
  StoreResult<void> Finish();

  std::string bytes_;  // of each: `count | name, value …`
  std::vector<std::size_t> ends_;
};

}  // namespace gramme

#endif  // GRAMME_ENCODING_ENCODED_ITEM_H_
