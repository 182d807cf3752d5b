// The rule that two paths of one projection or update may not be the same, lie inside each other,
// or take one value for a map and a list.

#ifndef GRAMME_EXPRESSION_PATH_RULES_H_
#define GRAMME_EXPRESSION_PATH_RULES_H_

#include <vector>

#include "expression/document_path.h"
#include "expression/path_tree.h"
#include "expression/resolver.h"
#include "model/api_error.h"

namespace gramme {

// All paths as one tree. Errors: `Two document paths overlap with each other; must remove or
// rewrite one of these paths; path one: [a], path two: [a, b]`, and its sibling for conflicts.
Result<PathTree> CombinePaths(const std::vector<DocumentPath>& paths, const Resolver& resolver);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_PATH_RULES_H_
