#include "tests/isolation/order_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace gramme {
namespace {

// The state after the operation; nothing where it would not have answered as it did.
std::optional<SearchState> Apply(const SearchState& state, const SearchOperation& operation) {
  const auto when = [&](bool holds, SearchState next) -> std::optional<SearchState> {
    if (operation.is_refused) return holds ? std::nullopt : std::optional(state);
    return holds ? std::optional(next) : std::nullopt;
  };
  const bool has_expected = state.exists && state.value == operation.expected;
  SearchState next = {.exists = true, .value = operation.value, .counter = 0};
  switch (operation.kind) {
    case SearchKind::kRead:
      return when(state == operation.state, state);
    case SearchKind::kPut:
      return next;
    case SearchKind::kCreate:
      return when(!state.exists, next);
    case SearchKind::kReplace:
      next.counter = state.counter;
      return when(has_expected, next);
    case SearchKind::kRemove:
      return SearchState{};
    case SearchKind::kRemoveValue:
      return when(has_expected, SearchState{});
    case SearchKind::kAdd:
      next = {.exists = true, .value = state.value, .counter = state.counter + 1};
      return when(next.counter == operation.state.counter, next);
  }
  return std::nullopt;
}

// A begin or an end of an operation, in a list ordered by time from which operations are lifted.
struct Event {
  std::size_t operation = 0;
  bool is_begin = false;
  std::size_t other = 0;  // the end of a begin
  std::size_t previous = 0;
  std::size_t next = 0;
};

class OrderSearch {
 public:
  OrderSearch(std::string_view key, const std::vector<SearchOperation>& operations)
      : key_(key), operations_(operations), done_(operations.size(), '0') {
    std::vector<std::pair<std::int64_t, Event>> sorted;
    for (std::size_t i = 0; i < operations.size(); ++i) {
      sorted.emplace_back(operations[i].span.begin, Event{.operation = i, .is_begin = true});
      sorted.emplace_back(operations[i].span.end, Event{.operation = i, .is_begin = false});
    }
    // Of what happens at one moment, begins come first: they overlap.
    std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) {
      if (a.first != b.first) return a.first < b.first;
      return a.second.is_begin && !b.second.is_begin;
    });
    events_.emplace_back();  // the head, whose next is the first
    std::vector<std::size_t> begins(operations.size());
    for (const auto& [time, event] : sorted) {
      const std::size_t place = events_.size();
      if (event.is_begin) begins[event.operation] = place;
      if (!event.is_begin) events_[begins[event.operation]].other = place;
      events_.push_back(event);
      events_[place].previous = place - 1;
      events_[place - 1].next = place;
    }
  }

  std::optional<std::string> Run(std::size_t state_count_max) {
    std::size_t at = events_[0].next;
    while (events_[0].next != 0) {
      const Event& event = events_[at];
      if (event.is_begin) {
        at = TryFirst(at) ? events_[0].next : event.next;
        continue;
      }
      if (visited_.size() > state_count_max) {
        return fmt::format("{}: the search gave up after {} states", key_, state_count_max);
      }
      if (steps_.size() >= deepest_) {
        deepest_ = steps_.size();
        stuck_ = event.operation;
        stuck_state_ = state_;
      }
      if (steps_.empty()) return Describe();
      at = TakeBack();
    }
    return std::nullopt;
  }

 private:
  struct Step {
    std::size_t event;
    SearchState state;  // before it
  };

  // Takes the operation for the next in order, unless it cannot be, or that led nowhere before.
  bool TryFirst(std::size_t at) {
    const std::size_t operation = events_[at].operation;
    const std::optional<SearchState> next = Apply(state_, operations_[operation]);
    if (!next) return false;
    done_[operation] = '1';
    const std::string mark =
        fmt::format("{}{}.{}.{}", done_, next->exists, next->value, next->counter);
    if (!visited_.insert(mark).second) {
      done_[operation] = '0';
      return false;
    }
    steps_.push_back({.event = at, .state = state_});
    state_ = *next;
    for (const std::size_t place : {at, events_[at].other}) {
      events_[events_[place].previous].next = events_[place].next;
      if (events_[place].next != 0) events_[events_[place].next].previous = events_[place].previous;
    }
    return true;
  }

  // Puts the last one back, and returns where to go on.
  std::size_t TakeBack() {
    const Step step = steps_.back();
    steps_.pop_back();
    state_ = step.state;
    done_[events_[step.event].operation] = '0';
    for (const std::size_t place : {events_[step.event].other, step.event}) {
      events_[events_[place].previous].next = place;
      if (events_[place].next != 0) events_[events_[place].next].previous = place;
    }
    return events_[step.event].next;
  }

  std::string Describe() const {
    const SearchOperation& stuck = operations_[stuck_];
    std::vector<const SearchOperation*> shown;
    for (const SearchOperation& operation : operations_) {
      const bool overlaps =
          operation.span.begin <= stuck.span.end && operation.span.end >= stuck.span.begin;
      if (overlaps && &operation != &stuck) shown.push_back(&operation);
    }
    std::string text = fmt::format(
        "{}: after {} operations in order, the item being {}, none of these can have come next:",
        key_, deepest_, Show(stuck_state_));
    shown.insert(shown.begin(), &stuck);
    for (const SearchOperation* operation : shown) {
      text +=
          fmt::format("\n  [{} .. {}] ns, client {}: {}", operation->span.begin - stuck.span.begin,
                      operation->span.end - stuck.span.begin, operation->actor, Show(*operation));
    }
    return text;
  }

  static std::string Show(const SearchState& state) {
    if (!state.exists) return "absent";
    return fmt::format("value {:x}, counter {}", state.value, state.counter);
  }

  static std::string Show(const SearchOperation& operation) {
    constexpr std::string_view kNames[] = {"read",   "put",          "create", "replace",
                                           "remove", "remove value", "add"};
    std::string text(kNames[static_cast<std::size_t>(operation.kind)]);
    if (operation.expected != 0) text += fmt::format(" {:x}", operation.expected);
    if (operation.value != 0) text += fmt::format(" to {:x}", operation.value);
    if (operation.kind == SearchKind::kRead) text += ": " + Show(operation.state);
    if (operation.kind == SearchKind::kAdd) text += fmt::format(": {}", operation.state.counter);
    return text + (operation.is_refused ? ": refused" : "");
  }

  const std::string_view key_;
  const std::vector<SearchOperation>& operations_;
  std::vector<Event> events_;
  SearchState state_;
  std::string done_;  // a digit for each operation
  std::vector<Step> steps_;
  std::unordered_set<std::string> visited_;
  std::size_t deepest_ = 0;
  std::size_t stuck_ = 0;
  SearchState stuck_state_;
};

}  // namespace

std::optional<std::string> FindNoOrder(std::string_view key,
                                       const std::vector<SearchOperation>& operations,
                                       std::size_t state_count_max) {
  return OrderSearch(key, operations).Run(state_count_max);
}

}  // namespace gramme
