// DynamoDB's rules for the definition of a table and its indexes, as far as the request alone
// tells. Pure. Shared by CreateTable, UpdateTable, restores and later imports.

#ifndef GRAMME_API_TABLE_TABLE_RULES_H_
#define GRAMME_API_TABLE_TABLE_RULES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/table/table_shapes.h"
#include "model/api_error.h"
#include "table/catalog.h"

namespace gramme {

// What a table is to be, in the words of CreateTable.
struct TableDefinition {
  std::vector<AttributeDefinition> attribute_definitions;
  KeySchema key_schema;
  // None is not the same as an empty list, which is refused.
  std::optional<std::vector<LocalSecondaryIndexShape>> local_secondary_indexes;
  std::optional<std::vector<GlobalSecondaryIndexShape>> global_secondary_indexes;
  BillingMode billing_mode = BillingMode::kProvisioned;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
};

// All rules, in DynamoDB's order. Errors: ValidationException with its texts.
Result<void> ValidateTableDefinition(const TableDefinition& definition);

// Parts of it, for UpdateTable.
// Distinct names, the first of them a partition key.
Result<void> ValidateKeySchema(const KeySchema& schema);
// Its keys among themselves and its projection.
Result<void> ValidateGlobalIndex(const GlobalSecondaryIndexShape& index);
// `definitions` are those of the request that adds the index.
Result<void> ValidateNewIndexKeys(const GlobalSecondaryIndexShape& index,
                                  const std::vector<AttributeDefinition>& definitions);
// Every definition is used by a key of the table or an index, and every key attribute is defined.
Result<void> ValidateAttributeUse(const std::vector<AttributeDefinition>& definitions,
                                  const std::vector<const KeySchema*>& schemas);
Result<void> ValidateThroughput(BillingMode billing_mode,
                                const std::optional<ProvisionedThroughput>& provisioned,
                                const std::optional<OnDemandThroughput>& on_demand,
                                std::string_view index_name = {});
// 100 over all INCLUDE indexes of a table, duplicates counted twice.
Result<void> ValidateNonKeyAttributeCount(std::size_t count);

// A plain name of 3 to 255 characters, or an ARN.
Result<void> ValidateTableNameOrArn(std::string_view name_or_arn);
// Errors: ResourceInUseException where the table is being created, updated or deleted.
bool IsBuildingIndex(const TableDescription& table);
Result<void> CheckActive(const TableDescription& table);
// `Requested resource not found: Table: X not found`
ApiError TableNotFound(std::string_view name_or_arn);
// The table whose settings are asked for or changed. Errors: TableNotFound where it is absent or
// being restored.
Result<TableRef> FindSettledTable(std::string_view name_or_arn, const CatalogView& view);

}  // namespace gramme

#endif  // GRAMME_API_TABLE_TABLE_RULES_H_
