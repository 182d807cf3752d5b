#include "api/tag/tag_resource.h"

#include "api/tag/tag_edit.h"
#include "api/tag/tag_rules.h"
#include "base/result.h"

namespace gramme {

Result<NoPlan> TagResource::Validate(const TagResourceRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateResourceArn(request.resource_arn));
  if (request.tags.empty()) {
    return ValidationError("Atleast one Tag needs to be provided as Input.");
  }
  GRAMME_RETURN_IF_ERROR(ValidateTags(request.tags));
  return NoPlan{};
}

std::vector<Access> TagResource::Resources(const TagResourceRequest& request, const NoPlan&) {
  return {{.action = "TagResource", .resource = request.resource_arn}};
}

Result<TagResourceResponse> TagResource::Run(const TagResourceRequest& request, const NoPlan&,
                                             OperationContext& context) {
  const auto edit = [&](std::map<std::string, std::string>& tags) {
    for (const Tag& tag : request.tags) tags[tag.key] = tag.value;
    return ValidateTagCount(tags.size());
  };
  GRAMME_RETURN_IF_ERROR(EditTags(request.resource_arn, edit, context));
  return TagResourceResponse{};
}

}  // namespace gramme
