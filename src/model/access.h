// What a request asks permission for: derived from the request alone by each operation's
// Resources(), checked by auth/gate.h before the operation runs.

#ifndef GRAMME_MODEL_ACCESS_H_
#define GRAMME_MODEL_ACCESS_H_

#include <string>
#include <vector>

#include "model/attribute_value.h"

namespace gramme {

// Who asks. With authentication off everybody is the same principal.
struct Principal {
  std::string id = "anonymous";
};

struct Access {
  std::string action;    // `PutItem`; the `dynamodb:` prefix is added where policies are read
  std::string resource;  // a table name, an index `table/T/index/I`, an ARN, or `*`
  // Partition key values named by the request, where it names any.
  std::vector<AttributeValue> leading_keys = {};
  // Top-level attributes that the request reads, writes or tests. Empty: all of them.
  std::vector<std::string> attributes = {};
};

}  // namespace gramme

#endif  // GRAMME_MODEL_ACCESS_H_
