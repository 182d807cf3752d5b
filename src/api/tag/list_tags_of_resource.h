// ListTagsOfResource answers the tags of a table, in order of their keys, page by page.

#ifndef GRAMME_API_TAG_LIST_TAGS_OF_RESOURCE_H_
#define GRAMME_API_TAG_LIST_TAGS_OF_RESOURCE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct ListTagsOfResourceRequest {
  std::string resource_arn;
  std::optional<std::string> next_token;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ListTagsOfResourceRequest& request) {
  visit.Member("ResourceArn", request.resource_arn,
               {.required = true,
                .length_min = 1,
                .length_max = 1283,
                .absence = "Invalid TableArn"});
  visit.Member("NextToken", request.next_token, {});
}

struct ListTagsOfResourceResponse {
  std::vector<Tag> tags;
  std::optional<std::string> next_token;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ListTagsOfResourceResponse& response) {
  visit.Member("Tags", response.tags, {});
  visit.Member("NextToken", response.next_token, {});
}

struct ListTagsOfResource {
  static constexpr std::string_view kName = "ListTagsOfResource";
  static constexpr Start kStart = Start::kLoop;
  using Request = ListTagsOfResourceRequest;
  using Response = ListTagsOfResourceResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TAG_LIST_TAGS_OF_RESOURCE_H_
