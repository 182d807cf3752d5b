#include "api/tag/tag_edit.h"

#include "api/table/table_rules.h"
#include "base/result.h"
#include "model/arn.h"

namespace gramme {

Result<void> ValidateResourceArn(std::string_view resource_arn) {
  const auto refuse = [&](std::string_view why) {
    return InvalidParameters(std::string(why).append(resource_arn));
  };
  if (!LooksLikeArn(resource_arn)) return refuse("ARNs must start with 'arn:': ");
  const auto arn = ParseArn(resource_arn);
  if (arn && arn->service != "dynamodb") {
    return refuse("Provided Arn is not a DynamoDB resource arn: ");
  }
  if (arn && !arn->kind.empty()) {
    return refuse(
        "Invalid resource arn provided, only table or stream is accepted. Provided "
        "resource arn: ");
  }
  if (arn) return {};
  return ValidationError("Invalid TableArn: Invalid ResourceArn provided as input " +
                         std::string(resource_arn));
}

Result<TableRef> FindResource(std::string_view resource_arn, const OperationContext& context) {
  TableRef table = context.catalog_view->Find(resource_arn);
  if (table != nullptr && IsBeingRestored(table->description())) {
    return std::unexpected(TableNotFound(resource_arn));
  }
  const bool is_there = table != nullptr && table->description().status != TableStatus::kCreating &&
                        table->description().status != TableStatus::kDeleting;
  if (!is_there || TableArn(context.engine.settings.labels, table->name()) != resource_arn) {
    return Error(
        ErrorCode::kResourceNotFoundException,
        "Requested resource not found: ResourceArn: " + std::string(resource_arn) + " not found");
  }
  return table;
}

Result<void> EditTags(std::string_view resource_arn, TagEdit edit, OperationContext& context) {
  GRAMME_TRY(const TableRef table, FindResource(resource_arn, context));
  Catalog& catalog = context.engine.catalog;
  const auto edited = catalog.EditTable(
      table->name(), [&](TableDescription& description) { return edit(description.tags); },
      [](WriteBatch&) {});
  context.DependOn(catalog.view()->position);
  if (!edited) return std::unexpected(edited.error());
  return {};
}

}  // namespace gramme
