#include "api/tag/tag_rules.h"

#include <set>
#include <string_view>

#include "model/limits.h"

namespace gramme {

Result<void> ValidateTags(const std::vector<Tag>& tags) {
  std::set<std::string_view> keys;
  for (const Tag& tag : tags) {
    if (tag.key.starts_with("aws:")) {
      return ValidationError("One or more parameter values were invalid: Tag keys starting with "
                             "aws: are reserved: " + tag.key);
    }
    if (!keys.insert(tag.key).second) {
      return ValidationError(
          "One or more parameter values were invalid: Duplicate tag key: " + tag.key);
    }
  }
  return ValidateTagCount(tags.size());
}

Result<void> ValidateTagCount(std::size_t count) {
  if (count <= kTagCountMax) return {};
  return ValidationError("One or more parameter values were invalid: Too many tags: a resource has "
                         "at most " + std::to_string(kTagCountMax));
}

}  // namespace gramme
