// The items of the witness test: every attribute is a function of key and version, so that one look
// tells which write made an item and whether any byte of it is wrong.

#ifndef GRAMME_TESTS_ISOLATION_WITNESS_ITEM_H_
#define GRAMME_TESTS_ISOLATION_WITNESS_ITEM_H_

#include <expected>
#include <string>
#include <string_view>

#include "tests/client/json.h"
#include "tests/isolation/witness_history.h"

namespace gramme {

// Half of the keys are in each; the second has a global index: its writes need the old item.
inline constexpr std::string_view kPlainTable = "Plain";
inline constexpr std::string_view kIndexedTable = "Indexed";

std::string IndexedTableBody();

struct WitnessKey {
  int index = 0;

  std::string_view table() const { return index % 2 == 0 ? kPlainTable : kIndexedTable; }
  // Items of these keys are never removed, and written without a look at what they replace.
  bool is_blind() const { return index % 8 >= 6; }
  // "w12"
  std::string text() const;
  // {"k":{"S":"w12"}}
  std::string json() const;
};

// {"k":…,"v":…,"p":…}
std::string ItemJson(const WitnessKey& key, Version version);
// `"UpdateExpression":…,"ExpressionAttributeValues":{…` up to the last value, so that more may
// follow: makes the item out of any other or of none.
std::string UpdateJson(const WitnessKey& key, Version version);
// {"N":"…"}
std::string VersionJson(Version version);

// The version that made the item; 0 for a null, which is what an absent member reads as. The error
// tells what is wrong with it.
std::expected<Version, std::string> VersionOf(const WitnessKey& key, const Json& item);

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_WITNESS_ITEM_H_
