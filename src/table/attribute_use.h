// Which attribute definitions a table needs: those of its keys and of its indexes' keys.

#ifndef GRAMME_TABLE_ATTRIBUTE_USE_H_
#define GRAMME_TABLE_ATTRIBUTE_USE_H_

#include "model/table_description.h"

namespace gramme {

// Removes the definitions that no key uses, as after an index has left the table.
void RemoveUnusedDefinitions(TableDescription& table);

}  // namespace gramme

#endif  // GRAMME_TABLE_ATTRIBUTE_USE_H_
