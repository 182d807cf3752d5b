// DescribeTable answers a table's description, with live counts and sizes.

#ifndef GRAMME_API_TABLE_DESCRIBE_TABLE_H_
#define GRAMME_API_TABLE_DESCRIBE_TABLE_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct DescribeTableRequest {
  std::string table_name;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeTableRequest& request) {
  visit.Member(
      "TableName", request.table_name,
      {.required = true, .length_min = 1, .length_max = 1024, .absence = kTableNameAbsence});
}

struct DescribeTableResponse {
  TableDescriptionShape table;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeTableResponse& response) {
  visit.Member("Table", response.table, {});
}

struct DescribeTable {
  static constexpr std::string_view kName = "DescribeTable";
  static constexpr Start kStart = Start::kLoop;
  using Request = DescribeTableRequest;
  using Response = DescribeTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TABLE_DESCRIBE_TABLE_H_
