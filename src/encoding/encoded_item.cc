#include "encoding/encoded_item.h"

#include <cstdint>
#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

// Sees everything and does nothing: the walk itself is the check.
struct NullVisitor {
  void Name(std::string_view) {}
  void String(std::string_view) {}
  void Binary(std::string_view) {}
  void Number(const gramme::Number&) {}
  void Bool(bool) {}
  void Null() {}
  void BeginSet(AttributeType) {}
  void EndSet() {}
  void BeginList() {}
  void EndList() {}
  void BeginMap() {}
  void EndMap() {}
};

StoreResult<void> CheckAttributes(std::string_view attributes) {
  NullVisitor visitor;
  if (ValueWalk<NullVisitor>(visitor).Attributes(attributes)) return {};
  return StoreError(StatusCode::kCorruption, "item: its attributes are damaged");
}

}  // namespace

StoreResult<void> EncodedItems::Finish() {
  const std::size_t begin = ends_.empty() ? 0 : ends_.back();
  if (auto whole = CheckAttributes(std::string_view(bytes_).substr(begin)); !whole) {
    bytes_.resize(begin);
    return whole;
  }
  ends_.push_back(bytes_.size());
  return {};
}

StoreResult<void> EncodedItems::Append(const ItemView& item) {
  bytes_ += item.attributes();
  return Finish();
}

StoreResult<void> EncodedItems::Append(const ItemView& item, std::span<const std::string> names) {
  GRAMME_RETURN_IF_ERROR(item.AppendSelected(names, bytes_));
  return Finish();
}

void EncodedItems::Append(const Item& item) {
  AppendAttributes(item, bytes_);
  ends_.push_back(bytes_.size());
}

EncodedItem::EncodedItem(const Item& item) : size_bytes_(ItemSizeBytes(item)) {
  AppendAttributes(item, bytes_);
}

StoreResult<EncodedItem> EncodedItem::Open(std::string bytes) {
  GRAMME_TRY(const ItemView view, ItemView::Open(bytes));
  GRAMME_RETURN_IF_ERROR(CheckAttributes(view.attributes()));
  EncodedItem item;
  item.begin_ = bytes.size() - view.attributes().size();
  item.size_bytes_ = view.size_bytes();
  item.bytes_ = std::move(bytes);
  return item;
}

}  // namespace gramme
