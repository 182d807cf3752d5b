// UntagResource removes tags from a table; keys that it does not have are no error.

#ifndef GRAMME_API_TAG_UNTAG_RESOURCE_H_
#define GRAMME_API_TAG_UNTAG_RESOURCE_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct UntagResourceRequest {
  std::string resource_arn;
  std::vector<std::string> tag_keys;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UntagResourceRequest& request) {
  visit.Member("ResourceArn", request.resource_arn,
               {.required = true,
                .length_min = 1,
                .length_max = 1283,
                .absence = "Invalid TableArn"});
  visit.Member("TagKeys", request.tag_keys,
               {.required = true, .element_length_min = 1, .element_length_max = 128});
}

struct UntagResourceResponse {
};

template <typename Visitor>
void VisitMembers(Visitor&, UntagResourceResponse&) {}

struct UntagResource {
  static constexpr std::string_view kName = "UntagResource";
  static constexpr Start kStart = Start::kPool;
  using Request = UntagResourceRequest;
  using Response = UntagResourceResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TAG_UNTAG_RESOURCE_H_
