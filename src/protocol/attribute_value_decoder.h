// Decoding attribute values: `{"S":"…"}` and so on, nested up to kNestingDepthMax levels.

#ifndef GRAMME_PROTOCOL_ATTRIBUTE_VALUE_DECODER_H_
#define GRAMME_PROTOCOL_ATTRIBUTE_VALUE_DECODER_H_

#include <expected>
#include <string>
#include <string_view>

#include "model/attribute_value.h"
#include "protocol/json_document.h"
#include "protocol/request_problems.h"

namespace gramme {

// A value that cannot be: DynamoDB's words, for a ValidationException. Empty: JSON of the wrong
// type, already told to the problems.
struct ValueRefusal {
  // Where DynamoDB's message tells the place as well: in the values of an expression, and in a
  // starting key.
  enum class Place { kTold, kToldInExpressions, kUntold };

  std::string message;
  Place place = Place::kTold;
};

using ValueResult = std::expected<void, ValueRefusal>;

// For an attribute without a name, in an item, a key or a map: as DynamoDB's guide says, one has a
// byte at least. The words are ours, after those for a name in ExpressionAttributeNames.
ValueResult CheckAttributeName(std::string_view name);

// `container_count` lists and maps stand around the value. The depth is checked before a level is
// entered.
ValueResult DecodeAttributeValue(dom::element element, int container_count, AttributeValue& out,
                                 RequestProblems& problems);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_ATTRIBUTE_VALUE_DECODER_H_
