// CreateTable makes a new, empty table with its indexes.

#ifndef GRAMME_API_TABLE_CREATE_TABLE_H_
#define GRAMME_API_TABLE_CREATE_TABLE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/table/table_rules.h"
#include "api/table/table_shapes.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct CreateTableRequest {
  std::string table_name;
  std::optional<std::vector<AttributeDefinition>> attribute_definitions;
  std::optional<KeySchema> key_schema;
  std::optional<std::vector<LocalSecondaryIndexShape>> local_secondary_indexes;
  std::optional<std::vector<GlobalSecondaryIndexShape>> global_secondary_indexes;
  std::optional<BillingMode> billing_mode;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<StreamSpecification> stream_specification;
  std::optional<bool> deletion_protection_enabled;
  std::optional<std::vector<Tag>> tags;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, CreateTableRequest& request) {
  visit.Member("AttributeDefinitions", request.attribute_definitions, {});
  visit.Member(
      "TableName", request.table_name,
      {.required = true, .length_min = 1, .length_max = 1024, .absence = kTableNameAbsence});
  visit.Member("KeySchema", request.key_schema, {.length_min = 1});
  visit.Member("LocalSecondaryIndexes", request.local_secondary_indexes, {});
  visit.Member("GlobalSecondaryIndexes", request.global_secondary_indexes, {});
  visit.Member("BillingMode", request.billing_mode, {});
  visit.Member("ProvisionedThroughput", request.provisioned_throughput, {});
  visit.Member("StreamSpecification", request.stream_specification, {});
  visit.Unserved("SSESpecification",
                 {.why = "encryption keys are not served", .harmless_member = "Enabled"});
  visit.Member("Tags", request.tags, {});
  visit.Unserved("TableClass",
                 {.why = "the only table class is STANDARD", .harmless_text = "STANDARD"});
  visit.Member("DeletionProtectionEnabled", request.deletion_protection_enabled, {});
  visit.Unserved("WarmThroughput", {.why = "warm throughput is not served"});
  visit.Unserved("ResourcePolicy", {.why = "resource policies are not served"});
  visit.Member("OnDemandThroughput", request.on_demand_throughput, {});
  visit.Unserved("GlobalTableSourceArn", {.why = "global tables are not served"});
  visit.Unserved("GlobalTableSettingsReplicationMode", {.why = "global tables are not served"});
  visit.Unserved("VectorIndexes", {.why = "vector indexes are not served"});
}

// A new GSI as requested, ACTIVE, without a keyspace yet. Also for UpdateTable and restores.
IndexDescription GlobalIndexOf(const GlobalSecondaryIndexShape& index);

struct CreateTableResponse {
  TableDescriptionShape table_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, CreateTableResponse& response) {
  visit.Member("TableDescription", response.table_description, {});
}

struct CreateTable {
  static constexpr std::string_view kName = "CreateTable";
  static constexpr Start kStart = Start::kPool;
  using Request = CreateTableRequest;
  using Response = CreateTableResponse;
  using Plan = TableDefinition;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TABLE_CREATE_TABLE_H_
