#include "table/item/item_reader.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "encoding/item_encoding.h"
#include "table/store_error.h"

namespace gramme {

namespace {

Result<ItemRead> Decode(std::string_view bytes) {
  ItemRead read;
  GRAMME_TRY(const ItemView stored, FromStore(ItemView::Open(bytes)));
  read.size_bytes = stored.size_bytes();
  GRAMME_TRY(read.item, FromStore(stored.Decode()));
  return read;
}

}  // namespace

Result<ItemRead> ReadItem(Store& store, ReadTier tier, const Key& key) {
  Result<ItemRead> read;
  const auto decode = [&read](std::string_view bytes) { read = Decode(bytes); };
  GRAMME_RETURN_IF_ERROR(FromStore(store.Read(key, tier, decode)));
  return read;
}

Result<ItemRead> ReadItem(const View& view, const Key& key) {
  GRAMME_TRY(const std::optional<std::string> bytes, FromStore(view.Get(key)));
  if (!bytes) return ItemRead();
  return Decode(*bytes);
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
