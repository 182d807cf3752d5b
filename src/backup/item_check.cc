#include "backup/item_check.h"

#include <fmt/format.h>

#include <utility>

#include "base/result.h"
#include "encoding/item_encoding.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

std::unexpected<Status> Wrong(std::string message) {
  return StoreError(StatusCode::kCorruption, std::move(message));
}

// The key attributes alone: the others are not even copied.
StoreResult<Item> KeyOf(const ItemView& view, const TableDescription& table) {
  Item key;
  for (const KeySchemaElement& element : table.key_schema) {
    GRAMME_TRY(auto value, view.Find(element.attribute_name));
    if (value) key.emplace(element.attribute_name, *std::move(value));
  }
  return key;
}

}  // namespace

StoreResult<void> ItemCheck::Check(const BackupBlock& block) {
  for (const BackupEntry& entry : block.entries) {
    if (counts_.items > 0 && entry.key <= last_key_) {
      return Wrong(fmt::format("item {} is out of order", counts_.items + 1));
    }
    if (counts_.items == 0) first_key_ = entry.key;
    last_key_ = entry.key;
    ++counts_.items;
    GRAMME_TRY(const ItemView view, ItemView::Open(entry.value));
    counts_.bytes += static_cast<std::int64_t>(view.size_bytes());
    if (depth_ == ItemDepth::kOrder) continue;
    GRAMME_TRY(const Item item, depth_ == ItemDepth::kWhole
                                    ? view.Decode()
                                    : KeyOf(view, table_->description()));
    const auto key = KeyOfItem(*table_, item);
    if (!key || key->bytes != entry.key) {
      return Wrong(fmt::format("item {} does not lie under its key", counts_.items));
    }
  }
  return {};
}

}  // namespace gramme
