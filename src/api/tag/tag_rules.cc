#include "api/tag/tag_rules.h"

#include <set>
#include <string_view>

#include "model/limits.h"

namespace gramme {

Result<void> ValidateTags(const std::vector<Tag>& tags) {
  std::set<std::string_view> keys;
  for (const Tag& tag : tags) {
    if (tag.key.starts_with("aws:")) {
      return ValidationError("Tag Key cannot be prefixed with aws:, Key: " + tag.key);
    }
    if (!keys.insert(tag.key).second) {
      return ValidationError("Duplicate Tag Keys provided as input: Duplicate Tag Key found " +
                             tag.key);
    }
  }
  return ValidateTagCount(tags.size());
}

Result<void> ValidateTagCount(std::size_t count) {
  if (count <= kTagCountMax) return {};
  return ValidationError("Number of Tags exceed the current limit for the provided ResourceArn");
}

}  // namespace gramme
