// DeleteTable removes a table with its indexes and items. The space comes back later: a job drops
// the keyspaces (table/jobs, kind `table-drop`).

#ifndef GRAMME_API_TABLE_DELETE_TABLE_H_
#define GRAMME_API_TABLE_DELETE_TABLE_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct DeleteTableRequest {
  std::string table_name;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteTableRequest& request) {
  visit.Member(
      "TableName", request.table_name,
      {.required = true, .length_min = 1, .length_max = 1024, .absence = kTableNameAbsence});
}

struct DeleteTableResponse {
  TableDescriptionShape table_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteTableResponse& response) {
  visit.Member("TableDescription", response.table_description, {});
}

struct DeleteTable {
  static constexpr std::string_view kName = "DeleteTable";
  static constexpr Start kStart = Start::kPool;
  using Request = DeleteTableRequest;
  using Response = DeleteTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TABLE_DELETE_TABLE_H_
