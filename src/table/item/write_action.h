// WriteAction: one write of one item, as every operation that writes states it: put, delete,
// update, or only a condition to be checked. Evaluating one is a pure function of the action and
// the item as it is; item/item_batch.h turns the result into what the store writes.

#ifndef GRAMME_TABLE_ITEM_WRITE_ACTION_H_
#define GRAMME_TABLE_ITEM_WRITE_ACTION_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "expression/condition_expression.h"
#include "expression/update_expression.h"
#include "model/api_error.h"
#include "model/attribute_value.h"
#include "storage/store.h"
#include "table/table.h"

namespace gramme {

enum class WriteKind { kPut, kDelete, kUpdate, kConditionCheck };

// UpdateItem adds the cost of its actions to an item's size; a transaction does not.
enum class SizeMeasure { kUpdateItem, kFlat };

struct WriteAction {
  WriteKind kind = WriteKind::kPut;
  TableRef table;
  // kPut: the whole new item. Otherwise the `Key` of the request.
  Item item;
  std::optional<ConditionExpression> condition = std::nullopt;
  std::optional<UpdateExpression> update =
      std::nullopt;  // kUpdate; without it, the item is touched
  SizeMeasure size_measure = SizeMeasure::kUpdateItem;
  bool return_item_on_failure = false;
  // Set by BindAction.
  Key key = {};
};

// Checks the action against its table's schema and sets its key. Errors: ValidationException.
Result<void> BindAction(WriteAction& action);

// What an action makes of the item that it finds.
struct ItemChange {
  std::optional<Item> old_item;
  std::optional<Item> new_item;  // of a condition check: the old one is not copied, nothing
  std::size_t old_size_bytes = 0;
  std::size_t new_size_bytes = 0;
};

inline constexpr std::string_view kConditionFailed = "The conditional request failed";

// The change, which is none for a condition check that holds. REQUIRES: the action is bound.
// Errors: ConditionalCheckFailedException, with the item where the action asks for it;
// ValidationException for what an update cannot do to this item or may not make of it;
// InternalServerError where the stored bytes are damaged.
Result<ItemChange> Evaluate(const WriteAction& action, const CurrentValue& current);

}  // namespace gramme

#endif  // GRAMME_TABLE_ITEM_WRITE_ACTION_H_
