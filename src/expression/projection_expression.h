// ProjectionExpression: which parts of an item to return.

#ifndef GRAMME_EXPRESSION_PROJECTION_EXPRESSION_H_
#define GRAMME_EXPRESSION_PROJECTION_EXPRESSION_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "expression/document_path.h"
#include "expression/placeholders.h"
#include "model/api_error.h"

namespace gramme {

class ProjectionExpression {
 public:
  // Errors as ConditionExpression::Parse, and overlapping or conflicting paths.
  static Result<ProjectionExpression> Parse(std::string_view text, Placeholders& placeholders);
  // The legacy AttributesToGet: top-level names.
  static ProjectionExpression FromAttributeNames(const std::vector<std::string>& names);
  static ProjectionExpression FromPaths(std::vector<DocumentPath> paths);

  // What the paths find in `item`; chosen list elements are returned in their order, without gaps.
  Item Apply(const Item& item) const;

  void CollectAttributes(std::set<std::string>& attributes) const;
  const std::vector<DocumentPath>& paths() const { return paths_; }

 private:
  std::vector<DocumentPath> paths_;
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_PROJECTION_EXPRESSION_H_
