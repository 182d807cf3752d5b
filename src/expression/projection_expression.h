// ProjectionExpression: which parts of an item to return.

#ifndef GRAMME_EXPRESSION_PROJECTION_EXPRESSION_H_
#define GRAMME_EXPRESSION_PROJECTION_EXPRESSION_H_

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "expression/document_path.h"
#include "expression/path_tree.h"
#include "expression/placeholders.h"
#include "model/api_error.h"

namespace gramme {

class ProjectionExpression {
 public:
  // Errors as ConditionExpression::Parse, and overlapping or conflicting paths.
  static Result<ProjectionExpression> Parse(std::string_view text, Placeholders& placeholders);
  // The legacy AttributesToGet: top-level names.
  static ProjectionExpression FromAttributeNames(const std::vector<std::string>& names);
  // A path that clashes with an earlier one is left out. REQUIRES: none longer than
  // kNestingDepthMax.
  static ProjectionExpression FromPaths(std::vector<DocumentPath> paths);

  // What the paths find in `item`; chosen list elements are returned in their order, without gaps.
  // A map or list in which nothing is found is left out.
  Item Apply(const Item& item) const;

  void CollectAttributes(std::set<std::string>& attributes) const;
  // Those that it looks into: `a.b`, `a[0]`; in order.
  std::vector<std::string> NestedAttributes() const;
  // Whether every path is the name of an attribute and nothing more.
  bool IsTopLevel() const;
  const std::vector<DocumentPath>& paths() const { return paths_; }

 private:
  ProjectionExpression(std::vector<DocumentPath> paths, PathTree tree);

  std::vector<DocumentPath> paths_;
  std::shared_ptr<const PathTree> tree_;  // shared: copies of an expression are cheap
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_PROJECTION_EXPRESSION_H_
