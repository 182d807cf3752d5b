#include "expression/condition_expression.h"

#include <set>
#include <utility>

#include "base/result.h"
#include "expression/condition_node.h"
#include "expression/condition_parser.h"
#include "expression/condition_resolver.h"
#include "expression/evaluator.h"
#include "expression/structure_rules.h"

namespace gramme {

Result<ConditionNode> ParseConditionNode(std::string_view parameter, std::string_view text,
                                         Placeholders& placeholders) {
  GRAMME_TRY(Parser parser, Parser::Make(parameter, text));
  GRAMME_TRY(const SyntaxCondition syntax, ParseCondition(parser));
  GRAMME_RETURN_IF_ERROR(CheckConditionStructure(parameter, syntax));
  Resolver resolver(parameter, placeholders);
  return ResolveCondition(syntax, resolver);
}

void ForEachPath(const ConditionNode& node, PathVisitor visit) {
  for (const ConditionNode& child : node.conditions) ForEachPath(child, visit);
  for (const Operand& operand : node.operands) {
    if (operand.kind == Operand::Kind::kPath || operand.kind == Operand::Kind::kSizeOfPath) {
      visit(operand.path);
    }
  }
}

struct ConditionExpression::Parsed {
  ConditionNode root;
  std::vector<std::string> attributes;
  std::vector<std::string> nested_attributes;
};

ConditionExpression::ConditionExpression(std::shared_ptr<const Parsed> parsed)
    : parsed_(std::move(parsed)) {}

Result<ConditionExpression> ConditionExpression::Parse(std::string_view parameter,
                                                       std::string_view text,
                                                       Placeholders& placeholders) {
  GRAMME_TRY(ConditionNode root, ParseConditionNode(parameter, text, placeholders));
  return FromNode(std::move(root));
}

ConditionExpression ConditionExpression::FromNode(ConditionNode root) {
  std::set<std::string> attributes;
  std::set<std::string> nested;
  ForEachPath(root, [&](const DocumentPath& path) {
    attributes.insert(path.attribute);
    if (!path.elements.empty()) nested.insert(path.attribute);
  });
  return ConditionExpression(
      std::make_shared<const Parsed>(Parsed{.root = std::move(root),
                                            .attributes = {attributes.begin(), attributes.end()},
                                            .nested_attributes = {nested.begin(), nested.end()}}));
}

bool ConditionExpression::Holds(const Item& item) const { return Evaluate(parsed_->root, item); }

const std::vector<std::string>& ConditionExpression::attributes() const {
  return parsed_->attributes;
}

const std::vector<std::string>& ConditionExpression::nested_attributes() const {
  return parsed_->nested_attributes;
}

}  // namespace gramme
