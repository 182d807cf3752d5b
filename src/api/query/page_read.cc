#include "api/query/page_read.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "api/item/consumed_capacity.h"
#include "api/item/item_projector.h"
#include "api/item/item_rules.h"
#include "base/result.h"
#include "table/index/index_entry.h"
#include "table/index/index_keys.h"
#include "table/store_error.h"

namespace gramme {
namespace {

std::vector<std::string> UnprojectedOf(const TableDescription& table, const IndexDescription& index,
                                       const std::vector<std::string>& attributes) {
  std::vector<std::string> unprojected;
  std::ranges::copy_if(attributes, std::back_inserter(unprojected),
                       [&](const std::string& name) { return !IsProjected(table, index, name); });
  return unprojected;
}

Result<void> CheckGlobalIndex(const TableDescription& table, const IndexDescription& index,
                              const PageChoice& choice) {
  if (choice.consistent_read) {
    return ValidationError("Consistent reads are not supported on global secondary indexes");
  }
  if (choice.select == Select::kAllAttributes && index.projection.type != ProjectionType::kAll) {
    return InvalidParameters(
        fmt::format("Select type ALL_ATTRIBUTES is not supported for global secondary index {} "
                    "because its projection type is not ALL",
                    index.name));
  }
  if (!choice.projection) return {};
  const auto unprojected = UnprojectedOf(table, index, AttributesOf(choice.projection));
  if (unprojected.empty()) return {};
  return InvalidParameters(fmt::format("Global secondary index {} does not project [{}]",
                                       index.name, fmt::join(unprojected, ", ")));
}

bool NeedsItems(const TableDescription& table, const IndexDescription& index,
                const PageChoice& choice) {
  if (index.projection.type == ProjectionType::kAll) return false;
  if (choice.select == Select::kAllAttributes) return true;
  const auto has_all = [&](const std::vector<std::string>& attributes) {
    return UnprojectedOf(table, index, attributes).empty();
  };
  return !has_all(AttributesOf(choice.projection)) ||
         (choice.filter && !has_all(choice.filter->attributes()));
}

// What an answer shows of each item. A local index fetches whole items for a filter too, and shows
// what it projects all the same.
std::optional<ProjectionExpression> ShownOf(const PageRange& range, const PageChoice& choice) {
  if (!range.fetches_items || choice.select != Select::kAllProjectedAttributes) {
    return choice.projection;
  }
  std::set<std::string> names(range.index->projection.non_key_attributes.begin(),
                              range.index->projection.non_key_attributes.end());
  for (const KeySchema* schema :
       {&range.table->description().key_schema, &range.index->key_schema}) {
    for (const KeySchemaElement& element : *schema) names.insert(element.attribute_name);
  }
  return ProjectionExpression::FromAttributeNames(ListOf(names));
}

// Decides from the attributes that the filter reads, and nothing more. Errors: InternalServerError
// for damaged bytes.
Result<bool> IsWanted(const std::optional<ConditionExpression>& filter, const ItemView& item) {
  if (!filter) return true;
  GRAMME_TRY(const Item attributes, FromStore(item.Decode(filter->attributes())));
  return filter->Holds(attributes);
}

Consumption ConsumptionOf(const PageRange& range, const PageEnd& end, bool is_consistent) {
  const double share = is_consistent ? 1 : 0.5;
  const double units = ReadUnits(end.evaluated_bytes) * share;
  Consumption consumption;
  if (range.index == nullptr) {
    consumption.table_units = units;
  } else {
    consumption.table_units = end.fetch_units * share;
    consumption.AddIndex(*range.index, units);
  }
  return consumption;
}

}  // namespace

std::string_view ProjectionParameter(const AttributesToGet& attributes_to_get,
                                     const std::optional<std::string>& projection_expression) {
  if (attributes_to_get) return "AttributesToGet";
  return projection_expression ? "ProjectionExpression" : std::string_view();
}

Result<Select> ResolveSelect(const std::optional<Select>& select, bool has_index,
                             std::string_view projection) {
  const bool has_projection = !projection.empty();
  if (!select) {
    if (has_projection) return Select::kSpecificAttributes;
    return has_index ? Select::kAllProjectedAttributes : Select::kAllAttributes;
  }
  if (*select == Select::kAllProjectedAttributes && !has_index) {
    return ValidationError(
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (*select == Select::kSpecificAttributes && !has_projection) {
    return ValidationError(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (*select != Select::kSpecificAttributes && has_projection) {
    return ValidationError(
        fmt::format("Cannot specify the {} when choosing to get {}", projection,
                    *select == Select::kCount ? "only the Count" : NameOf(*select)));
  }
  return *select;
}

Result<void> CheckPlaceholders(const ExpressionAttributeNames& names,
                               const ExpressionAttributeValues& values, bool takes_names,
                               bool takes_values, std::string_view absent) {
  GRAMME_RETURN_IF_ERROR(Placeholders(names, std::nullopt).CheckAllowed(takes_names));
  return Placeholders(std::nullopt, values).CheckAllowed(takes_values, absent);
}

Result<void> ParseExpressions(const std::optional<std::string>& filter_expression,
                              const std::optional<std::string>& projection_expression,
                              Placeholders& placeholders, PageChoice& choice) {
  if (filter_expression) {
    GRAMME_TRY(choice.filter,
               ConditionExpression::Parse("FilterExpression", *filter_expression, placeholders));
  }
  if (projection_expression) {
    GRAMME_TRY(choice.projection,
               ProjectionExpression::Parse(*projection_expression, placeholders));
  }
  return {};
}

std::vector<std::string> AttributesOf(const PageChoice& choice) {
  std::set<std::string> attributes;
  if (choice.select != Select::kSpecificAttributes) return {};
  choice.projection->CollectAttributes(attributes);
  if (choice.filter) {
    attributes.insert(choice.filter->attributes().begin(), choice.filter->attributes().end());
  }
  return ListOf(attributes);
}

Result<PageRange> SourceOf(const TableRef& table, const PageChoice& choice) {
  PageRange range;
  range.table = table;
  const TableDescription& description = table->description();
  GRAMME_RETURN_IF_ERROR(CheckProjection(*table, choice.projection));
  if (choice.filter) {
    GRAMME_RETURN_IF_ERROR(CheckKeyPaths(description, choice.filter->nested_attributes()));
  }
  if (!choice.index_name) return range;
  range.index = description.FindIndex(*choice.index_name);
  if (range.index == nullptr || range.index->status == IndexStatus::kDeleting) {
    return ValidationError("The table does not have the specified index: " + *choice.index_name);
  }
  if (range.index->is_global) {
    if (range.index->backfilling || range.index->status == IndexStatus::kCreating) {
      return ValidationError("Cannot read from backfilling global secondary index: " +
                             *choice.index_name);
    }
    GRAMME_RETURN_IF_ERROR(CheckGlobalIndex(description, *range.index, choice));
  } else {
    range.fetches_items = NeedsItems(description, *range.index, choice);
  }
  return range;
}

Result<PageResponse> AnswerPage(PageRange range, const PageChoice& choice,
                                const std::optional<ReturnConsumedCapacity>& asked,
                                OperationContext& context) {
  range.bytes_max = context.answer_bytes_max;
  PageResponse response;
  if (choice.select != Select::kCount) response.items.emplace();
  const std::optional<ProjectionExpression> shown = ShownOf(range, choice);
  const ItemProjector projector(shown);
  const auto visit = [&](const ItemView& item) -> Result<void> {
    GRAMME_TRY(const bool is_wanted, IsWanted(choice.filter, item));
    if (!is_wanted) return {};
    ++response.count;
    return response.items ? projector.Append(item, *response.items) : Result<void>();
  };
  GRAMME_TRY(PageEnd end, ReadPage(context.engine.store, context.tier, range, visit));
  response.scanned_count = end.evaluated_count;
  response.consumed_capacity = DescribeConsumption(
      asked, range.table->name(), ConsumptionOf(range, end, choice.consistent_read));
  response.last_evaluated_key = std::move(end.last_evaluated_key);
  return response;
}

}  // namespace gramme
