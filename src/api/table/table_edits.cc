#include "api/table/table_edits.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/table/create_table.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "model/limits.h"

namespace gramme {
namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

IndexDescription* FindGlobalIndex(TableDescription& table, std::string_view name) {
  for (IndexDescription& index : table.indexes) {
    if (index.is_global && index.name == name) return &index;
  }
  return nullptr;
}

std::unexpected<ApiError> IndexNotFound(std::string_view name) {
  return Error(ErrorCode::kResourceNotFoundException,
               fmt::format("Requested resource not found: Index: {} not found", name));
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
    const bool is_first =
        !history.last_decrease || day(*history.last_decrease) != day(now);
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
  if (index == nullptr) return IndexNotFound(action.index_name);
  if (!action.provisioned_throughput && !action.on_demand_throughput) {
    return ValidationError(std::string(kInvalid) +
                           "Update of a global secondary index needs ProvisionedThroughput or "
                           "OnDemandThroughput: " +
                           action.index_name);
  }
  GRAMME_RETURN_IF_ERROR(ValidateThroughput(
      table.billing_mode,
      action.provisioned_throughput || table.billing_mode == BillingMode::kPayPerRequest
          ? action.provisioned_throughput
          : std::optional(index->provisioned_throughput),
      action.on_demand_throughput, index->name));
  if (action.provisioned_throughput) {
    if (!mode_changes) {
      GRAMME_RETURN_IF_ERROR(RefuseSameThroughput(*action.provisioned_throughput,
                                                  index->provisioned_throughput,
                                                  "index " + index->name));
    }
    SetThroughput(*action.provisioned_throughput, now, index->provisioned_throughput,
                  index->throughput_history);
  }
  if (action.on_demand_throughput) index->on_demand_throughput = action.on_demand_throughput;
  return {};
}

Result<void> RequireThroughputOfIndexes(const TableDescription& table) {
  for (const IndexDescription& index : table.indexes) {
    if (index.is_global && index.provisioned_throughput.read_capacity_units == 0) {
      return ValidationError(std::string(kInvalid) +
                             "ProvisionedThroughput is not specified for index: " + index.name);
    }
  }
  return {};
}

}  // namespace

Result<void> EditCapacity(const UpdateTableRequest& request, WallTime now,
                          TableDescription& table) {
  const BillingMode mode = request.billing_mode.value_or(table.billing_mode);
  const bool mode_changes = mode != table.billing_mode;
  const bool keeps_throughput =
      mode == BillingMode::kProvisioned && !mode_changes && !request.provisioned_throughput;
  if (mode_changes && mode == BillingMode::kProvisioned && !request.provisioned_throughput) {
    return ValidationError(
        std::string(kInvalid) +
        "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  GRAMME_RETURN_IF_ERROR(ValidateThroughput(
      mode,
      keeps_throughput ? std::optional(table.provisioned_throughput)
                       : request.provisioned_throughput,
      request.on_demand_throughput));
  if (request.provisioned_throughput && !mode_changes && !request.global_secondary_index_updates) {
    GRAMME_RETURN_IF_ERROR(RefuseSameThroughput(*request.provisioned_throughput,
                                                table.provisioned_throughput, "table"));
  }
  SetBillingMode(mode, now, table);
  if (request.provisioned_throughput) {
    SetThroughput(*request.provisioned_throughput, now, table.provisioned_throughput,
                  table.throughput_history);
  }
  if (request.on_demand_throughput) table.on_demand_throughput = request.on_demand_throughput;
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
    return Error(ErrorCode::kLimitExceededException,
                 fmt::format("Subscriber limit exceeded: GlobalSecondaryIndex count exceeds the "
                             "per-table limit of {}",
                             kGlobalSecondaryIndexCountMax));
  }
  if (shape.projection.non_key_attributes) {
    non_key_attribute_count += shape.projection.non_key_attributes->size();
  }
  GRAMME_RETURN_IF_ERROR(ValidateNonKeyAttributeCount(non_key_attribute_count));
  std::vector<AttributeDefinition> definitions = table.attribute_definitions;
  for (const AttributeDefinition& given :
       request.attribute_definitions.value_or(std::vector<AttributeDefinition>())) {
    const auto known =
        std::ranges::find(definitions, given.attribute_name, &AttributeDefinition::attribute_name);
    if (known == definitions.end()) {
      definitions.push_back(given);
    } else if (known->attribute_type != given.attribute_type) {
      return ValidationError(std::string(kInvalid) +
                             "Attribute type of an existing key attribute cannot change: " +
                             given.attribute_name);
    }
  }
  GRAMME_RETURN_IF_ERROR(ValidateGlobalIndex(shape, table.billing_mode, definitions));
  std::vector<const KeySchema*> schemas = {&table.key_schema, &shape.key_schema};
  for (const IndexDescription& index : table.indexes) schemas.push_back(&index.key_schema);
  GRAMME_RETURN_IF_ERROR(ValidateAttributeUse(definitions, schemas));
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
  if (index == nullptr) return IndexNotFound(index_name);
  index->status = IndexStatus::kDeleting;
  index->backfilling = false;
  table.status = TableStatus::kUpdating;
  return {};
}

}  // namespace gramme
