// The effect of an update on an item.

#ifndef GRAMME_EXPRESSION_UPDATE_APPLY_H_
#define GRAMME_EXPRESSION_UPDATE_APPLY_H_

#include "expression/update_actions.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

// The item after the update; the old one stays as it is. All operands are read from the item as it
// was, and so are the list indexes of all paths. Errors: as UpdateExpression::Apply.
Result<Item> ApplyUpdate(const UpdateActions& update, const Item& old_item);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_UPDATE_APPLY_H_
