// WriteAction: one write of one item, as every operation that writes states it: put, delete,
// update, or only a condition to be checked. Evaluating one is a pure function of the action and
// the item as it is; item/item_batch.h turns the result into what the store writes.

#ifndef GRAMME_TABLE_ITEM_WRITE_ACTION_H_
#define GRAMME_TABLE_ITEM_WRITE_ACTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/condition_expression.h"
#include "expression/update_expression.h"
#include "model/api_error.h"
#include "model/attribute_value.h"
#include "storage/store.h"
#include "table/change_log/change_record.h"
#include "table/table.h"

namespace gramme {

enum class WriteKind { kPut, kDelete, kUpdate, kConditionCheck };

// UpdateItem adds the cost of its actions to an item's size; a transaction does not.
enum class SizeMeasure { kUpdateItem, kFlat };

struct WriteAction {
  WriteKind kind = WriteKind::kPut;
  TableRef table;
  // kPut: the whole new item. Otherwise the `Key` of the request. Borrowed; outlives the action.
  const Item* item = nullptr;
  std::optional<ConditionExpression> condition = std::nullopt;
  std::optional<UpdateExpression> update =
      std::nullopt;  // kUpdate; without it, the item is touched
  SizeMeasure size_measure = SizeMeasure::kUpdateItem;
  bool return_item_on_failure = false;
  // Whether ItemChange::old_item is wanted. Where nothing else asks for it, the old item is not
  // looked into.
  bool return_old_item = false;

  ChangeCause cause = ChangeCause::kUser;
  // Which change of its commit it is, for the change log.
  std::uint32_t index_in_commit = 0;

  // Set by BindAction. A deletion of an item of which nothing but this is known needs no more.
  Key key = {};
  std::string item_bytes = {};  // kPut: the item as it is stored
  std::size_t item_size_bytes = 0;
};

// Checks the action against its table's schema and prepares what every evaluation needs. Errors:
// ValidationException.
Result<void> BindAction(WriteAction& action);

// What an action makes of the item that it finds.
struct ItemChange {
  bool existed = false;
  bool exists = false;  // afterwards
  // The item before: where the action asks for it, updates, or changes indexes.
  std::optional<Item> old_item;
  // The item afterwards, of kUpdate.
  std::optional<Item> updated_item;
  std::size_t old_size_bytes = 0;
  std::size_t new_size_bytes = 0;
  // When the item before was due, where the table has a time to live.
  std::optional<std::uint64_t> old_expiry_second;
};

// Whether evaluating the action takes the whole old item apart.
bool NeedsOldItem(const WriteAction& action);

// The item that the change leaves, or nullptr. Borrowed from the action or the change.
const Item* NewItemOf(const WriteAction& action, const ItemChange& change);

inline constexpr std::string_view kConditionFailed = "The conditional request failed";

// The change, which is none for a condition check that holds. REQUIRES: the action is bound.
// Errors: ConditionalCheckFailedException, with the item where the action asks for it;
// ValidationException for what an update cannot do to this item or may not make of it;
// InternalServerError where the stored bytes are damaged.
Result<ItemChange> Evaluate(const WriteAction& action, const CurrentValue& current);

}  // namespace gramme

#endif  // GRAMME_TABLE_ITEM_WRITE_ACTION_H_
