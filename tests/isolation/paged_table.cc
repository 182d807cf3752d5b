#include "tests/isolation/paged_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

constexpr std::size_t kBatchCount = 25;

PagedValue Text(std::string text) { return {.is_number = false, .text = std::move(text)}; }
PagedValue Number(std::string text) { return {.is_number = true, .text = std::move(text)}; }

// Few, so that several items have the same, or nearly.
PagedValue DrawValue(bool is_number, Random& random) {
  if (is_number) {
    const std::string digits = std::to_string(random.Below(40));
    const std::string fraction = random.OneIn(4) ? ".5" : "";
    const bool is_negative = digits + fraction != "0" && random.OneIn(2);
    return Number((is_negative ? "-" : "") + digits + fraction);
  }
  constexpr std::array<std::string_view, 6> kUnits = {"a", "b", "z", "é", "~", "Z"};
  std::string text;
  const std::uint64_t length = 1 + random.Below(3);
  for (std::uint64_t i = 0; i < length; ++i) text += kUnits[random.Below(kUnits.size())];
  return Text(text);
}

std::string Definition(std::string_view name, bool is_number) {
  return fmt::format(R"({{"AttributeName":"{}","AttributeType":"{}"}})", name,
                     is_number ? "N" : "S");
}

std::string Schema(const PagedIndex& source) {
  std::string text = fmt::format(R"("KeySchema":[{{"AttributeName":"{}","KeyType":"HASH"}})",
                                 source.partition_attribute);
  if (!source.sort_attribute.empty()) {
    text += fmt::format(R"(,{{"AttributeName":"{}","KeyType":"RANGE"}})", source.sort_attribute);
  }
  return text + "]";
}

std::optional<std::vector<std::string>> DrawProjection(std::vector<std::string> keys,
                                                       Random& random) {
  switch (random.Below(3)) {
    case 0:
      return std::nullopt;
    case 1:
      keys.emplace_back("a");
      return keys;
    default:
      return keys;
  }
}

std::string Projection(const PagedIndex& index) {
  if (!index.projected) return R"("Projection":{"ProjectionType":"ALL"})";
  if (!index.Projects("a")) return R"("Projection":{"ProjectionType":"KEYS_ONLY"})";
  return R"("Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["a"]})";
}

}  // namespace

std::string PagedValue::ToJson() const {
  return fmt::format(R"({{"{}":{}}})", is_number ? "N" : "S", Quote(text));
}

bool PagedValue::ComesBefore(const PagedValue& other) const {
  if (is_number)
    return std::strtod(text.c_str(), nullptr) < std::strtod(other.text.c_str(), nullptr);
  return text < other.text;
}

std::string ToJson(const PagedItem& item) {
  std::string text = "{";
  for (const auto& [name, value] : item) {
    if (text.size() > 1) text += ",";
    text += Quote(name) + ":" + value.ToJson();
  }
  return text + "}";
}

PagedItem ToPagedItem(const Json& item) {
  PagedItem paged;
  for (const auto& [name, value] : item.members()) {
    paged[name] = {.is_number = value.Has("N"), .text = value[value.Has("N") ? "N" : "S"].text()};
  }
  return paged;
}

bool PagedIndex::Holds(const PagedItem& item) const {
  return item.contains(partition_attribute) &&
         (sort_attribute.empty() || item.contains(sort_attribute));
}

bool PagedIndex::Projects(std::string_view attribute) const {
  return !projected || std::ranges::find(*projected, attribute) != projected->end();
}

PagedTable PagedTable::Draw(std::string name, Random& random) {
  PagedTable table;
  table.name_ = std::move(name);
  table.has_number_sort_ = random.OneIn(2);
  table.has_number_rank_ = random.OneIn(2);
  const bool has_sort = !random.OneIn(5);
  const std::string sort = has_sort ? "s" : "";
  std::vector<std::string> keys = {"k"};
  if (has_sort) keys.emplace_back("s");
  table.sources_.push_back({.name = "",
                            .is_global = false,
                            .partition_attribute = "k",
                            .sort_attribute = sort,
                            .projected = {}});
  std::vector<std::string> index_keys = keys;
  index_keys.emplace_back("r");
  if (has_sort) {
    table.sources_.push_back({.name = "Local",
                              .is_global = false,
                              .partition_attribute = "k",
                              .sort_attribute = "r",
                              .projected = DrawProjection(index_keys, random)});
  }
  index_keys.emplace_back("g");
  table.sources_.push_back({.name = "Global",
                            .is_global = true,
                            .partition_attribute = "g",
                            .sort_attribute = "r",
                            .projected = DrawProjection(index_keys, random)});

  const std::uint64_t partition_count = has_sort ? 1 + random.Below(5) : 1'000;
  if (random.OneIn(6)) table.text_bytes_max_ = 30'000;
  std::set<std::string> known;
  for (std::uint64_t i = random.Below(200); i > 0; --i) {
    PagedItem item;
    item["k"] = Text(fmt::format("k{}", random.Below(partition_count)));
    if (has_sort) item["s"] = DrawValue(table.has_number_sort_, random);
    if (!known.insert(ToJson(item)).second) continue;
    table.DrawAttributes(item, random);
    table.items_.push_back(std::move(item));
  }
  return table;
}

void PagedTable::DrawAttributes(PagedItem& item, Random& random) const {
  if (!random.OneIn(4)) item["g"] = Text(fmt::format("g{}", random.Below(3)));
  if (!random.OneIn(4)) item["r"] = DrawValue(has_number_rank_, random);
  if (!random.OneIn(5)) item["a"] = Number(std::to_string(random.Below(10)));
  if (!random.OneIn(5)) item["b"] = Text(std::string(1 + random.Below(text_bytes_max_), 'b'));
}

std::string PagedTable::CreateBody() const {
  const PagedIndex& self = sources_.front();
  std::string definitions = Definition("k", false);
  if (!self.sort_attribute.empty()) definitions += "," + Definition("s", has_number_sort_);
  definitions += "," + Definition("g", false) + "," + Definition("r", has_number_rank_);
  std::string body = fmt::format(
      R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{}],{})", name_,
      definitions, Schema(self));
  for (const PagedIndex& index : sources_) {
    if (index.name.empty()) continue;
    body += fmt::format(R"(,"{}SecondaryIndexes":[{{"IndexName":"{}",{},{}}}])",
                        index.is_global ? "Global" : "Local", index.name, Schema(index),
                        Projection(index));
  }
  return body + "}";
}

Asked<void> PagedTable::Create(Connection& connection) const {
  GRAMME_RETURN_IF_ERROR(CreateTable(connection, name_, CreateBody()));
  for (std::size_t i = 0; i < items_.size(); i += kBatchCount) {
    std::string puts;
    for (std::size_t j = i; j < std::min(i + kBatchCount, items_.size()); ++j) {
      puts += fmt::format(R"({}{{"PutRequest":{{"Item":{}}}}})", puts.empty() ? "" : ",",
                          ToJson(items_[j]));
    }
    GRAMME_TRY(const Json answer,
               Ask(connection, "BatchWriteItem",
                   fmt::format(R"({{"RequestItems":{{"{}":[{}]}}}})", name_, puts)));
    if (!answer["UnprocessedItems"].members().empty()) {
      return std::unexpected("BatchWriteItem left items unprocessed");
    }
  }
  return {};
}

Asked<void> PagedTable::Delete(Connection& connection) const {
  GRAMME_RETURN_IF_ERROR(
      Ask(connection, "DeleteTable", fmt::format(R"({{"TableName":"{}"}})", name_)));
  return {};
}

Asked<void> PagedTable::Put(Connection& connection, const PagedItem& item) const {
  GRAMME_RETURN_IF_ERROR(
      Ask(connection, "PutItem",
          fmt::format(R"({{"TableName":"{}","Item":{}}})", name_, ToJson(item))));
  return {};
}

Asked<void> PagedTable::Change(Connection& connection, Random& random) {
  if (items_.empty()) return {};
  PagedItem& item = items_[random.Below(items_.size())];
  const PagedItem key = KeyOf(item);
  if (!random.OneIn(3)) {
    item = key;
    DrawAttributes(item, random);
    return Put(connection, item);
  }
  std::swap(item, items_.back());
  items_.pop_back();
  GRAMME_RETURN_IF_ERROR(Ask(connection, "DeleteItem",
                             fmt::format(R"({{"TableName":"{}","Key":{}}})", name_, ToJson(key))));
  return {};
}

Asked<void> PagedTable::Restore(Connection& connection, const PagedItem& key) const {
  const auto found =
      std::ranges::find_if(items_, [&](const PagedItem& item) { return KeyOf(item) == key; });
  if (found == items_.end())
    return std::unexpected(fmt::format("{}a cursor names no item: {}", kDifference, ToJson(key)));
  return Put(connection, *found);
}

PagedItem PagedTable::KeyOf(const PagedItem& item) const {
  PagedItem key;
  for (const char* name : {"k", "s"}) {
    if (const auto found = item.find(name); found != item.end()) key.insert(*found);
  }
  return key;
}

}  // namespace gramme
