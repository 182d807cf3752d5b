// UpdateActions: an update with its placeholders resolved, ready to be applied.
//
// Value types, immutable once resolved. Depth is bounded by the parser's caps.

#ifndef GRAMME_EXPRESSION_UPDATE_ACTIONS_H_
#define GRAMME_EXPRESSION_UPDATE_ACTIONS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "expression/document_path.h"
#include "expression/path_tree.h"
#include "model/attribute_value.h"

namespace gramme {

struct UpdateOperand {
  enum class Kind { kPath, kValue, kIfNotExists, kListAppend };
  Kind kind = Kind::kValue;
  DocumentPath path = {};                                 // kPath, kIfNotExists
  std::shared_ptr<const AttributeValue> value = nullptr;  // kValue
  // kIfNotExists: what stands in for the path. kListAppend: both lists.
  std::vector<UpdateOperand> arguments = {};
};

enum class UpdateVerb { kSet, kRemove, kAdd, kDelete };
enum class Arithmetic { kNone, kAdd, kSubtract };

struct UpdateAction {
  UpdateVerb verb = UpdateVerb::kSet;
  std::size_t section = 0;  // its section's place in the expression
  DocumentPath path = {};
  // kSet: one, or two with arithmetic. kAdd and kDelete: one literal value. kRemove: none.
  std::vector<UpdateOperand> operands = {};
  Arithmetic arithmetic = Arithmetic::kNone;
};

// What the client sent. The legacy AttributeUpdates have texts of their own for what does not go
// with the item, and may ADD to a list.
enum class UpdateSource { kExpression, kAttributeUpdates };

struct UpdateActions {
  UpdateSource source = UpdateSource::kExpression;
  std::vector<UpdateAction> actions = {};  // as written; no two paths overlap
  PathTree paths = {};                     // the actions' paths
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_UPDATE_ACTIONS_H_
