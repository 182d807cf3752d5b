// TagResource adds tags to a table, or replaces the values of those that it has.

#ifndef GRAMME_API_TAG_TAG_RESOURCE_H_
#define GRAMME_API_TAG_TAG_RESOURCE_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct TagResourceRequest {
  std::string resource_arn;
  std::vector<Tag> tags;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TagResourceRequest& request) {
  visit.Member("ResourceArn", request.resource_arn,
               {.required = true,
                .length_min = 1,
                .length_max = 1283,
                .absence = "Invalid TableArn"});
  visit.Member("Tags", request.tags, {.required = true});
}

struct TagResourceResponse {
};

template <typename Visitor>
void VisitMembers(Visitor&, TagResourceResponse&) {}

struct TagResource {
  static constexpr std::string_view kName = "TagResource";
  static constexpr Start kStart = Start::kPool;
  using Request = TagResourceRequest;
  using Response = TagResourceResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TAG_TAG_RESOURCE_H_
