#include "api/table/describe_table.h"

#include "api/table/describe.h"
#include "api/table/table_rules.h"
#include "base/result.h"

namespace gramme {

Result<NoPlan> DescribeTable::Validate(const DescribeTableRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return NoPlan{};
}

std::vector<Access> DescribeTable::Resources(const DescribeTableRequest& request, const NoPlan&) {
  return {{.action = "DescribeTable", .resource = request.table_name}};
}

Result<DescribeTableResponse> DescribeTable::Run(const DescribeTableRequest& request,
                                                 const NoPlan&, OperationContext& context) {
  const TableRef table = context.catalog_view->Find(request.table_name);
  if (table == nullptr) return std::unexpected(TableNotFound(request.table_name));
  GRAMME_TRY(TableDescriptionShape description, Describe(table->description(), context));
  return DescribeTableResponse{.table = std::move(description)};
}

}  // namespace gramme
