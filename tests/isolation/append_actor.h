// AppendActor: a client of the list-append test. It appends to lists and reads them, one or several
// at once, with and without conditions on their lengths.

#ifndef GRAMME_TESTS_ISOLATION_APPEND_ACTOR_H_
#define GRAMME_TESTS_ISOLATION_APPEND_ACTOR_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "tests/client/crowd.h"
#include "tests/isolation/append_history.h"

namespace gramme {

inline constexpr std::string_view kListTable = "Lists";
inline constexpr int kSlotCount = 16;

// The lists in use: a slot goes on to a new list when enough was sent to the old one. Thread-safe.
class ListSlots {
 public:
  // The list of a slot to append to, or to read.
  int ForAppend(int slot);
  int ForRead(int slot) const;

 private:
  std::array<std::atomic<std::uint32_t>, kSlotCount> sent_counts_ = {};
};

std::string ListKeyJson(int key);
// The elements of an item's list; nothing when they are no numbers.
std::optional<List> ListIn(const Json& item);

class AppendActor : public Actor {
 public:
  struct Options {
    int index = 0;
    std::uint64_t transaction_count = 0;
    std::uint64_t seed = 1;
  };
  AppendActor(const Options& options, ListSlots& slots);

  std::optional<ActorRequest> Next() override;
  std::optional<std::string> OnAnswer(const Answer& answer, Span span) override;

  const std::vector<AppendTransaction>& transactions() const { return transactions_; }
  std::uint64_t refused_count() const { return refused_count_; }

 private:
  // So many different slots.
  std::vector<int> DrawSlots(std::uint64_t count_max);
  ActorRequest WriteMany();
  ActorRequest WriteOne();
  ActorRequest ReadMany();
  ActorRequest ReadOne();
  ActorRequest ReadBatch();
  Element NewElement() { return ++last_element_; }
  // `"ConditionExpression":…` and the value it needs; the length is what this client saw last.
  std::string LengthCondition(int key);
  std::optional<std::string> OnRefusal(const Answer& answer);
  // Takes the list that an item holds for what the read of this key saw.
  bool TakeList(ListRead& read, const Json& item);
  bool TakeAnswer(const Json& body);

  const Options options_;
  ListSlots& slots_;
  SeededRandom random_;
  Element last_element_;
  std::uint64_t sent_count_ = 0;
  std::uint64_t refused_count_ = 0;
  AppendTransaction current_;
  bool has_condition_ = false;
  std::unordered_map<int, std::size_t> lengths_;  // as last seen
  std::vector<AppendTransaction> transactions_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_APPEND_ACTOR_H_
