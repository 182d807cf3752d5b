// The part of a read of many items that Query and Scan share: what may be asked of a table or an
// index, and the answer made from a page.

#ifndef GRAMME_API_QUERY_PAGE_READ_H_
#define GRAMME_API_QUERY_PAGE_READ_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/legacy/legacy_shapes.h"
#include "api/operation_context.h"
#include "api/query/page_shapes.h"
#include "expression/condition_expression.h"
#include "expression/placeholders.h"
#include "expression/projection_expression.h"
#include "model/api_error.h"
#include "table/query/page_reader.h"

namespace gramme {

// What a request chooses of the items that it evaluates.
struct PageChoice {
  std::optional<std::string> index_name;
  std::optional<ConditionExpression> filter;
  std::optional<ProjectionExpression> projection;
  Select select = Select::kAllAttributes;
  bool consistent_read = false;
};

// Select as it takes effect. `projection` is the parameter that chooses attributes, empty where
// there is none. Errors: ValidationException where it does not go with the index or the projection.
Result<Select> ResolveSelect(const std::optional<Select>& select, bool has_index,
                             std::string_view projection);

// What stands for the one or the other in the request: AttributesToGet, or an expression.
std::string_view ProjectionParameter(const AttributesToGet& attributes_to_get,
                                     const std::optional<std::string>& projection_expression);

// Names and values that no expression of the request can take; a projection takes no values.
// `absent` as Placeholders::CheckAllowed has it. Errors: ValidationException.
Result<void> CheckPlaceholders(const ExpressionAttributeNames& names,
                               const ExpressionAttributeValues& values, bool takes_names,
                               bool takes_values, std::string_view absent);

// Adds the filter and the projection of a request that has them as expressions. Errors:
// ValidationException.
Result<void> ParseExpressions(const std::optional<std::string>& filter_expression,
                              const std::optional<std::string>& projection_expression,
                              Placeholders& placeholders, PageChoice& choice);

// The attributes that the answer shows or the filter reads; empty: all.
std::vector<std::string> AttributesOf(const PageChoice& choice);

// Where to read, for a choice. Errors: ValidationException for an index that is absent, not built
// yet, or cannot give what is asked for.
Result<PageRange> SourceOf(const TableRef& table, const PageChoice& choice);

// Reads the page and makes the answer.
Result<PageResponse> AnswerPage(PageRange range, const PageChoice& choice,
                                const std::optional<ReturnConsumedCapacity>& asked,
                                OperationContext& context);

}  // namespace gramme

#endif  // GRAMME_API_QUERY_PAGE_READ_H_
