// UpdateTable changes one thing about a table: its capacity, its deletion protection, its stream,
// or one global secondary index, which a job builds (table/index/index_backfill.h) or drops
// (index_drop.h).

#ifndef GRAMME_API_TABLE_UPDATE_TABLE_H_
#define GRAMME_API_TABLE_UPDATE_TABLE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"

namespace gramme {

struct UpdateGlobalSecondaryIndexAction {
  std::string index_name;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateGlobalSecondaryIndexAction& action) {
  visit.Member("IndexName", action.index_name,
               {.required = true, .length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("ProvisionedThroughput", action.provisioned_throughput, {});
  visit.Member("OnDemandThroughput", action.on_demand_throughput, {});
  visit.Unserved("WarmThroughput", {.why = "warm throughput is not served"});
}

struct DeleteGlobalSecondaryIndexAction {
  std::string index_name;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteGlobalSecondaryIndexAction& action) {
  visit.Member("IndexName", action.index_name,
               {.required = true, .length_min = 3, .length_max = 255, .pattern = kNamePattern});
}

// Has the members of an index of CreateTable, and a name of its own in messages.
struct CreateGlobalSecondaryIndexAction : GlobalSecondaryIndexShape {};

// Exactly one of the three.
struct GlobalSecondaryIndexUpdate {
  std::optional<UpdateGlobalSecondaryIndexAction> update;
  std::optional<CreateGlobalSecondaryIndexAction> create;
  std::optional<DeleteGlobalSecondaryIndexAction> remove;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, GlobalSecondaryIndexUpdate& update) {
  visit.Member("Update", update.update, {});
  visit.Member("Create", update.create, {});
  visit.Member("Delete", update.remove, {});
}

struct UpdateTableRequest {
  std::optional<std::vector<AttributeDefinition>> attribute_definitions;
  std::string table_name;
  std::optional<BillingMode> billing_mode;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<std::vector<GlobalSecondaryIndexUpdate>> global_secondary_index_updates;
  std::optional<StreamSpecification> stream_specification;
  std::optional<bool> deletion_protection_enabled;
  std::optional<OnDemandThroughput> on_demand_throughput;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateTableRequest& request) {
  visit.Member("AttributeDefinitions", request.attribute_definitions, {});
  visit.Member(
      "TableName", request.table_name,
      {.required = true, .length_min = 1, .length_max = 1024, .absence = kTableNameAbsence});
  visit.Member("BillingMode", request.billing_mode, {});
  visit.Member("ProvisionedThroughput", request.provisioned_throughput, {});
  visit.Member("GlobalSecondaryIndexUpdates", request.global_secondary_index_updates, {});
  visit.Member("StreamSpecification", request.stream_specification, {});
  visit.Unserved("SSESpecification",
                 {.why = "encryption keys are not served", .harmless_member = "Enabled"});
  visit.Unserved("ReplicaUpdates", {.why = "global tables are not served"});
  visit.Unserved("TableClass",
                 {.why = "the only table class is STANDARD", .harmless_text = "STANDARD"});
  visit.Member("DeletionProtectionEnabled", request.deletion_protection_enabled, {});
  visit.Unserved("MultiRegionConsistency", {.why = "global tables are not served"});
  visit.Unserved("GlobalTableWitnessUpdates", {.why = "global tables are not served"});
  visit.Member("OnDemandThroughput", request.on_demand_throughput, {});
  visit.Unserved("WarmThroughput", {.why = "warm throughput is not served"});
  visit.Unserved("GlobalTableSettingsReplicationMode", {.why = "global tables are not served"});
  visit.Unserved("VectorIndexUpdates", {.why = "vector indexes are not served"});
}

struct UpdateTableResponse {
  TableDescriptionShape table_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateTableResponse& response) {
  visit.Member("TableDescription", response.table_description, {});
}

struct UpdateTable {
  static constexpr std::string_view kName = "UpdateTable";
  static constexpr Start kStart = Start::kPool;
  using Request = UpdateTableRequest;
  using Response = UpdateTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TABLE_UPDATE_TABLE_H_
