#include "api/tag/untag_resource.h"

#include "api/tag/tag_edit.h"
#include "base/result.h"

namespace gramme {

Result<NoPlan> UntagResource::Validate(const UntagResourceRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateResourceArn(request.resource_arn));
  if (request.tag_keys.empty()) {
    return ValidationError("Atleast one Tag Key needs to be provided as Input.");
  }
  return NoPlan{};
}

std::vector<Access> UntagResource::Resources(const UntagResourceRequest& request, const NoPlan&) {
  return {{.action = "UntagResource", .resource = request.resource_arn}};
}

Result<UntagResourceResponse> UntagResource::Run(const UntagResourceRequest& request,
                                                 const NoPlan&, OperationContext& context) {
  const auto edit = [&](std::map<std::string, std::string>& tags) -> Result<void> {
    for (const std::string& key : request.tag_keys) tags.erase(key);
    return {};
  };
  GRAMME_RETURN_IF_ERROR(EditTags(request.resource_arn, edit, context));
  return UntagResourceResponse{};
}

}  // namespace gramme
