#include "api/table/delete_table.h"

#include "api/table/describe.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "table/table_drop.h"

namespace gramme {
namespace {

Result<void> CheckDeletable(const TableDescription& table) {
  if (table.deletion_protection_enabled) {
    return ValidationError(
        "Resource cannot be deleted as it is currently protected against deletion. Disable "
        "deletion protection first.");
  }
  if (IsBuildingIndex(table)) {
    return Error(ErrorCode::kResourceInUseException,
                 "Attempt to change a resource which is still in use: Cannot delete table while "
                 "indexes are being created, updated, or deleted.");
  }
  return CheckActive(table);
}

}  // namespace

Result<NoPlan> DeleteTable::Validate(const DeleteTableRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return NoPlan{};
}

std::vector<Access> DeleteTable::Resources(const DeleteTableRequest& request, const NoPlan&) {
  return {{.action = "DeleteTable", .resource = request.table_name}};
}

Result<DeleteTableResponse> DeleteTable::Run(const DeleteTableRequest& request, const NoPlan&,
                                             OperationContext& context) {
  const TableRef table = context.catalog_view->Find(request.table_name);
  if (table == nullptr) return std::unexpected(TableNotFound(request.table_name));
  Engine& engine = context.engine;
  // What the description shows is read before the table goes.
  GRAMME_TRY(TableDescriptionShape shape, Describe(table->description(), context));
  const auto edit =
      BeginTableDrop(table->name(), &CheckDeletable, engine.catalog, engine.jobs, engine.settings);
  context.DependOn(engine.catalog.view()->position);
  if (!edit) return std::unexpected(edit.error());
  shape.table_status = TableStatusName(TableStatus::kDeleting);
  return DeleteTableResponse{.table_description = std::move(shape)};
}

}  // namespace gramme
