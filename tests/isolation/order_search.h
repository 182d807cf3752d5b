// The search for an order: whether operations on one item, of which only what they asked and what
// they were told is known, can have happened one after the other in an order that agrees with real
// time. After Wing and Gong ("Testing and verifying concurrent objects", 1993), with the memory of
// visited states that Lowe added. The time it takes grows fast with the number of clients.

#ifndef GRAMME_TESTS_ISOLATION_ORDER_SEARCH_H_
#define GRAMME_TESTS_ISOLATION_ORDER_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/client/crowd.h"

namespace gramme {

// An item, as far as the search knows one.
struct SearchState {
  bool exists = false;
  std::uint64_t value = 0;    // 0: the attribute is absent
  std::uint64_t counter = 0;  // the same

  bool operator==(const SearchState&) const = default;
};

enum class SearchKind : std::uint8_t {
  kRead,         // saw `state`
  kPut,          // of a value
  kCreate,       // of a value, if the item is absent
  kReplace,      // of `expected` by a value, which keeps the counter
  kRemove,       // whatever is there
  kRemoveValue,  // if the value is `expected`
  kAdd,          // one to the counter, which then stood at `state.counter`
};

struct SearchOperation {
  SearchKind kind = SearchKind::kRead;
  int actor = 0;
  bool is_refused = false;  // its condition did not hold
  std::uint64_t value = 0;
  std::uint64_t expected = 0;
  SearchState state;
  Span span;
};

// Nothing when there is such an order, the item being absent at first; else where the search came
// no further, or that it gave up after `state_count_max` states.
std::optional<std::string> FindNoOrder(std::string_view key,
                                       const std::vector<SearchOperation>& operations,
                                       std::size_t state_count_max);

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_ORDER_SEARCH_H_
