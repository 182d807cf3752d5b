#include "api/item/collection_metrics.h"

#include <algorithm>
#include <utility>

#include "base/result.h"
#include "table/item/item_collection.h"

namespace gramme {
namespace {

constexpr std::uint64_t kGigabyte = std::uint64_t{1} << 30;

}  // namespace

Result<std::optional<ItemCollectionMetrics>> DescribeCollection(
    const std::optional<ReturnItemCollectionMetrics>& asked, const Table& table, const Item& item,
    OperationContext& context) {
  const TableDescription& description = table.description();
  if (asked != ReturnItemCollectionMetrics::kSize || !HasLocalIndexes(description)) {
    return std::optional<ItemCollectionMetrics>();
  }
  if (context.tier == ReadTier::kMemory) return Error(ErrorCode::kRetryOnPool, "");
  GRAMME_TRY(const std::uint64_t bytes,
             EstimateCollectionBytes(context.engine.store, description, item));
  ItemCollectionMetrics metrics;
  const std::string& name = description.key_schema.front().attribute_name;
  metrics.item_collection_key.emplace(name, *FindAttribute(item, name));
  const auto floor = static_cast<double>(bytes / kGigabyte);
  metrics.size_estimate_range_gb = {floor, floor + 1};
  return std::optional(std::move(metrics));
}

void AddCollection(ItemCollectionMetrics metrics, std::vector<ItemCollectionMetrics>& collections) {
  const bool is_known = std::ranges::any_of(collections, [&](const auto& other) {
    return other.item_collection_key == metrics.item_collection_key;
  });
  if (!is_known) collections.push_back(std::move(metrics));
}

}  // namespace gramme
