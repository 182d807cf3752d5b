// What Query and Scan share on the wire.

#ifndef GRAMME_API_QUERY_PAGE_SHAPES_H_
#define GRAMME_API_QUERY_PAGE_SHAPES_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "api/item/item_shapes.h"
#include "encoding/encoded_item.h"
#include "model/attribute_value.h"
#include "model/shape.h"

namespace gramme {

enum class Select { kAllAttributes, kAllProjectedAttributes, kSpecificAttributes, kCount };

template <>
struct EnumNames<Select> {
  static constexpr std::pair<Select, std::string_view> kNames[] = {
      {Select::kSpecificAttributes, "SPECIFIC_ATTRIBUTES"},
      {Select::kCount, "COUNT"},
      {Select::kAllAttributes, "ALL_ATTRIBUTES"},
      {Select::kAllProjectedAttributes, "ALL_PROJECTED_ATTRIBUTES"}};
};

struct PageResponse {
  std::optional<EncodedItems> items;
  std::int64_t count = 0;
  std::int64_t scanned_count = 0;
  std::optional<AttributeMap> last_evaluated_key;
  std::optional<ConsumedCapacity> consumed_capacity;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, PageResponse& response) {
  visit.Member("Items", response.items, {});
  visit.Member("Count", response.count, {});
  visit.Member("ScannedCount", response.scanned_count, {});
  visit.Member("LastEvaluatedKey", response.last_evaluated_key, {});
  visit.Member("ConsumedCapacity", response.consumed_capacity, {});
}

}  // namespace gramme

#endif  // GRAMME_API_QUERY_PAGE_SHAPES_H_
