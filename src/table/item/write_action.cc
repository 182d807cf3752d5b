#include "table/item/write_action.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/result.h"
#include "encoding/item_encoding.h"
#include "model/limits.h"
#include "table/index/index_entry.h"
#include "table/index/index_keys.h"
#include "table/item/item_key.h"
#include "table/store_error.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

constexpr std::string_view kItemTooLarge = "Item size has exceeded the maximum allowed size";
constexpr std::string_view kUpdatedItemTooLarge =
    "Item size to update has exceeded the maximum allowed size";

Result<void> CheckDepth(const Item& item) {
  const bool is_too_deep = std::ranges::any_of(item, [](const auto& attribute) {
    // The innermost value is a level too.
    return NestingDepth(attribute.second) >= kNestingDepthMax;
  });
  if (is_too_deep) return ValidationError("Nesting Levels have exceeded supported limits");
  return {};
}

// An item and its entry in each local index share the limit of one item.
Result<void> CheckLocalIndexSizes(const WriteAction& action, const Item& item,
                                  std::size_t item_size_bytes, std::string_view text) {
  const TableDescription& table = action.table->description();
  for (const IndexDescription& index : table.indexes) {
    if (index.is_global || item_size_bytes * 2 <= kItemSizeBytesMax) continue;
    const auto entry = EntryOf(table, index, action.key.placement, item);
    if (entry && item_size_bytes + entry->size_bytes > kItemSizeBytesMax) {
      return ValidationError(std::string(text));
    }
  }
  return {};
}

Result<void> CheckUpdatedSize(const WriteAction& action, const Item& item,
                              std::size_t item_size_bytes) {
  if (item_size_bytes > kItemSizeBytesMax) {
    return ValidationError(std::string(kUpdatedItemTooLarge));
  }
  return CheckLocalIndexSizes(action, item, item_size_bytes, kUpdatedItemTooLarge);
}

Result<Item> ApplyUpdate(const WriteAction& action, const std::optional<Item>& old_item) {
  const Item& base = old_item ? *old_item : *action.item;
  if (!action.update) return base;
  GRAMME_TRY(Item updated, action.update->Apply(base));
  GRAMME_RETURN_IF_ERROR(CheckDepth(updated));
  GRAMME_RETURN_IF_ERROR(
      CheckIndexKeys(action.table->description(), updated, IndexKeySource::kUpdate));
  return updated;
}

// `stored` is nullptr where there is no item, `old_item` nothing where nobody needed it.
Result<void> CheckCondition(const WriteAction& action, const ItemView* stored,
                            const std::optional<Item>& old_item) {
  if (!action.condition) return {};
  Item read;
  if (!old_item && stored != nullptr) {
    GRAMME_TRY(read, FromStore(stored->Decode(action.condition->attributes())));
  }
  if (action.condition->Holds(old_item ? *old_item : read)) return {};
  ApiError error = {.code = ErrorCode::kConditionalCheckFailedException,
                    .message = std::string(kConditionFailed),
                    .item = std::nullopt,
                    .cancellation_reasons = {}};
  if (action.return_item_on_failure && stored != nullptr) {
    GRAMME_TRY(error.item, FromStore(stored->Decode()));
  }
  return std::unexpected(std::move(error));
}

// Of the stored item, whole where somebody needed it.
Result<std::optional<std::uint64_t>> OldExpirySecond(const WriteAction& action,
                                                     const ItemView& stored,
                                                     const std::optional<Item>& old_item) {
  const TimeToLiveDescription* time_to_live = MaintainedTimeToLive(action.table->description());
  if (time_to_live == nullptr) return std::nullopt;
  if (old_item) return ExpirySecondOf(*time_to_live, *old_item);
  GRAMME_TRY(const auto value, FromStore(stored.Find(time_to_live->attribute_name)));
  if (!value) return std::nullopt;
  return ExpirySecondOf(*value);
}

Result<void> BindPut(WriteAction& action) {
  const Item& item = *action.item;
  GRAMME_TRY(action.key, KeyOfItem(*action.table, item));
  GRAMME_RETURN_IF_ERROR(CheckIndexKeys(action.table->description(), item, IndexKeySource::kPut));
  action.item_size_bytes = ItemSizeBytes(item);
  if (action.item_size_bytes > kItemSizeBytesMax) {
    return ValidationError(std::string(kItemTooLarge));
  }
  GRAMME_RETURN_IF_ERROR(CheckLocalIndexSizes(action, item, action.item_size_bytes, kItemTooLarge));
  action.item_bytes = EncodeItem(item, action.item_size_bytes);
  return {};
}

Result<void> BindKey(WriteAction& action) {
  GRAMME_TRY(action.key, KeyOfKey(*action.table, *action.item));
  if (!action.update) return {};
  for (const std::string& name : action.update->WrittenAttributes()) {
    if (!IsInSchema(action.table->description().key_schema, name)) continue;
    return ValidationError(
        fmt::format("One or more parameter values were invalid: Cannot update attribute {}. This "
                    "attribute is part of the key",
                    name));
  }
  for (const auto& [name, type] : action.update->KnownTypes()) {
    GRAMME_RETURN_IF_ERROR(CheckIndexKeyType(action.table->description(), name, type));
  }
  GRAMME_RETURN_IF_ERROR(
      CheckKeyPaths(action.table->description(), action.update->NestedAttributes()));
  // Before the item is read, and so before the condition.
  if (action.size_measure == SizeMeasure::kUpdateItem &&
      action.update->measure_bytes() > kItemSizeBytesMax) {
    return ValidationError(std::string(kUpdatedItemTooLarge));
  }
  return {};
}

}  // namespace

Result<void> BindAction(WriteAction& action) {
  GRAMME_RETURN_IF_ERROR(action.kind == WriteKind::kPut ? BindPut(action) : BindKey(action));
  if (!action.condition) return {};
  return CheckKeyPaths(action.table->description(), action.condition->nested_attributes());
}

bool NeedsOldItem(const WriteAction& action) {
  if (action.return_old_item || action.kind == WriteKind::kUpdate) return true;
  if (action.kind == WriteKind::kConditionCheck) return false;
  return std::ranges::any_of(action.table->description().indexes, IsMaintained);
}

const Item* NewItemOf(const WriteAction& action, const ItemChange& change) {
  if (!change.exists) return nullptr;
  return action.kind == WriteKind::kPut ? action.item : &*change.updated_item;
}

Result<ItemChange> Evaluate(const WriteAction& action, const CurrentValue& current) {
  ItemChange change;
  std::optional<ItemView> stored;
  if (current) {
    GRAMME_TRY(stored, FromStore(ItemView::Open(*current)));
    change.existed = true;
    change.old_size_bytes = stored->size_bytes();
    if (NeedsOldItem(action)) {
      GRAMME_TRY(change.old_item, FromStore(stored->Decode()));
    }
    GRAMME_TRY(change.old_expiry_second, OldExpirySecond(action, *stored, change.old_item));
  }
  GRAMME_RETURN_IF_ERROR(CheckCondition(action, stored ? &*stored : nullptr, change.old_item));
  switch (action.kind) {
    case WriteKind::kConditionCheck:
    case WriteKind::kDelete:
      return change;
    case WriteKind::kPut:
      change.exists = true;
      change.new_size_bytes = action.item_size_bytes;
      return change;
    case WriteKind::kUpdate:
      break;
  }
  GRAMME_TRY(Item updated, ApplyUpdate(action, change.old_item));
  if (!change.existed && action.update && action.update->OnlyRemoves()) return change;
  change.exists = true;
  change.new_size_bytes = ItemSizeBytes(updated);
  GRAMME_RETURN_IF_ERROR(CheckUpdatedSize(action, updated, change.new_size_bytes));
  change.updated_item = std::move(updated);
  return change;
}

}  // namespace gramme
