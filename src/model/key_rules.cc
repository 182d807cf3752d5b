#include "model/key_rules.h"

#include <fmt/format.h>

#include "model/limits.h"

namespace gramme {

std::string_view EmptyKeyProblem(const AttributeValue& value) {
  if (const auto* text = value.get_if<std::string>(); text != nullptr && text->empty()) {
    return "empty string";
  }
  if (const auto* binary = value.get_if<Binary>(); binary != nullptr && binary->bytes.empty()) {
    return "empty binary";
  }
  return {};
}

Result<void> CheckKeyNotEmpty(std::string_view attribute_name, const AttributeValue& value) {
  const std::string_view problem = EmptyKeyProblem(value);
  if (problem.empty()) return {};
  return ValidationError(fmt::format(
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
      "contain an {} value. Key: {}",
      problem, attribute_name));
}

Result<void> CheckKeySize(KeyType key_type, std::size_t bytes, std::string_view index_name) {
  const bool is_hash = key_type == KeyType::kHash;
  const std::size_t bytes_max = is_hash ? kPartitionKeyBytesMax : kSortKeyBytesMax;
  if (bytes <= bytes_max) return {};
  // The missing blank is DynamoDB's.
  return InvalidParameters(
      fmt::format("{}{} bytes{}{}",
                  is_hash ? "Size of hashkey has exceeded the maximum size limit of"
                          : "Aggregated size of all range keys has exceeded the size limit of ",
                  bytes_max, index_name.empty() ? "" : ". IndexName: ", index_name));
}

}  // namespace gramme
