#include "api/tag/list_tags_of_resource.h"

#include "api/tag/tag_edit.h"
#include "base/result.h"

namespace gramme {
namespace {

constexpr std::size_t kTagCountPerPage = 10;

}  // namespace

Result<NoPlan> ListTagsOfResource::Validate(const ListTagsOfResourceRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateResourceArn(request.resource_arn));
  return NoPlan{};
}

std::vector<Access> ListTagsOfResource::Resources(const ListTagsOfResourceRequest& request,
                                                  const NoPlan&) {
  return {{.action = "ListTagsOfResource", .resource = request.resource_arn}};
}

// The token is the last key of the page before: a plain cursor, valid for any set of tags.
Result<ListTagsOfResourceResponse> ListTagsOfResource::Run(
    const ListTagsOfResourceRequest& request, const NoPlan&, OperationContext& context) {
  GRAMME_TRY(const TableRef table, FindResource(request.resource_arn, context));
  const auto& tags = table->description().tags;
  auto tag = request.next_token ? tags.upper_bound(*request.next_token) : tags.begin();
  ListTagsOfResourceResponse response;
  for (; tag != tags.end() && response.tags.size() < kTagCountPerPage; ++tag) {
    response.tags.push_back({.key = tag->first, .value = tag->second});
  }
  if (tag != tags.end()) response.next_token = response.tags.back().key;
  return response;
}

}  // namespace gramme
