#include "tests/isolation/page_pass.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

const PagedItem& AnyOf(const std::vector<PagedItem>& items, Random& random) {
  return items[random.Below(items.size())];
}

std::uint64_t CountIn(const Json& value) {
  return std::strtoull(value.text().c_str(), nullptr, 10);
}

}  // namespace

PageQuestion PageQuestion::Draw(const PagedTable& table, Random& random) {
  PageQuestion question;
  question.table = &table;
  question.source = &table.sources()[random.Below(table.sources().size())];
  const PagedIndex& source = *question.source;
  question.is_scan = table.items().empty() || random.OneIn(3);
  if (question.is_scan) {
    question.segment_count = random.OneIn(2) ? 1 : 1 + static_cast<int>(random.Below(9));
  } else {
    // Of items that the index does not hold too: then nothing is found, most likely.
    const PagedItem& item = AnyOf(table.items(), random);
    const auto partition = item.find(source.partition_attribute);
    question.partition =
        partition == item.end() ? PagedValue{.is_number = false, .text = "g0"} : partition->second;
    const PagedItem& low = AnyOf(table.items(), random);
    const PagedItem& high = AnyOf(table.items(), random);
    const std::string& sort = source.sort_attribute;
    if (!sort.empty() && low.contains(sort) && high.contains(sort)) {
      question.sort_rule = static_cast<SortRule>(random.Below(4));
      question.low = low.at(sort);
      question.high = high.at(sort);
      if (question.high.ComesBefore(question.low)) std::swap(question.low, question.high);
    }
    question.is_backward = random.OneIn(2);
  }
  question.is_strong = !source.is_global && random.OneIn(2);
  if (source.Projects("a") && random.OneIn(3)) {
    question.filter_below = std::to_string(random.Below(11));
  }
  if (random.OneIn(6)) {
    question.counts_only = true;
  } else if (random.OneIn(4)) {
    for (const char* name : {"k", "a", "b"}) {
      if (source.Projects(name) && random.OneIn(2)) question.projection.emplace_back(name);
    }
  }
  return question;
}

bool PageQuestion::Wants(const PagedItem& item) const {
  if (!source->Holds(item)) return false;
  if (!is_scan) {
    if (item.at(source->partition_attribute) != partition) return false;
    if (sort_rule != SortRule::kAny) {
      const PagedValue& sort = item.at(source->sort_attribute);
      if (sort_rule == SortRule::kLess && !sort.ComesBefore(low)) return false;
      if (sort_rule != SortRule::kLess && sort.ComesBefore(low)) return false;
      if (sort_rule == SortRule::kBetween && high.ComesBefore(sort)) return false;
    }
  }
  if (!filter_below) return true;
  const auto found = item.find("a");
  return found != item.end() &&
         found->second.ComesBefore({.is_number = true, .text = *filter_below});
}

std::vector<PagedItem> PageQuestion::Truth() const {
  std::vector<PagedItem> truth;
  for (const PagedItem& item : table->items()) {
    if (Wants(item)) truth.push_back(item);
  }
  const std::string& sort = source->sort_attribute;
  if (!is_scan && !sort.empty()) {
    std::ranges::stable_sort(truth, [&](const PagedItem& a, const PagedItem& b) {
      return is_backward ? b.at(sort).ComesBefore(a.at(sort)) : a.at(sort).ComesBefore(b.at(sort));
    });
  }
  for (PagedItem& item : truth) {
    std::erase_if(item, [&](const auto& attribute) {
      const std::string& name = attribute.first;
      if (projection.empty()) return !source->Projects(name);
      return std::ranges::find(projection, name) == projection.end();
    });
  }
  return truth;
}

std::string PageQuestion::Values() const {
  std::string values;
  if (!is_scan) values += fmt::format(R"(,":p":{})", partition.ToJson());
  if (!is_scan && sort_rule != SortRule::kAny) values += fmt::format(R"(,":l":{})", low.ToJson());
  if (!is_scan && sort_rule == SortRule::kBetween) {
    values += fmt::format(R"(,":h":{})", high.ToJson());
  }
  if (filter_below) values += fmt::format(R"(,":f":{{"N":"{}"}})", *filter_below);
  if (values.empty()) return values;
  return fmt::format(R"(,"ExpressionAttributeValues":{{{}}})", values.substr(1));
}

std::string PageQuestion::Body(const std::string& limit, const std::string& start) const {
  std::string body = fmt::format(R"({{"TableName":"{}")", table->name());
  if (!source->name.empty()) body += fmt::format(R"(,"IndexName":"{}")", source->name);
  if (is_scan) {
    if (segment_count > 1) {
      body += fmt::format(R"(,"Segment":{},"TotalSegments":{})", segment, segment_count);
    }
  } else {
    const std::string& sort = source->sort_attribute;
    std::string condition = source->partition_attribute + " = :p";
    if (sort_rule == SortRule::kLess) condition += " AND " + sort + " < :l";
    if (sort_rule == SortRule::kAtLeast) condition += " AND " + sort + " >= :l";
    if (sort_rule == SortRule::kBetween) condition += " AND " + sort + " BETWEEN :l AND :h";
    body += fmt::format(R"(,"KeyConditionExpression":"{}","ScanIndexForward":{})", condition,
                        !is_backward);
  }
  if (is_strong) body += R"(,"ConsistentRead":true)";
  if (filter_below) body += R"(,"FilterExpression":"a < :f")";
  if (!projection.empty()) {
    body += fmt::format(R"(,"ProjectionExpression":"{}")", fmt::join(projection, ","));
  }
  if (counts_only) body += R"(,"Select":"COUNT")";
  body += Values();
  if (!limit.empty()) body += R"(,"Limit":)" + limit;
  if (!start.empty()) body += R"(,"ExclusiveStartKey":)" + start;
  return body + "}";
}

Asked<Pass> ReadPass(Connection& connection, const PageQuestion& question,
                     const PassOptions& options) {
  Pass pass;
  std::string start;
  while (true) {
    const std::uint64_t limit = options.limit ? options.limit() : 0;
    const std::string body = question.Body(limit == 0 ? "" : std::to_string(limit), start);
    GRAMME_TRY(const Json page, Ask(connection, question.is_scan ? "Scan" : "Query", body));
    ++pass.page_count;
    const auto& items = page["Items"].elements();
    const std::uint64_t count = CountIn(page["Count"]);
    const std::uint64_t scanned_count = CountIn(page["ScannedCount"]);
    if (count > scanned_count || (limit != 0 && scanned_count > limit) ||
        items.size() != (question.counts_only ? 0 : count)) {
      return std::unexpected(fmt::format("{}{} items, Count {} and ScannedCount {} for {}",
                                         kDifference, items.size(), count, scanned_count, body));
    }
    pass.count += count;
    for (const Json& item : items) pass.items.push_back(ToJson(ToPagedItem(item)));
    if (!page.Has("LastEvaluatedKey")) return pass;
    const PagedItem cursor = ToPagedItem(page["LastEvaluatedKey"]);
    start = ToJson(cursor);
    // The first page may be empty, the last too; each other one has evaluated an item at least.
    if (pass.page_count > question.table->items().size() + 2) {
      return std::unexpected(fmt::format("{}the pass does not end: {}", kDifference, body));
    }
    if (options.between) GRAMME_RETURN_IF_ERROR(options.between(cursor));
  }
}

}  // namespace gramme
