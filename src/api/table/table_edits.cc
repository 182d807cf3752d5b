#include "api/table/table_edits.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/table/create_table.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "model/limits.h"

namespace gramme {
namespace {

IndexDescription* FindGlobalIndex(TableDescription& table, std::string_view name) {
  for (IndexDescription& index : table.indexes) {
    if (index.is_global && index.name == name) return &index;
  }
  return nullptr;
}

// Why there is no global index of the name, which `verb` was to happen to.
std::unexpected<ApiError> NoGlobalIndex(const TableDescription& table, std::string_view name,
                                        std::string_view verb) {
  if (table.FindIndex(name) != nullptr) {
    return ValidationError(
        fmt::format("Cannot {} an index that is not a GlobalSecondaryIndex: {}", verb, name));
  }
  return Error(
      ErrorCode::kResourceNotFoundException,
      fmt::format("Requested resource not found: Index {} for table {}", name, table.name));
}

std::unexpected<ApiError> InUse(std::string text) {
  return Error(ErrorCode::kResourceInUseException,
               "Attempt to change a resource which is still in use: " + std::move(text));
}

// What is to be set; -1 sets nothing.
std::optional<std::int64_t> MaximumOf(const std::optional<std::int64_t>& wanted) {
  return wanted == -1 ? std::nullopt : wanted;
}

std::optional<OnDemandThroughput> MaximaOf(const std::optional<OnDemandThroughput>& wanted) {
  if (!wanted) return std::nullopt;
  return OnDemandThroughput{.max_read_request_units = MaximumOf(wanted->max_read_request_units),
                            .max_write_request_units = MaximumOf(wanted->max_write_request_units)};
}

// Member by member; -1 takes a maximum away.
void SetMaxima(const OnDemandThroughput& wanted, std::optional<OnDemandThroughput>& maxima) {
  OnDemandThroughput merged = maxima.value_or(OnDemandThroughput());
  if (wanted.max_read_request_units) {
    merged.max_read_request_units = MaximumOf(wanted.max_read_request_units);
  }
  if (wanted.max_write_request_units) {
    merged.max_write_request_units = MaximumOf(wanted.max_write_request_units);
  }
  maxima.reset();
  if (merged != OnDemandThroughput()) maxima = merged;
}

void SetThroughput(const ProvisionedThroughput& wanted, WallTime now,
                   ProvisionedThroughput& throughput, ThroughputHistory& history) {
  const bool increases = wanted.read_capacity_units > throughput.read_capacity_units ||
                         wanted.write_capacity_units > throughput.write_capacity_units;
  const bool decreases = wanted.read_capacity_units < throughput.read_capacity_units ||
                         wanted.write_capacity_units < throughput.write_capacity_units;
  if (increases) history.last_increase = now;
  if (decreases) {
    const auto day = [](WallTime time) { return std::chrono::floor<std::chrono::days>(time); };
    const bool is_first = !history.last_decrease || day(*history.last_decrease) != day(now);
    history.decreases_today = is_first ? 1 : history.decreases_today + 1;
    history.last_decrease = now;
  }
  throughput = wanted;
}

Result<void> RefuseSameThroughput(const ProvisionedThroughput& wanted,
                                  const ProvisionedThroughput& current, std::string_view what) {
  if (wanted != current) return {};
  return ValidationError(fmt::format(
      "The provisioned throughput for the {0} will not change. The requested value equals the "
      "current value. Current ReadCapacityUnits provisioned for the {0}: {1}. Requested "
      "ReadCapacityUnits: {1}. Current WriteCapacityUnits provisioned for the {0}: {2}. Requested "
      "WriteCapacityUnits: {2}. Refer to the Amazon DynamoDB Developer Guide for current limits "
      "and how to request higher limits.",
      what, wanted.read_capacity_units, wanted.write_capacity_units));
}

// The new mode of the table and its indexes; throughput of the old mode is forgotten.
void SetBillingMode(BillingMode mode, WallTime now, TableDescription& table) {
  if (mode == table.billing_mode) return;
  table.billing_mode = mode;
  table.billing_mode_given = true;
  if (mode == BillingMode::kPayPerRequest) {
    table.last_update_to_pay_per_request = now;
    table.provisioned_throughput = {};
    for (IndexDescription& index : table.indexes) index.provisioned_throughput = {};
  } else {
    table.on_demand_throughput.reset();
    for (IndexDescription& index : table.indexes) index.on_demand_throughput.reset();
  }
}

Result<void> EditIndexCapacity(const UpdateGlobalSecondaryIndexAction& action, bool mode_changes,
                               WallTime now, TableDescription& table) {
  IndexDescription* index = FindGlobalIndex(table, action.index_name);
  if (index == nullptr) return NoGlobalIndex(table, action.index_name, "update");
  if (index->status == IndexStatus::kDeleting) {
    return InUse(
        fmt::format("Index is being deleted. Table: {} Index: {}", table.name, index->name));
  }
  if (action.provisioned_throughput && table.billing_mode == BillingMode::kPayPerRequest) {
    return InvalidParameters(
        fmt::format("The only Updates for index: {} when TableThroughputMode is PAY_PER_REQUEST "
                    "can be to OnDemandThroughput, WarmThroughput",
                    index->name));
  }
  if (!action.provisioned_throughput && !action.on_demand_throughput) {
    return InvalidParameters(
        "Update of a global secondary index needs ProvisionedThroughput or "
        "OnDemandThroughput: " +
        action.index_name);
  }
  GRAMME_RETURN_IF_ERROR(ValidateThroughput(
      table.billing_mode,
      action.provisioned_throughput || table.billing_mode == BillingMode::kPayPerRequest
          ? action.provisioned_throughput
          : std::optional(index->provisioned_throughput),
      MaximaOf(action.on_demand_throughput), index->name));
  if (action.provisioned_throughput) {
    if (!mode_changes) {
      GRAMME_RETURN_IF_ERROR(RefuseSameThroughput(
          *action.provisioned_throughput, index->provisioned_throughput, "index " + index->name));
    }
    SetThroughput(*action.provisioned_throughput, now, index->provisioned_throughput,
                  index->throughput_history);
  }
  if (action.on_demand_throughput) {
    SetMaxima(*action.on_demand_throughput, index->on_demand_throughput);
  }
  return {};
}

Result<void> RequireThroughputOfIndexes(const TableDescription& table) {
  for (const IndexDescription& index : table.indexes) {
    if (index.is_global && index.provisioned_throughput.read_capacity_units == 0) {
      return InvalidParameters("ProvisionedThroughput must be specified for index: " + index.name);
    }
  }
  return {};
}

// Throughput of the table waits until an index is gone.
Result<void> RefuseBesideDeletion(const UpdateTableRequest& request,
                                  const TableDescription& table) {
  const bool changes_mode = request.billing_mode && *request.billing_mode != table.billing_mode;
  if (!changes_mode && !request.provisioned_throughput && !request.on_demand_throughput) return {};
  for (const IndexDescription& index : table.indexes) {
    if (index.status != IndexStatus::kDeleting) continue;
    if (request.on_demand_throughput) {
      return InUse(
          fmt::format("OnDemandThroughput cannot be updated while index deletion is in "
                      "progress for indexes: [{}]",
                      index.name));
    }
    return InUse(
        fmt::format("Can't change table IOPS when an index is being deleted. Table: {} "
                    "Indexes: [{}]",
                    table.name, index.name));
  }
  return {};
}

// Throughput of an index that is added: DynamoDB's texts are not those of CreateTable.
Result<void> ValidateNewIndexThroughput(const GlobalSecondaryIndexShape& index,
                                        BillingMode billing_mode) {
  const bool is_provisioned = billing_mode == BillingMode::kProvisioned;
  if (is_provisioned && !index.provisioned_throughput) {
    return InvalidParameters(
        fmt::format("Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: "
                    "{}",
                    index.index_name));
  }
  if (!is_provisioned && index.provisioned_throughput) {
    return InvalidParameters(
        fmt::format("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for "
                    "index: {} when BillingMode is PAY_PER_REQUEST",
                    index.index_name));
  }
  return ValidateThroughput(billing_mode, index.provisioned_throughput, index.on_demand_throughput,
                            index.index_name);
}

// Those of the table and, of the given ones, those that the new index needs. What is given for an
// attribute that is known has no effect, as what nobody uses.
std::vector<AttributeDefinition> DefinitionsWith(const GlobalSecondaryIndexShape& index,
                                                 const std::vector<AttributeDefinition>& given,
                                                 const TableDescription& table) {
  std::vector<AttributeDefinition> definitions = table.attribute_definitions;
  for (const KeySchemaElement& element : index.key_schema) {
    const auto& name = element.attribute_name;
    const auto find = [&](const std::vector<AttributeDefinition>& list) {
      return std::ranges::find(list, name, &AttributeDefinition::attribute_name);
    };
    if (find(definitions) == definitions.end()) definitions.push_back(*find(given));
  }
  return definitions;
}

}  // namespace

Result<void> EditCapacity(const UpdateTableRequest& request, WallTime now,
                          TableDescription& table) {
  GRAMME_RETURN_IF_ERROR(RefuseBesideDeletion(request, table));
  const BillingMode mode = request.billing_mode.value_or(table.billing_mode);
  const bool mode_changes = mode != table.billing_mode;
  const bool keeps_throughput =
      mode == BillingMode::kProvisioned && !request.billing_mode && !request.provisioned_throughput;
  if (request.billing_mode == BillingMode::kProvisioned && !request.provisioned_throughput) {
    return InvalidParameters(
        "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  GRAMME_RETURN_IF_ERROR(ValidateThroughput(mode,
                                            keeps_throughput
                                                ? std::optional(table.provisioned_throughput)
                                                : request.provisioned_throughput,
                                            MaximaOf(request.on_demand_throughput)));
  if (request.provisioned_throughput && !mode_changes && !request.global_secondary_index_updates) {
    GRAMME_RETURN_IF_ERROR(RefuseSameThroughput(*request.provisioned_throughput,
                                                table.provisioned_throughput, "table"));
  }
  SetBillingMode(mode, now, table);
  if (request.provisioned_throughput) {
    SetThroughput(*request.provisioned_throughput, now, table.provisioned_throughput,
                  table.throughput_history);
  }
  if (request.on_demand_throughput) {
    SetMaxima(*request.on_demand_throughput, table.on_demand_throughput);
  }
  if (request.global_secondary_index_updates) {
    for (const GlobalSecondaryIndexUpdate& update : *request.global_secondary_index_updates) {
      if (!update.update) continue;
      GRAMME_RETURN_IF_ERROR(EditIndexCapacity(*update.update, mode_changes, now, table));
    }
  }
  return mode == BillingMode::kProvisioned && mode_changes ? RequireThroughputOfIndexes(table)
                                                           : Result<void>();
}

Result<void> AddIndex(const UpdateTableRequest& request, const GlobalSecondaryIndexShape& shape,
                      std::uint64_t keyspace, TableDescription& table) {
  std::size_t global_count = 0;
  std::size_t non_key_attribute_count = 0;
  for (const IndexDescription& index : table.indexes) {
    if (index.name == shape.index_name) {
      return ValidationError("Attempting to create an index which already exists");
    }
    global_count += index.is_global ? 1 : 0;
    non_key_attribute_count += index.projection.non_key_attributes.size();
  }
  if (global_count >= kGlobalSecondaryIndexCountMax) {
    return Error(
        ErrorCode::kLimitExceededException,
        fmt::format("Subscriber limit exceeded: Number of global secondary indexes exceeds "
                    "per-table limit of {}",
                    kGlobalSecondaryIndexCountMax));
  }
  if (shape.projection.non_key_attributes) {
    non_key_attribute_count += shape.projection.non_key_attributes->size();
  }
  GRAMME_RETURN_IF_ERROR(ValidateNonKeyAttributeCount(non_key_attribute_count));
  GRAMME_RETURN_IF_ERROR(ValidateNewIndexThroughput(shape, table.billing_mode));
  std::vector<AttributeDefinition> definitions =
      DefinitionsWith(shape, *request.attribute_definitions, table);
  IndexDescription index = GlobalIndexOf(shape);
  index.status = IndexStatus::kCreating;
  index.backfilling = true;
  index.keyspace = keyspace;
  table.indexes.push_back(std::move(index));
  table.attribute_definitions = std::move(definitions);
  table.status = TableStatus::kUpdating;
  return {};
}

Result<void> MarkIndexDeleted(std::string_view index_name, TableDescription& table) {
  IndexDescription* index = FindGlobalIndex(table, index_name);
  if (index == nullptr) return NoGlobalIndex(table, index_name, "delete");
  if (index->status == IndexStatus::kDeleting) {
    return InUse(
        fmt::format("Index is being deleted. Table: {} Index: {}", table.name, index_name));
  }
  index->status = IndexStatus::kDeleting;
  index->backfilling = false;
  table.status = TableStatus::kUpdating;
  return {};
}

}  // namespace gramme
