// Reading items by their keys, from views of the store: what is seen is durable, and nothing is
// held when a call returns.

#ifndef GRAMME_TABLE_ITEM_ITEM_READER_H_
#define GRAMME_TABLE_ITEM_ITEM_READER_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>

#include "encoding/encoded_item.h"
#include "model/api_error.h"
#include "storage/store.h"

namespace gramme {

struct ItemRead {
  std::optional<EncodedItem> item;  // nothing where there is none
  std::size_t size_bytes = 0;
};

// The item from a view of its own. Errors: the store's. Thread-safe.
Result<ItemRead> ReadItem(Store& store, ReadTier tier, const Key& key);
// The item from a view. REQUIRES: the view's group holds the key.
Result<ItemRead> ReadItem(const View& view, const Key& key);

// One view per group, each opened when it is first asked for. For one request.
class GroupViews {
 public:
  // Borrows the store.
  GroupViews(Store& store, ReadTier tier) : store_(store), tier_(tier) {}

  // Valid as long as this object. Errors: the store's.
  Result<const View*> ViewOf(const Key& key);
  Result<const View*> ViewOf(GroupId group);

 private:
  Store& store_;
  const ReadTier tier_;
  std::map<GroupId, std::unique_ptr<View>> views_;
};

}  // namespace gramme

#endif  // GRAMME_TABLE_ITEM_ITEM_READER_H_
