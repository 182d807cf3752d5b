// ItemProjector: what a request shows of each item that it reads. Whole items and whole attributes
// go to the answer as they are stored; only paths into an attribute need a tree of it.

#ifndef GRAMME_API_ITEM_ITEM_PROJECTOR_H_
#define GRAMME_API_ITEM_ITEM_PROJECTOR_H_

#include <optional>
#include <string>
#include <vector>

#include "encoding/encoded_item.h"
#include "expression/projection_expression.h"
#include "model/api_error.h"

namespace gramme {

// For one run of one request; borrows the projection. An item of which it finds nothing is empty.
class ItemProjector {
 public:
  // Nothing: everything.
  explicit ItemProjector(const std::optional<ProjectionExpression>& projection);

  // Errors: InternalServerError for damaged bytes, of both.
  Result<EncodedItem> Project(EncodedItem item) const;
  Result<void> Append(const ItemView& item, EncodedItems& out) const;

 private:
  const ProjectionExpression* const projection_;
  const bool is_top_level_;
  std::vector<std::string> names_;  // the top-level attributes, in order
};

}  // namespace gramme

#endif  // GRAMME_API_ITEM_ITEM_PROJECTOR_H_
