// TransactAction: one action of TransactWriteItems, whatever its kind, seen the same way. Borrows
// the request.

#ifndef GRAMME_API_TRANSACTION_TRANSACT_ACTION_H_
#define GRAMME_API_TRANSACTION_TRANSACT_ACTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/write_shapes.h"
#include "api/transaction/transact_write_shapes.h"
#include "model/api_error.h"
#include "table/item/write_action.h"

namespace gramme {

struct TransactAction {
  WriteKind kind = WriteKind::kPut;
  const ConditionalWrite* members = nullptr;
  const Item* item = nullptr;                          // the item of a put, otherwise the key
  const std::optional<std::string>* update = nullptr;  // of an update
  std::string_view access;                             // the permission that it needs
};

// Errors: ValidationException where the item has not exactly one action.
Result<TransactAction> ActionOf(const TransactWriteItem& item);
// REQUIRES: each has exactly one.
std::vector<TransactAction> ActionsOf(const std::vector<TransactWriteItem>& items);

// A hash of everything that has an effect: what a token stands for. `table_name` is the plain one.
std::uint64_t HashOfActions(const std::vector<TransactAction>& actions,
                            const std::vector<std::string>& table_names);

}  // namespace gramme

#endif  // GRAMME_API_TRANSACTION_TRANSACT_ACTION_H_
