// SearchActor: a client of the search test. It tells the history nothing but what it asked and
// whether that was done: writes return nothing.

#ifndef GRAMME_TESTS_ISOLATION_SEARCH_ACTOR_H_
#define GRAMME_TESTS_ISOLATION_SEARCH_ACTOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "tests/client/crowd.h"
#include "tests/isolation/order_search.h"

namespace gramme {

inline constexpr std::string_view kSearchTable = "Search";
// Of each client, on a key, before it goes on to the next.
inline constexpr std::uint64_t kOperationsPerKey = 50;

std::string SearchKeyText(int group, std::uint64_t number);

class SearchActor : public Actor {
 public:
  struct Options {
    int index = 0;
    int group = 0;  // those of one group share their keys
    std::uint64_t key_count = 0;
    std::uint64_t seed = 1;
  };
  explicit SearchActor(const Options& options) : options_(options), random_(options.seed) {}

  std::optional<ActorRequest> Next() override;
  std::optional<std::string> OnAnswer(const Answer& answer, Span span) override;

  // kOperationsPerKey of each key, one key after the other.
  const std::vector<SearchOperation>& operations() const { return operations_; }

 private:
  ActorRequest RequestFor(const SearchOperation& operation) const;
  std::string KeyText() const;

  const Options options_;
  SeededRandom random_;
  std::uint64_t last_seen_ = 0;  // of this key
  std::string_view name_;
  SearchOperation current_;
  std::vector<SearchOperation> operations_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_SEARCH_ACTOR_H_
