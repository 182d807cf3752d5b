#include "api/table/table_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/result.h"
#include "model/arn.h"
#include "model/limits.h"

namespace gramme {
namespace {

constexpr std::int64_t kCapacityUnitsMax = 1'000'000'000'000;
constexpr std::size_t kTableNameLengthMin = 3;
constexpr std::size_t kTableNameLengthMax = 255;
// Of a GSI's key schema, each of HASH and RANGE.
constexpr std::ptrdiff_t kGlobalKeyPartCountMax = 4;

std::vector<std::string_view> NamesOf(const std::vector<AttributeDefinition>& definitions) {
  std::vector<std::string_view> names;
  for (const AttributeDefinition& definition : definitions) {
    names.push_back(definition.attribute_name);
  }
  return names;
}

bool IsDefined(const std::vector<AttributeDefinition>& definitions, std::string_view name) {
  return std::ranges::any_of(
      definitions, [&](const auto& definition) { return definition.attribute_name == name; });
}

Result<void> ValidateProjection(const ProjectionShape& projection) {
  if (!projection.projection_type) return InvalidParameters("Unknown ProjectionType: null");
  const bool is_include = *projection.projection_type == ProjectionType::kInclude;
  const auto& names = projection.non_key_attributes;
  if (!is_include && names) {
    return InvalidParameters(fmt::format("ProjectionType is {}, but NonKeyAttributes is specified",
                                         NameOf(*projection.projection_type)));
  }
  if (is_include && !names) {
    return InvalidParameters("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (!is_include) return {};
  std::set<std::string_view> distinct;
  for (const std::string& name : *names) {
    if (!distinct.insert(name).second) {
      return InvalidParameters("Duplicate element in NonKeyAttributes: " + name);
    }
  }
  return {};
}

constexpr std::string_view kNoDefinition =
    "Invalid KeySchema: Some index key attribute have no definition";

Result<void> ValidateIndexKeysDefined(const KeySchema& schema,
                                      const std::vector<AttributeDefinition>& definitions) {
  std::vector<std::string_view> keys;
  bool all_defined = true;
  for (const KeySchemaElement& element : schema) {
    keys.push_back(element.attribute_name);
    all_defined = all_defined && IsDefined(definitions, element.attribute_name);
  }
  if (all_defined) return {};
  return InvalidParameters(
      fmt::format("Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], "
                  "AttributeDefinitions: [{}]",
                  fmt::join(keys, ", "), fmt::join(NamesOf(definitions), ", ")));
}

// Of a table or a local index. The service model has no such bound any more, DynamoDB's words have.
Result<void> ValidateKeyCount(const KeySchema& schema, std::string_view path) {
  constexpr std::size_t kCountMax = 2;
  if (schema.size() <= kCountMax) return {};
  std::vector<std::string> elements;
  for (const KeySchemaElement& element : schema) {
    elements.push_back(fmt::format("KeySchemaElement(attributeName={}, keyType={})",
                                   element.attribute_name, NameOf(element.key_type)));
  }
  return ValidationError(fmt::format(
      "1 validation error detected: Value '[{}]' at '{}' failed to satisfy constraint: Member must "
      "have length less than or equal to {}",
      fmt::join(elements, ", "), path, kCountMax));
}

// Of a table or a local index, with the schema at `path` in the request.
Result<void> ValidateShortKeySchema(const KeySchema& schema, std::string_view path) {
  GRAMME_RETURN_IF_ERROR(ValidateKeyCount(schema, path));
  GRAMME_RETURN_IF_ERROR(ValidateKeySchema(schema));
  if (schema.size() == 2 && schema[1].key_type == KeyType::kHash) {
    return ValidationError(
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  return {};
}

// Their lists are not empty and their keys are defined: what is looked at first.
Result<void> ValidateIndexDefinitions(const TableDefinition& table) {
  if (table.local_secondary_indexes) {
    if (table.local_secondary_indexes->empty()) {
      return InvalidParameters("List of LocalSecondaryIndexes is empty");
    }
    if (table.key_schema.size() < 2) {
      return InvalidParameters(
          "Table KeySchema does not have a range key, which is required when specifying a "
          "LocalSecondaryIndex");
    }
    for (const LocalSecondaryIndexShape& index : *table.local_secondary_indexes) {
      GRAMME_RETURN_IF_ERROR(
          ValidateIndexKeysDefined(index.key_schema, table.attribute_definitions));
    }
  }
  if (table.global_secondary_indexes) {
    if (table.global_secondary_indexes->empty()) {
      return InvalidParameters("List of GlobalSecondaryIndexes is empty");
    }
    for (const GlobalSecondaryIndexShape& index : *table.global_secondary_indexes) {
      GRAMME_RETURN_IF_ERROR(
          ValidateIndexKeysDefined(index.key_schema, table.attribute_definitions));
    }
  }
  return {};
}

Result<void> ValidateLocalIndexes(const TableDefinition& table) {
  if (!table.local_secondary_indexes) return {};
  int member = 0;
  for (const LocalSecondaryIndexShape& index : *table.local_secondary_indexes) {
    GRAMME_RETURN_IF_ERROR(ValidateShortKeySchema(
        index.key_schema, fmt::format("localSecondaryIndexes.{}.member.keySchema", ++member)));
    if (index.key_schema.size() < 2) {
      return InvalidParameters("Index KeySchema does not have a range key for index: " +
                               index.index_name);
    }
    const std::string& hash_key = index.key_schema[0].attribute_name;
    const std::string& table_key = table.key_schema[0].attribute_name;
    if (hash_key != table_key) {
      return InvalidParameters(fmt::format(
          "Index KeySchema does not have the same leading hash key as table KeySchema for index: "
          "{}. index hash key: {}, table hash key: {}",
          index.index_name, hash_key, table_key));
    }
    GRAMME_RETURN_IF_ERROR(ValidateProjection(index.projection));
  }
  if (table.local_secondary_indexes->size() > kLocalSecondaryIndexCountMax) {
    return InvalidParameters(
        fmt::format("Number of LocalSecondaryIndexes exceeds per-table limit of {}",
                    kLocalSecondaryIndexCountMax));
  }
  return {};
}

Result<void> ValidateGlobalIndexes(const TableDefinition& table) {
  if (!table.global_secondary_indexes) return {};
  for (const GlobalSecondaryIndexShape& index : *table.global_secondary_indexes) {
    GRAMME_RETURN_IF_ERROR(ValidateGlobalIndex(index));
    if (table.billing_mode == BillingMode::kProvisioned && !index.provisioned_throughput) {
      return InvalidParameters("ProvisionedThroughput is not specified for index: " +
                               index.index_name);
    }
    if (table.billing_mode == BillingMode::kPayPerRequest && index.provisioned_throughput) {
      return InvalidParameters("ProvisionedThroughput should not be specified for index: " +
                               index.index_name + " when BillingMode is PAY_PER_REQUEST");
    }
    GRAMME_RETURN_IF_ERROR(ValidateThroughput(table.billing_mode, index.provisioned_throughput,
                                              index.on_demand_throughput, index.index_name));
  }
  if (table.global_secondary_indexes->size() > kGlobalSecondaryIndexCountMax) {
    return InvalidParameters(
        fmt::format("GlobalSecondaryIndex count exceeds the per-table limit of {}",
                    kGlobalSecondaryIndexCountMax));
  }
  return {};
}

Result<void> ValidateIndexNamesAndProjections(const TableDefinition& table) {
  std::set<std::string_view> names;
  std::size_t non_key_attribute_count = 0;
  const auto check_all = [&](const auto& indexes) -> Result<void> {
    if (!indexes) return {};
    for (const auto& index : *indexes) {
      if (!names.insert(index.index_name).second) {
        return InvalidParameters("Duplicate index name: " + index.index_name);
      }
      if (const auto& included = index.projection.non_key_attributes) {
        non_key_attribute_count += included->size();
      }
    }
    return {};
  };
  GRAMME_RETURN_IF_ERROR(check_all(table.local_secondary_indexes));
  GRAMME_RETURN_IF_ERROR(check_all(table.global_secondary_indexes));
  return ValidateNonKeyAttributeCount(non_key_attribute_count);
}

std::vector<const KeySchema*> SchemasOf(const TableDefinition& table) {
  std::vector<const KeySchema*> schemas = {&table.key_schema};
  if (table.local_secondary_indexes) {
    for (const auto& index : *table.local_secondary_indexes) schemas.push_back(&index.key_schema);
  }
  if (table.global_secondary_indexes) {
    for (const auto& index : *table.global_secondary_indexes) schemas.push_back(&index.key_schema);
  }
  return schemas;
}

// Of the table's own schema. DynamoDB counts first, and has a text of its own for that.
Result<void> ValidateTableKeysDefined(const TableDefinition& table) {
  if (table.key_schema.size() > table.attribute_definitions.size()) {
    return ValidationError(std::string(kNoDefinition));
  }
  return ValidateIndexKeysDefined(table.key_schema, table.attribute_definitions);
}

Result<void> ValidateUnits(std::int64_t units, std::string_view name, std::string_view index_name) {
  if (units <= kCapacityUnitsMax) return {};
  return ValidationError(fmt::format("Given value {} for {} is out of bounds{}{}", units, name,
                                     index_name.empty() ? "" : " for index ", index_name));
}

Result<void> ValidateMaximum(BillingMode billing_mode, const std::optional<std::int64_t>& units,
                             std::string_view name, std::string_view index_name) {
  if (!units) return {};
  if (billing_mode == BillingMode::kProvisioned) {
    return InvalidParameters(fmt::format(
        "{} for OnDemandThroughput{}{} cannot be specified when table BillingMode is PROVISIONED.",
        name, index_name.empty() ? "" : " for index: ", index_name));
  }
  if (*units >= 1 && *units <= kCapacityUnitsMax) return {};
  return InvalidParameters(
      fmt::format("Requested {} for OnDemandThroughput for {}{} is outside of valid range", name,
                  index_name.empty() ? "table" : "index : ", index_name));
}

}  // namespace

Result<void> ValidateTableDefinition(const TableDefinition& table) {
  GRAMME_RETURN_IF_ERROR(ValidateThroughput(table.billing_mode, table.provisioned_throughput,
                                            table.on_demand_throughput));
  if (table.key_schema.empty()) {
    return InvalidParameters("Some index key attribute have no definition");
  }
  GRAMME_RETURN_IF_ERROR(ValidateKeyCount(table.key_schema, "keySchema"));
  GRAMME_RETURN_IF_ERROR(ValidateTableKeysDefined(table));
  GRAMME_RETURN_IF_ERROR(ValidateShortKeySchema(table.key_schema, "keySchema"));
  std::set<std::string_view> names;
  for (const AttributeDefinition& definition : table.attribute_definitions) {
    if (!names.insert(definition.attribute_name).second) {
      return ValidationError("Attribute Name is duplicated: " + definition.attribute_name);
    }
  }
  GRAMME_RETURN_IF_ERROR(ValidateIndexDefinitions(table));
  GRAMME_RETURN_IF_ERROR(ValidateAttributeUse(table.attribute_definitions, SchemasOf(table)));
  GRAMME_RETURN_IF_ERROR(ValidateLocalIndexes(table));
  GRAMME_RETURN_IF_ERROR(ValidateGlobalIndexes(table));
  return ValidateIndexNamesAndProjections(table);
}

Result<void> ValidateKeySchema(const KeySchema& schema) {
  std::set<std::string_view> names;
  for (const KeySchemaElement& element : schema) {
    if (!names.insert(element.attribute_name).second) {
      return ValidationError(
          schema.size() == 2
              ? "Both the Hash Key and the Range Key element in the KeySchema have the same name"
              : "The KeySchema contains multiple key attributes with the same name");
    }
  }
  if (schema.empty() || schema[0].key_type != KeyType::kHash) {
    return ValidationError("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  return {};
}

Result<void> ValidateGlobalIndex(const GlobalSecondaryIndexShape& index) {
  const KeySchema& schema = index.key_schema;
  GRAMME_RETURN_IF_ERROR(ValidateKeySchema(schema));
  if (!std::ranges::is_sorted(schema, {}, &KeySchemaElement::key_type)) {
    return InvalidParameters(
        "All HASH key attributes must precede RANGE key attributes in the KeySchema");
  }
  const auto hash_count = std::ranges::count(schema, KeyType::kHash, &KeySchemaElement::key_type);
  const auto range_count = std::ssize(schema) - hash_count;
  if (hash_count > kGlobalKeyPartCountMax || range_count > kGlobalKeyPartCountMax) {
    return InvalidParameters(
        fmt::format("The KeySchema exceeds the maximum allowed number of {} key attributes",
                    hash_count > kGlobalKeyPartCountMax ? "HASH" : "RANGE"));
  }
  return ValidateProjection(index.projection);
}

Result<void> ValidateNewIndexKeys(const GlobalSecondaryIndexShape& index,
                                  const std::vector<AttributeDefinition>& definitions) {
  if (index.key_schema.size() > definitions.size()) {
    return ValidationError(std::string(kNoDefinition));
  }
  return ValidateIndexKeysDefined(index.key_schema, definitions);
}

Result<void> ValidateAttributeUse(const std::vector<AttributeDefinition>& definitions,
                                  const std::vector<const KeySchema*>& schemas) {
  std::set<std::string_view> used;
  for (const KeySchema* schema : schemas) {
    for (const KeySchemaElement& element : *schema) used.insert(element.attribute_name);
  }
  const bool all_used = std::ranges::all_of(definitions, [&](const auto& definition) {
    return used.contains(definition.attribute_name);
  });
  if (all_used) return {};
  if (schemas.size() == 1) {
    return InvalidParameters(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  }
  return InvalidParameters(fmt::format(
      "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
      fmt::join(NamesOf(definitions), ", "), fmt::join(used, ", ")));
}

Result<void> ValidateThroughput(BillingMode billing_mode,
                                const std::optional<ProvisionedThroughput>& provisioned,
                                const std::optional<OnDemandThroughput>& on_demand,
                                std::string_view index_name) {
  if (billing_mode == BillingMode::kPayPerRequest && provisioned) {
    return InvalidParameters(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (on_demand) {
    GRAMME_RETURN_IF_ERROR(ValidateMaximum(billing_mode, on_demand->max_read_request_units,
                                           "MaxReadRequestUnits", index_name));
    GRAMME_RETURN_IF_ERROR(ValidateMaximum(billing_mode, on_demand->max_write_request_units,
                                           "MaxWriteRequestUnits", index_name));
  }
  if (billing_mode == BillingMode::kPayPerRequest) return {};
  if (!provisioned) {
    return InvalidParameters(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
        "PROVISIONED");
  }
  GRAMME_RETURN_IF_ERROR(
      ValidateUnits(provisioned->read_capacity_units, "ReadCapacityUnits", index_name));
  return ValidateUnits(provisioned->write_capacity_units, "WriteCapacityUnits", index_name);
}

Result<void> ValidateNonKeyAttributeCount(std::size_t count) {
  if (count <= kNonKeyAttributeCountMax) return {};
  return InvalidParameters(fmt::format(
      "The total number of projected non-key attributes exceeds the per-table limit of {}",
      kNonKeyAttributeCountMax));
}

Result<void> ValidateTableNameOrArn(std::string_view name_or_arn) {
  if (LooksLikeArn(name_or_arn)) {
    const auto arn = ParseArn(name_or_arn);
    if (arn && arn->service == "dynamodb") return {};
    return InvalidParameters("Invalid table ARN: " + std::string(name_or_arn));
  }
  std::vector<std::string> violations;
  const auto add = [&](std::string_view constraint) {
    violations.push_back(fmt::format("Value '{}' at 'tableName' failed to satisfy constraint: {}",
                                     name_or_arn, constraint));
  };
  if (!IsNamePattern(name_or_arn)) {
    add(fmt::format("Member must satisfy regular expression pattern: {}", kNamePattern.text));
  }
  if (name_or_arn.size() < kTableNameLengthMin) {
    add(fmt::format("Member must have length greater than or equal to {}", kTableNameLengthMin));
  }
  if (name_or_arn.size() > kTableNameLengthMax) {
    add(fmt::format("Member must have length less than or equal to {}", kTableNameLengthMax));
  }
  if (violations.empty()) return {};
  return ValidationError(fmt::format("{} validation error{} detected: {}", violations.size(),
                                     violations.size() == 1 ? "" : "s",
                                     fmt::join(violations, "; ")));
}

bool IsBuildingIndex(const TableDescription& table) {
  const bool may_build =
      table.status == TableStatus::kActive || table.status == TableStatus::kUpdating;
  return may_build && std::ranges::any_of(table.indexes, [](const IndexDescription& index) {
           return index.status != IndexStatus::kActive;
         });
}

Result<void> CheckActive(const TableDescription& table) {
  if (table.status == TableStatus::kActive) return {};
  const std::string_view what = table.status == TableStatus::kCreating   ? "created"
                                : table.status == TableStatus::kDeleting ? "deleted"
                                                                         : "updated";
  return Error(ErrorCode::kResourceInUseException,
               fmt::format("Attempt to change a resource which is still in use: Table is being {}: "
                           "{}",
                           what, table.name));
}

ApiError TableNotFound(std::string_view name_or_arn) {
  const auto arn = ParseArn(name_or_arn);
  return Error(ErrorCode::kResourceNotFoundException,
               fmt::format("Requested resource not found: Table: {} not found",
                           arn ? arn->table_name : name_or_arn))
      .error();
}

Result<TableRef> FindSettledTable(std::string_view name_or_arn, const CatalogView& view) {
  TableRef table = view.Find(name_or_arn);
  if (table != nullptr && !IsBeingRestored(table->description())) return table;
  return std::unexpected(TableNotFound(name_or_arn));
}

}  // namespace gramme
