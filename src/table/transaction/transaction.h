// A transaction of writes: all its actions in one Update over all its keys and its token, or none.

#ifndef GRAMME_TABLE_TRANSACTION_TRANSACTION_H_
#define GRAMME_TABLE_TRANSACTION_TRANSACTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/api_error.h"
#include "storage/store.h"
#include "table/capacity/consumption.h"
#include "table/item/write_action.h"

namespace gramme {

struct RequestToken {
  std::string token;
  std::uint64_t request_hash = 0;  // of everything in the request that has an effect
};

struct TransactionWrite {
  std::vector<WriteAction> actions;  // bound
  std::optional<RequestToken> token;
  WallTime now{};
};

struct TableConsumption {
  std::string table_name;
  Consumption consumption;
};

struct TransactionOutcome {
  // Errors: TransactionCanceledException with a reason for each action;
  // IdempotentParameterMismatchException; TransactionInProgressException where the same token is
  // at work; ValidationException for what is wrong with the request as a whole; the store's.
  Result<void> result;
  // The token has done this already: nothing was changed, and reads were consumed instead of
  // writes.
  bool is_replay = false;
  std::vector<TableConsumption> consumption = {};  // by table, in the order of the actions
  Position position = {};                          // what the outcome depends on
};

// REQUIRES: at least one action. Thread-safe; does not wait for the disk.
TransactionOutcome RunTransaction(Store& store, ReadTier tier, const TransactionWrite& write);

// Refuses keys of which two are the same, and keys of different groups, which a store cannot commit
// together. Errors: ValidationException.
Result<void> CheckTransactionKeys(const Store& store, const std::vector<Key>& keys);

// TransactionCanceledException whose message lists the reasons' codes.
ApiError TransactionCanceled(std::vector<CancellationReason> reasons);
// The reason for one failed action; nothing where the error is none of an action.
std::optional<CancellationReason> ReasonOf(const ApiError& error);

}  // namespace gramme

#endif  // GRAMME_TABLE_TRANSACTION_TRANSACTION_H_
