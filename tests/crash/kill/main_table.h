// The table of the crash test whose items must survive: 400 keys in 40 item collections, a local
// and a global index, both sparse. Every attribute is a function of the key and of the number of
// the write, so that one look at an item tells which write made it and whether any byte is wrong.

#ifndef GRAMME_TESTS_CRASH_KILL_MAIN_TABLE_H_
#define GRAMME_TESTS_CRASH_KILL_MAIN_TABLE_H_

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "tests/client/json.h"

namespace gramme {

inline constexpr std::string_view kMainTable = "Main";
inline constexpr std::string_view kGlobalIndex = "ByGroup";
inline constexpr std::string_view kLocalIndex = "ByRank";
inline constexpr int kKeyCount = 400;
inline constexpr int kKeysPerPartition = 10;
inline constexpr int kPartitionCount = kKeyCount / kKeysPerPartition;
inline constexpr int kGroupCount = 8;

// Numbers a write for ever: never used again, 0 for none.
using WriteId = std::uint64_t;

// By attribute name: type and text.
using Attributes = std::map<std::string, std::pair<std::string, std::string>, std::less<>>;

struct SeenItem {
  int key = 0;
  WriteId id = 0;
};

std::string CreateMainTableBody();
// What write `id` stores under `key`.
Attributes AttributesOf(int key, WriteId id);
bool IsInGlobalIndex(WriteId id);
bool IsInLocalIndex(WriteId id);

std::string PartitionName(int partition);
std::string GroupName(int group);
// The parts of requests, as JSON.
std::string KeyJson(int key);
std::string ItemJson(int key, WriteId id);
// `"UpdateExpression":…,"ExpressionAttributeNames":…,"ExpressionAttributeValues":…`, which makes
// the item of `id` out of any older one or of none.
std::string UpdateJson(int key, WriteId id);

// Which write made this item; the error tells what is wrong with it. Entries of the local index
// carry only the projected attributes: key, rank and id.
std::expected<SeenItem, std::string> ReadItem(const Json& item);
std::expected<SeenItem, std::string> ReadLocalIndexEntry(const Json& entry);

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_KILL_MAIN_TABLE_H_
