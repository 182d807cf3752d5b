#include "table/item/item_reader.h"

#include <string>
#include <utility>

#include "base/result.h"
#include "encoding/item_encoding.h"
#include "table/store_error.h"

namespace gramme {

Result<ItemRead> ReadItem(Store& store, ReadTier tier, const Key& key) {
  GRAMME_TRY(const std::unique_ptr<View> view, FromStore(store.OpenView(store.GroupOf(key), tier)));
  return ReadItem(*view, key);
}

Result<ItemRead> ReadItem(const View& view, const Key& key) {
  GRAMME_TRY(const std::optional<std::string> bytes, FromStore(view.Get(key)));
  ItemRead read;
  if (!bytes) return read;
  GRAMME_TRY(const ItemView stored, FromStore(ItemView::Open(*bytes)));
  read.size_bytes = stored.size_bytes();
  GRAMME_TRY(read.item, FromStore(stored.Decode()));
  return read;
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
