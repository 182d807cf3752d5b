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

void CollectAttributes(const ConditionNode& node, std::set<std::string>& attributes) {
  for (const ConditionNode& child : node.conditions) CollectAttributes(child, attributes);
  for (const Operand& operand : node.operands) {
    if (operand.kind == Operand::Kind::kPath || operand.kind == Operand::Kind::kSizeOfPath) {
      attributes.insert(operand.path.attribute);
    }
  }
}

struct ConditionExpression::Parsed {
  ConditionNode root;
  std::vector<std::string> attributes;
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
  CollectAttributes(root, attributes);
  return ConditionExpression(std::make_shared<const Parsed>(
      Parsed{.root = std::move(root), .attributes = {attributes.begin(), attributes.end()}}));
}

bool ConditionExpression::Holds(const Item& item) const { return Evaluate(parsed_->root, item); }

const std::vector<std::string>& ConditionExpression::attributes() const {
  return parsed_->attributes;
}

}  // namespace gramme
