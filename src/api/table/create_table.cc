#include "api/table/create_table.h"

#include <utility>

#include "api/table/describe.h"
#include "api/table/stream_change.h"
#include "api/tag/tag_rules.h"
#include "base/result.h"
#include "model/arn.h"
#include "table/store_error.h"
#include "table/table_creation.h"

namespace gramme {
namespace {

Projection ProjectionOf(const ProjectionShape& shape) {
  return {.type = shape.projection_type.value_or(ProjectionType::kAll),
          .non_key_attributes = shape.non_key_attributes.value_or(std::vector<std::string>())};
}

TableDescription DescriptionOf(const CreateTableRequest& request,
                               const TableDefinition& definition) {
  TableDescription table;
  table.name = request.table_name;
  table.key_schema = definition.key_schema;
  table.attribute_definitions = definition.attribute_definitions;
  if (definition.local_secondary_indexes) {
    for (const LocalSecondaryIndexShape& index : *definition.local_secondary_indexes) {
      table.indexes.push_back({.name = index.index_name,
                               .key_schema = index.key_schema,
                               .projection = ProjectionOf(index.projection)});
    }
  }
  if (definition.global_secondary_indexes) {
    for (const GlobalSecondaryIndexShape& index : *definition.global_secondary_indexes) {
      table.indexes.push_back(GlobalIndexOf(index));
    }
  }
  table.billing_mode = definition.billing_mode;
  table.billing_mode_given = request.billing_mode.has_value();
  table.provisioned_throughput =
      definition.provisioned_throughput.value_or(ProvisionedThroughput());
  table.on_demand_throughput = definition.on_demand_throughput;
  table.deletion_protection_enabled = request.deletion_protection_enabled.value_or(false);
  for (const Tag& tag : request.tags.value_or(std::vector<Tag>())) table.tags[tag.key] = tag.value;
  return table;
}

}  // namespace

IndexDescription GlobalIndexOf(const GlobalSecondaryIndexShape& index) {
  return {.name = index.index_name,
          .key_schema = index.key_schema,
          .projection = ProjectionOf(index.projection),
          .is_global = true,
          .provisioned_throughput = index.provisioned_throughput.value_or(ProvisionedThroughput()),
          .on_demand_throughput = index.on_demand_throughput};
}

Result<TableDefinition> CreateTable::Validate(const CreateTableRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  if (LooksLikeArn(request.table_name)) {
    return ValidationError(
        "One or more parameter values were invalid: a new table takes a name, not an ARN");
  }
  TableDefinition definition = {
      .attribute_definitions =
          request.attribute_definitions.value_or(std::vector<AttributeDefinition>()),
      .key_schema = request.key_schema.value_or(KeySchema()),
      .local_secondary_indexes = request.local_secondary_indexes,
      .global_secondary_indexes = request.global_secondary_indexes,
      .billing_mode = request.billing_mode.value_or(BillingMode::kProvisioned),
      .provisioned_throughput = request.provisioned_throughput,
      .on_demand_throughput = request.on_demand_throughput};
  GRAMME_RETURN_IF_ERROR(ValidateTableDefinition(definition));
  GRAMME_RETURN_IF_ERROR(ValidateNewTableStream(request.stream_specification));
  if (request.tags) GRAMME_RETURN_IF_ERROR(ValidateTags(*request.tags));
  return definition;
}

std::vector<Access> CreateTable::Resources(const CreateTableRequest& request,
                                           const TableDefinition&) {
  std::vector<Access> access = {{.action = "CreateTable", .resource = request.table_name}};
  if (request.tags) access.push_back({.action = "TagResource", .resource = request.table_name});
  return access;
}

Result<CreateTableResponse> CreateTable::Run(const CreateTableRequest& request,
                                             const TableDefinition& definition,
                                             OperationContext& context) {
  Engine& engine = context.engine;
  // Only the edit itself decides; this spares the usual refusal its keyspaces.
  if (const TableRef known = context.catalog_view->Find(request.table_name)) {
    return std::unexpected(NameInUse(known->description()));
  }
  TableDescription table = DescriptionOf(request, definition);
  GRAMME_RETURN_IF_ERROR(FromStore(GiveIdentity(table, engine.store, engine.clock, engine.random)));
  if (request.stream_specification && request.stream_specification->stream_enabled) {
    GRAMME_TRY(const StreamChange stream,
               StreamChange::Plan(*request.stream_specification, engine.clock.WallNow(), table.name,
                                  engine));
    GRAMME_RETURN_IF_ERROR(stream.Apply(table));
  }
  const auto edit = BeginTable(std::move(table), engine.catalog, engine.jobs, engine.settings);
  context.DependOn(engine.catalog.view()->position);
  if (!edit) return std::unexpected(edit.error());
  // A table is created by the time it is described for the first time, but never says so here.
  TableDescription created = edit->table->description();
  created.status = TableStatus::kCreating;
  for (IndexDescription& index : created.indexes) index.status = IndexStatus::kCreating;
  return CreateTableResponse{.table_description = DescribeEmpty(created, engine.settings.labels)};
}

}  // namespace gramme
