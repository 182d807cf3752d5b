// Writing stored items as JSON: from their bytes to text in one walk.

#ifndef GRAMME_PROTOCOL_JSON_ITEM_H_
#define GRAMME_PROTOCOL_JSON_ITEM_H_

#include <string>

#include "encoding/encoded_item.h"

namespace gramme {

// `{"name":{"S":"…"},…}`
void AppendJsonItem(const EncodedItem& item, std::string& out);
// `[{"name":{"S":"…"},…},…]`
void AppendJsonItems(const EncodedItems& items, std::string& out);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_JSON_ITEM_H_
