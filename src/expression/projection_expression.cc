#include "expression/projection_expression.h"

#include <algorithm>
#include <utility>

#include "base/result.h"
#include "expression/parser.h"
#include "expression/path_rules.h"
#include "expression/resolver.h"
#include "expression/structure_rules.h"

namespace gramme {
namespace {

constexpr std::string_view kParameter = "ProjectionExpression";

Result<std::vector<SyntaxOperand>> ParsePaths(std::string_view text) {
  GRAMME_TRY(Parser parser, Parser::Make(kParameter, text));
  std::vector<SyntaxOperand> paths;
  do {
    GRAMME_TRY(paths.emplace_back(), parser.ParsePath());
  } while (parser.Accept(TokenKind::kComma));
  GRAMME_RETURN_IF_ERROR(parser.Expect(TokenKind::kEnd));
  return paths;
}

}  // namespace

ProjectionExpression::ProjectionExpression(std::vector<DocumentPath> paths, PathTree tree)
    : paths_(std::move(paths)), tree_(std::make_shared<const PathTree>(std::move(tree))) {}

Result<ProjectionExpression> ProjectionExpression::Parse(std::string_view text,
                                                         Placeholders& placeholders) {
  GRAMME_TRY(const std::vector<SyntaxOperand> syntax, ParsePaths(text));
  for (const SyntaxOperand& path : syntax) {
    GRAMME_RETURN_IF_ERROR(CheckPathStructure(kParameter, path));
  }
  Resolver resolver(kParameter, placeholders);
  std::vector<DocumentPath> paths;
  for (const SyntaxOperand& path : syntax) {
    GRAMME_TRY(paths.emplace_back(), resolver.Path(path));
  }
  GRAMME_TRY(PathTree tree, CombinePaths(paths, resolver));
  return ProjectionExpression(std::move(paths), std::move(tree));
}

ProjectionExpression ProjectionExpression::FromAttributeNames(
    const std::vector<std::string>& names) {
  std::vector<DocumentPath> paths;
  for (const std::string& name : names) paths.push_back({.attribute = name, .elements = {}});
  return FromPaths(std::move(paths));
}

ProjectionExpression ProjectionExpression::FromPaths(std::vector<DocumentPath> paths) {
  PathTree tree;
  std::erase_if(paths, [&](const DocumentPath& path) { return tree.Add(path).has_value(); });
  return {std::move(paths), std::move(tree)};
}

Item ProjectionExpression::Apply(const Item& item) const { return tree_->Select(item); }

bool ProjectionExpression::IsTopLevel() const {
  return std::ranges::all_of(paths_,
                             [](const DocumentPath& path) { return path.elements.empty(); });
}

std::vector<std::string> ProjectionExpression::NestedAttributes() const {
  std::set<std::string> nested;
  for (const DocumentPath& path : paths_) {
    if (!path.elements.empty()) nested.insert(path.attribute);
  }
  return {nested.begin(), nested.end()};
}

void ProjectionExpression::CollectAttributes(std::set<std::string>& attributes) const {
  for (const DocumentPath& path : paths_) attributes.insert(path.attribute);
}

}  // namespace gramme
