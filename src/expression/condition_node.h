// ConditionNode: a condition with its placeholders resolved, ready to be evaluated.
//
// Value types. Depth is bounded by the parser's caps, so that recursion over a tree, its destructor
// included, is bounded.

#ifndef GRAMME_EXPRESSION_CONDITION_NODE_H_
#define GRAMME_EXPRESSION_CONDITION_NODE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "expression/document_path.h"
#include "expression/placeholders.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

struct Operand {
  enum class Kind { kPath, kValue, kSizeOfPath, kSizeOfValue };
  Kind kind = Kind::kPath;
  DocumentPath path = {};                                 // kPath, kSizeOfPath
  std::shared_ptr<const AttributeValue> value = nullptr;  // kValue, kSizeOfValue

  bool is_size() const { return kind == Kind::kSizeOfPath || kind == Kind::kSizeOfValue; }
};

enum class ConditionKind {
  kAnd,
  kOr,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kBetween,
  kIn,
  kAttributeExists,
  kAttributeNotExists,
  kAttributeType,
  kBeginsWith,
  kContains,
};

// The operator or function as messages name it: `<>`, `BETWEEN`, `begins_with`.
std::string_view ConditionKindName(ConditionKind kind);

struct ConditionNode {
  ConditionKind kind = ConditionKind::kAnd;
  // kAnd and kOr: two or more. kNot: one.
  std::vector<ConditionNode> conditions = {};
  // As the operator takes them; of kAttributeType the path only.
  std::vector<Operand> operands = {};
  AttributeType attribute_type = AttributeType::kString;  // kAttributeType
};

// Text to tree, under the name of its parameter. Errors: as ConditionExpression::Parse.
Result<ConditionNode> ParseConditionNode(std::string_view parameter, std::string_view text,
                                         Placeholders& placeholders);

void ForEachPath(const ConditionNode& node, PathVisitor visit);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_CONDITION_NODE_H_
