// ListTables names the tables of this server, in order, page by page.

#ifndef GRAMME_API_TABLE_LIST_TABLES_H_
#define GRAMME_API_TABLE_LIST_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"

namespace gramme {

struct ListTablesRequest {
  std::optional<std::string> exclusive_start_table_name;
  std::optional<std::int64_t> limit;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ListTablesRequest& request) {
  visit.Member("ExclusiveStartTableName", request.exclusive_start_table_name,
               {.length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("Limit", request.limit, {.value_min = 1, .value_max = 100});
}

struct ListTablesResponse {
  std::vector<std::string> table_names;
  std::optional<std::string> last_evaluated_table_name;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ListTablesResponse& response) {
  visit.Member("TableNames", response.table_names, {});
  visit.Member("LastEvaluatedTableName", response.last_evaluated_table_name, {});
}

struct ListTables {
  static constexpr std::string_view kName = "ListTables";
  static constexpr Start kStart = Start::kLoop;
  using Request = ListTablesRequest;
  using Response = ListTablesResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TABLE_LIST_TABLES_H_
