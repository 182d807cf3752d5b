#include "table/item/item_reader.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "table/store_error.h"

namespace gramme {
namespace {

Result<ItemRead> Open(std::string bytes) {
  ItemRead read;
  GRAMME_TRY(read.item, FromStore(EncodedItem::Open(std::move(bytes))));
  read.size_bytes = read.item->view().size_bytes();
  return read;
}

}  // namespace

Result<ItemRead> ReadItem(Store& store, ReadTier tier, const Key& key) {
  std::string bytes;
  GRAMME_TRY(const bool is_there,
             FromStore(store.Read(key, tier, [&](std::string_view value) { bytes = value; })));
  if (!is_there) return ItemRead();
  return Open(std::move(bytes));
}

Result<ItemRead> ReadItem(const View& view, const Key& key) {
  GRAMME_TRY(std::optional<std::string> bytes, FromStore(view.Get(key)));
  if (!bytes) return ItemRead();
  return Open(*std::move(bytes));
}

Result<const View*> GroupViews::ViewOf(const Key& key) { return ViewOf(store_.GroupOf(key)); }

Result<const View*> GroupViews::ViewOf(GroupId group) {
  std::unique_ptr<View>& view = views_[group];
  if (view == nullptr) {
    GRAMME_TRY(view, FromStore(store_.OpenView(group, tier_)));
  }
  return view.get();
}

}  // namespace gramme
