#include "table/transaction/transaction.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/planted_bug.h"
#include "base/result.h"
#include "model/limits.h"
#include "table/item/item_batch.h"
#include "table/store_error.h"
#include "table/transaction/token_record.h"

namespace gramme {
namespace {

constexpr double kTransactionFactor = 2;

Consumption& ConsumptionOf(std::vector<TableConsumption>& consumption,
                           const std::string& table_name) {
  for (TableConsumption& entry : consumption) {
    if (entry.table_name == table_name) return entry.consumption;
  }
  return consumption.emplace_back(TableConsumption{table_name, {}}).consumption;
}

// One run of one transaction. Decide may be called again: it begins anew each time.
class TransactionRun {
 public:
  explicit TransactionRun(const TransactionWrite& write) : write_(write) {
    std::set<std::uint64_t> guarded;
    for (const WriteAction& action : write.actions) {
      keys_.push_back(action.key);
      const Guard guard = action.table->guard();
      if (guarded.insert(guard.id).second) guards_.push_back(guard);
    }
    if (write.token) {
      keys_.push_back(TokenKey(write.token->token, keys_.front().placement));
    }
  }

  TransactionOutcome Run(Store& store, ReadTier tier) {
    const UpdateOptions options = {.tier = tier, .deadline = {}};
    if (BugIsPlanted("check_not_held")) ReadChecksApart(store, tier);
    const auto outcome =
        store.Update(keys_, guards_, options,
                     [&](std::span<const CurrentValue> values) { return Decide(values); });
    if (!outcome) {
      outcome_.consumption.clear();
      outcome_.result = std::unexpected(FailureOf(outcome.error()));
      return std::move(outcome_);
    }
    outcome_.position = outcome->position;
    if (outcome->committed) WriteApart(store, options);
    return std::move(outcome_);
  }

 private:
  std::optional<WriteBatch> Decide(std::span<const CurrentValue> values) {
    outcome_ = {.result = {}};
    apart_ = {};
    const bool honours_token = write_.token && !BugIsPlanted("token_unread");
    if (honours_token && IsDecidedByToken(values.back())) return std::nullopt;
    std::vector<ItemChange> changes;
    outcome_.result = EvaluateAll(values, changes);
    if (!outcome_.result) return std::nullopt;
    WriteBatch batch;
    TokenRecord record;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      Append(write_.actions[i], values[i], changes[i], batch, record);
    }
    if (write_.token) {
      record.request_hash = write_.token->request_hash;
      record.expiry = write_.now + kTokenLife;
      WriteBatch& target = BugIsPlanted("token_outside_batch") ? apart_ : batch;
      target.Put(keys_.back(), EncodeTokenRecord(record));
    }
    return batch;
  }

  // Whether a record that is still valid says all there is to say.
  bool IsDecidedByToken(const CurrentValue& stored) {
    if (!stored) return false;
    const auto record = DecodeTokenRecord(*stored);
    if (!record) {
      outcome_.result = std::unexpected(ToApiError(record.error()));
      return true;
    }
    if (record->expiry < write_.now) return false;
    if (record->request_hash != write_.token->request_hash) {
      outcome_.result = Error(ErrorCode::kIdempotentParameterMismatchException,
                              "The request uses the same client token as a previous, but "
                              "non-identical request. Do not reuse a client token with different "
                              "requests, unless the requests are identical");
      return true;
    }
    outcome_.is_replay = true;
    for (const ReplayUnits& units : record->replay_units) {
      ConsumptionOf(outcome_.consumption, units.table_name).table_units =
          static_cast<double>(units.read_units);
    }
    return true;
  }

  Result<void> EvaluateAll(std::span<const CurrentValue> values, std::vector<ItemChange>& changes) {
    std::vector<CancellationReason> reasons(write_.actions.size());
    bool is_canceled = false;
    std::size_t total_bytes = 0;
    for (std::size_t i = 0; i < write_.actions.size(); ++i) {
      const CurrentValue current = checked_.contains(i) ? CurrentValue(checked_[i]) : values[i];
      Result<ItemChange> change = Evaluate(write_.actions[i], current);
      if (change) {
        total_bytes += std::max(change->old_size_bytes, change->new_size_bytes);
        changes.push_back(*std::move(change));
        continue;
      }
      auto reason = ReasonOf(change.error());
      if (!reason) return std::unexpected(std::move(change).error());
      reasons[i] = *std::move(reason);
      is_canceled = true;
    }
    if (is_canceled) return std::unexpected(TransactionCanceled(std::move(reasons)));
    if (total_bytes > kTransactionBytesMax) {
      return ValidationError("The aggregate size of the items in the transaction exceeds 4 MB");
    }
    return {};
  }

  void Append(const WriteAction& action, const CurrentValue& current, const ItemChange& change,
              WriteBatch& batch, TokenRecord& record) {
    Consumption consumption = AppendChange(action, current, change, PartsOf(batch, apart_));
    consumption.table_units *= kTransactionFactor;
    ConsumptionOf(outcome_.consumption, action.table->name()).Add(consumption);
    const double read_units =
        kTransactionFactor * ReadUnits(std::max(change.old_size_bytes, change.new_size_bytes));
    auto units =
        std::ranges::find(record.replay_units, action.table->name(), &ReplayUnits::table_name);
    if (units == record.replay_units.end()) {
      units = record.replay_units.insert(units, {.table_name = action.table->name()});
    }
    units->read_units += static_cast<std::uint64_t>(read_units);
  }

  // A conflict is the reason of the action whose key it is over. Where the store cannot tell the
  // key, no action is known to be free of it. Over the token's key it is the same request, running.
  ApiError FailureOf(const Status& status) const {
    if (status.code() != StatusCode::kConflict) return ToApiError(status);
    const std::size_t action_count = write_.actions.size();
    const std::optional<std::size_t> key = status.key_index();
    GRAMME_CHECK(!key || *key < keys_.size(), "a conflict over a key of the Update");
    if (key == action_count) {
      return Error(ErrorCode::kTransactionInProgressException,
                   "The transaction with the given request token is already in progress.")
          .error();
    }
    const CancellationReason conflict = {
        .code = "TransactionConflict", .message = ToApiError(status).message, .item = std::nullopt};
    if (!key) return TransactionCanceled({action_count, conflict});
    std::vector<CancellationReason> reasons(action_count);
    reasons[*key] = conflict;
    return TransactionCanceled(std::move(reasons));
  }

  // The planted bugs: index entries, log records, or the token, that a crash can separate from the
  // items.
  void WriteApart(Store& store, const UpdateOptions& options) {
    if (apart_.empty()) return;
    static_cast<void>(store.Update(
        keys_, guards_, options,
        [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> { return apart_; }));
  }

  // The planted bug: what condition checks see was read before the step that writes.
  void ReadChecksApart(Store& store, ReadTier tier) {
    for (std::size_t i = 0; i < write_.actions.size(); ++i) {
      if (write_.actions[i].kind != WriteKind::kConditionCheck) continue;
      std::optional<std::string>& checked = checked_[i];
      static_cast<void>(
          store.Read(keys_[i], tier, [&](std::string_view value) { checked.emplace(value); }));
    }
  }

  const TransactionWrite& write_;
  std::vector<Key> keys_;  // of the actions in order, then the token's
  std::vector<Guard> guards_;
  TransactionOutcome outcome_{.result = {}};
  WriteBatch apart_;
  std::map<std::size_t, std::optional<std::string>> checked_;  // empty, but for the planted bug
};

}  // namespace

TransactionOutcome RunTransaction(Store& store, ReadTier tier, const TransactionWrite& write) {
  return TransactionRun(write).Run(store, tier);
}

Result<void> CheckTransactionKeys(const Store& store, const std::vector<Key>& keys) {
  std::set<std::reference_wrapper<const Key>, std::less<Key>> distinct;
  for (const Key& key : keys) {
    if (!distinct.insert(key).second) {
      return ValidationError("Transaction request cannot include multiple operations on one item");
    }
    if (store.GroupOf(key) != store.GroupOf(keys.front())) {
      return ValidationError("Transaction request cannot include items of different groups");
    }
  }
  return {};
}

ApiError TransactionCanceled(std::vector<CancellationReason> reasons) {
  std::string message =
      "Transaction cancelled, please refer cancellation reasons for specific reasons [";
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (i > 0) message += ", ";
    message += reasons[i].code;
  }
  message += ']';
  return {.code = ErrorCode::kTransactionCanceledException,
          .message = std::move(message),
          .item = std::nullopt,
          .cancellation_reasons = std::move(reasons)};
}

std::optional<CancellationReason> ReasonOf(const ApiError& error) {
  if (error.code == ErrorCode::kConditionalCheckFailedException) {
    return CancellationReason{
        .code = "ConditionalCheckFailed", .message = error.message, .item = error.item};
  }
  // An empty key value is the request's fault, wherever it comes to light.
  constexpr std::string_view kAboutEmptyKey = "One or more parameter values are not valid. ";
  if (error.code == ErrorCode::kValidationException && !error.message.starts_with(kAboutEmptyKey)) {
    return CancellationReason{
        .code = "ValidationError", .message = error.message, .item = std::nullopt};
  }
  return std::nullopt;
}

}  // namespace gramme
