// The part of a single-item write that PutItem, DeleteItem and UpdateItem share.

#ifndef GRAMME_API_ITEM_ITEM_WRITE_H_
#define GRAMME_API_ITEM_ITEM_WRITE_H_

#include "api/item/item_rules.h"
#include "api/item/write_shapes.h"
#include "api/operation_context.h"
#include "model/api_error.h"
#include "model/attribute_value.h"
#include "table/item/item_writer.h"

namespace gramme {

// What a write did, and its answer without the item.
struct FinishedWrite {
  ItemChange change;
  SingleWriteResponse response;
};

// Finds the table and runs the write. `item` is the item of a put, otherwise the key. The answer, a
// refusal too, depends on what it read and wrote. Errors: those of FindTable, BindAction and
// WriteItem.
Result<FinishedWrite> RunWrite(WriteKind kind, const SingleWriteRequest& request, const Item& item,
                               const WriteExpressions& plan, OperationContext& context);

}  // namespace gramme

#endif  // GRAMME_API_ITEM_ITEM_WRITE_H_
