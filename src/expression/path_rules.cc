#include "expression/path_rules.h"

#include <fmt/core.h>

namespace gramme {

Result<PathTree> CombinePaths(const std::vector<DocumentPath>& paths, const Resolver& resolver) {
  PathTree tree;
  for (const DocumentPath& path : paths) {
    const auto clash = tree.Add(path);
    if (!clash) continue;
    return resolver.Problem(fmt::format(
        "Two document paths {} with each other; must remove or rewrite one of these paths; path "
        "one: {}, path two: {}",
        clash->kind == PathTree::Clash::Kind::kOverlap ? "overlap" : "conflict",
        FormatPathForMessage(paths[clash->earlier]), FormatPathForMessage(path)));
  }
  return tree;
}

}  // namespace gramme
