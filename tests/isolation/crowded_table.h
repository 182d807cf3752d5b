// The table of the paging test with writers: 6 item collections of 80 items. Those with an even
// sort key are stable: always there, with the same keys in the table and its indexes, though every
// other one of them is updated all the while. The others come, change their place in the indexes,
// and go. Besides, pairs of items that are only written together.

#ifndef GRAMME_TESTS_ISOLATION_CROWDED_TABLE_H_
#define GRAMME_TESTS_ISOLATION_CROWDED_TABLE_H_

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "tests/client/json.h"
#include "tests/client/requests.h"

namespace gramme {

inline constexpr std::string_view kCrowdedTable = "Crowded";
inline constexpr std::string_view kCrowdedGlobalIndex = "Global";
inline constexpr std::string_view kCrowdedLocalIndex = "Local";
inline constexpr int kCrowdedPartitionCount = 6;
inline constexpr int kCrowdedSortCount = 80;
inline constexpr int kCrowdedGroupCount = 3;
inline constexpr int kPairCount = 8;

struct CrowdedKey {
  int partition = 0;
  int sort = 0;

  auto operator<=>(const CrowdedKey&) const = default;
  bool is_stable() const { return sort % 2 == 0; }
  std::string ToJson() const;
};

// Of one version of an item, whole: group, rank and text follow from key and version. A stable item
// has version 0 for ever.
struct CrowdedItem {
  CrowdedKey key;
  std::uint64_t version = 0;

  int group() const;
  int rank() const;
  std::string ToJson() const;
};

Asked<void> CreateCrowdedTable(Connection& connection);
// The item that an answer shows, with any count of updates. The error tells what is wrong with it.
// Items of pairs are none.
std::expected<CrowdedItem, std::string> ReadCrowdedItem(const Json& item);

// {"k":{"S":"pair3"},"s":{"N":"0"}}, `half` being 0 or 1.
std::string PairKeyJson(int pair, int half);
std::string PairItemJson(int pair, int half, std::uint64_t version);

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_CROWDED_TABLE_H_
