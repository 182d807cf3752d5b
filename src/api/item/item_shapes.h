// The shapes and choices that requests and answers about items share.

#ifndef GRAMME_API_ITEM_ITEM_SHAPES_H_
#define GRAMME_API_ITEM_ITEM_SHAPES_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/attribute_value.h"
#include "model/shape.h"

namespace gramme {

enum class ReturnValue { kNone, kAllOld, kUpdatedOld, kAllNew, kUpdatedNew };
enum class ReturnConsumedCapacity { kIndexes, kTotal, kNone };
enum class ReturnItemCollectionMetrics { kSize, kNone };
enum class ReturnValuesOnConditionCheckFailure { kAllOld, kNone };

template <>
struct EnumNames<ReturnValue> {
  static constexpr std::pair<ReturnValue, std::string_view> kNames[] = {
      {ReturnValue::kAllNew, "ALL_NEW"},
      {ReturnValue::kUpdatedOld, "UPDATED_OLD"},
      {ReturnValue::kAllOld, "ALL_OLD"},
      {ReturnValue::kNone, "NONE"},
      {ReturnValue::kUpdatedNew, "UPDATED_NEW"}};
};

template <>
struct EnumNames<ReturnConsumedCapacity> {
  static constexpr std::pair<ReturnConsumedCapacity, std::string_view> kNames[] = {
      {ReturnConsumedCapacity::kIndexes, "INDEXES"},
      {ReturnConsumedCapacity::kTotal, "TOTAL"},
      {ReturnConsumedCapacity::kNone, "NONE"}};
};

template <>
struct EnumNames<ReturnItemCollectionMetrics> {
  static constexpr std::pair<ReturnItemCollectionMetrics, std::string_view> kNames[] = {
      {ReturnItemCollectionMetrics::kSize, "SIZE"}, {ReturnItemCollectionMetrics::kNone, "NONE"}};
};

template <>
struct EnumNames<ReturnValuesOnConditionCheckFailure> {
  static constexpr std::pair<ReturnValuesOnConditionCheckFailure, std::string_view> kNames[] = {
      {ReturnValuesOnConditionCheckFailure::kAllOld, "ALL_OLD"},
      {ReturnValuesOnConditionCheckFailure::kNone, "NONE"}};
};

struct Capacity {
  std::optional<double> read_capacity_units;
  std::optional<double> write_capacity_units;
  double capacity_units = 0;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, Capacity& capacity) {
  visit.Member("ReadCapacityUnits", capacity.read_capacity_units, {});
  visit.Member("WriteCapacityUnits", capacity.write_capacity_units, {});
  visit.Member("CapacityUnits", capacity.capacity_units, {});
}

struct ConsumedCapacity {
  std::string table_name;
  double capacity_units = 0;
  std::optional<double> read_capacity_units;
  std::optional<double> write_capacity_units;
  std::optional<Capacity> table;
  std::optional<std::map<std::string, Capacity>> local_secondary_indexes;
  std::optional<std::map<std::string, Capacity>> global_secondary_indexes;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ConsumedCapacity& consumed) {
  visit.Member("TableName", consumed.table_name, {});
  visit.Member("CapacityUnits", consumed.capacity_units, {});
  visit.Member("ReadCapacityUnits", consumed.read_capacity_units, {});
  visit.Member("WriteCapacityUnits", consumed.write_capacity_units, {});
  visit.Member("Table", consumed.table, {});
  visit.Member("LocalSecondaryIndexes", consumed.local_secondary_indexes, {});
  visit.Member("GlobalSecondaryIndexes", consumed.global_secondary_indexes, {});
}

struct ItemCollectionMetrics {
  AttributeMap item_collection_key;
  std::vector<double> size_estimate_range_gb;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ItemCollectionMetrics& metrics) {
  visit.Member("ItemCollectionKey", metrics.item_collection_key, {});
  visit.Member("SizeEstimateRangeGB", metrics.size_estimate_range_gb, {});
}

}  // namespace gramme

#endif  // GRAMME_API_ITEM_ITEM_SHAPES_H_
