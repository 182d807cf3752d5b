#include "api/table/list_tables.h"

namespace gramme {
namespace {

constexpr std::int64_t kDefaultLimit = 100;  // and the largest

}  // namespace

Result<NoPlan> ListTables::Validate(const ListTablesRequest&) { return NoPlan{}; }

std::vector<Access> ListTables::Resources(const ListTablesRequest&, const NoPlan&) {
  return {{.action = "ListTables", .resource = "*"}};
}

Result<ListTablesResponse> ListTables::Run(const ListTablesRequest& request, const NoPlan&,
                                           OperationContext& context) {
  const auto& tables = context.catalog_view->tables;
  auto table = request.exclusive_start_table_name
                   ? tables.After(*request.exclusive_start_table_name)
                   : tables.begin();
  const auto limit = static_cast<std::size_t>(request.limit.value_or(kDefaultLimit));
  ListTablesResponse response;
  for (; table != tables.end() && response.table_names.size() < limit; ++table) {
    response.table_names.push_back((*table)->name());
  }
  if (table != tables.end()) response.last_evaluated_table_name = response.table_names.back();
  return response;
}

}  // namespace gramme
