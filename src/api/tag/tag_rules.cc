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
  if (tags.size() > kTagCountMax) {
    return ValidationError("One or more parameter values were invalid: Number of tags exceeds "
                           "the limit of " + std::to_string(kTagCountMax));
  }
  return {};
}

}  // namespace gramme
