#include "tests/isolation/witness_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

namespace gramme {
namespace {

constexpr std::size_t kShownCountMax = 12;
constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

// What is known of one version.
struct VersionState {
  const WitnessOperation* writer = nullptr;
  const WitnessOperation* successor = nullptr;
  std::vector<const WitnessOperation*> readers;
};

// Operations that follow each other without a gap.
struct Chain {
  std::vector<const WitnessOperation*> operations;
  bool is_open = false;  // its last version was never removed
  std::int64_t end_min = kLast;
  std::int64_t begin_max = kFirst;
  std::int64_t place = kFirst;

  void Append(const WitnessOperation* operation) {
    operations.push_back(operation);
    end_min = std::min(end_min, operation->span.end);
    begin_max = std::max(begin_max, operation->span.begin);
  }
  // Some of it surely came before some other of it: it covers the time between the two.
  bool IsForward() const { return end_min < begin_max; }
};

class WitnessCheck {
 public:
  WitnessCheck(std::string_view key, const std::vector<WitnessOperation>& operations)
      : key_(key), operations_(operations) {}

  std::optional<std::string> Run() {
    if (auto wrong = LinkVersions()) return wrong;
    if (auto wrong = BuildChains()) return wrong;
    PlaceChains();
    return WalkThrough();
  }

 private:
  using Pointers = std::vector<const WitnessOperation*>;

  std::optional<std::string> LinkVersions() {
    for (const WitnessOperation& operation : operations_) {
      if (operation.wrote != 0) versions_[operation.wrote].writer = &operation;
      if (operation.kind == WitnessKind::kBlindWrite) has_blind_writes_ = true;
    }
    for (const WitnessOperation& operation : operations_) {
      if (operation.saw == 0) continue;
      const auto found = versions_.find(operation.saw);
      if (found == versions_.end()) return Blame("a version that nobody wrote", {&operation});
      VersionState& state = found->second;
      if (operation.kind == WitnessKind::kRead) {
        state.readers.push_back(&operation);
      } else if (state.successor != nullptr) {
        return Blame("one version replaced twice", {state.writer, state.successor, &operation});
      } else {
        state.successor = &operation;
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> BuildChains() {
    std::size_t placed_count = 0;
    Chain initial;  // with blind writes, an absent item is the one at the beginning
    for (const WitnessOperation& operation : operations_) {
      const bool is_absent_read = operation.kind == WitnessKind::kRead && operation.saw == 0;
      const bool is_head = operation.kind == WitnessKind::kBlindWrite ||
                           (operation.kind == WitnessKind::kWrite && operation.saw == 0);
      if (is_absent_read && has_blind_writes_) {
        initial.Append(&operation);
      } else if (is_absent_read) {
        chains_.emplace_back().Append(&operation);
      } else if (is_head) {
        chains_.push_back(ChainFrom(operation));
      } else {
        continue;
      }
      if (!is_absent_read) placed_count += chains_.back().operations.size();
      if (is_absent_read) ++placed_count;
    }
    if (!initial.operations.empty()) chains_.push_back(std::move(initial));
    if (placed_count == operations_.size()) return has_blind_writes_ ? std::nullopt : CheckOpen();
    return fmt::format("{}: versions that replaced each other in a circle", key_);
  }

  Chain ChainFrom(const WitnessOperation& head) const {
    Chain chain;
    const WitnessOperation* writer = &head;
    while (writer != nullptr) {
      chain.Append(writer);
      chain.is_open = writer->kind != WitnessKind::kRemove;
      if (!chain.is_open) break;
      const VersionState& state = versions_.at(writer->wrote);
      for (const WitnessOperation* reader : state.readers) chain.Append(reader);
      writer = state.successor;
    }
    return chain;
  }

  // Without blind writes, a chain begins where nothing is: each but one ended with a removal.
  std::optional<std::string> CheckOpen() const {
    const Chain* open = nullptr;
    for (const Chain& chain : chains_) {
      if (!chain.is_open) continue;
      if (open != nullptr) {
        return Blame("two versions in the place of nothing, and neither was removed",
                     {open->operations.front(), chain.operations.front()});
      }
      open = &chain;
    }
    return std::nullopt;
  }

  void PlaceChains() {
    std::vector<std::pair<std::int64_t, std::int64_t>> forward;
    for (const Chain& chain : chains_) {
      if (chain.IsForward()) forward.emplace_back(chain.end_min, chain.begin_max);
    }
    std::ranges::sort(forward);
    for (Chain& chain : chains_) chain.place = PlaceOf(chain, forward);
    // What goes to the end of a forward chain comes behind it, and before the next.
    std::ranges::sort(chains_, [](const Chain& a, const Chain& b) {
      if (a.place != b.place) return a.place < b.place;
      return !a.IsForward() && b.IsForward();
    });
  }

  std::int64_t PlaceOf(const Chain& chain,
                       const std::vector<std::pair<std::int64_t, std::int64_t>>& forward) const {
    const bool is_initial = has_blind_writes_ && chain.operations.front()->wrote == 0;
    if (is_initial) return kFirst;
    if (chain.is_open && !has_blind_writes_) return kLast;
    if (chain.IsForward()) return chain.end_min;
    const auto after = std::ranges::upper_bound(forward, std::pair(chain.begin_max, kLast));
    if (after == forward.begin()) return chain.begin_max;
    return std::max(chain.begin_max, std::prev(after)->second);
  }

  // The order is right when nothing ended before anything in front of it began. Reads of one
  // version may come in any order, so they are compared with what is in front of all of them.
  std::optional<std::string> WalkThrough() const {
    const WitnessOperation* latest = nullptr;  // began last of all in front
    Pointers order;
    for (const Chain& chain : chains_) {
      const WitnessOperation* latest_reader = nullptr;
      for (const WitnessOperation* operation : chain.operations) {
        const bool is_read = operation->kind == WitnessKind::kRead;
        if (!is_read) latest = Later(latest, std::exchange(latest_reader, nullptr));
        if (latest != nullptr && operation->span.end < latest->span.begin) {
          return BlameOrder(order, *latest, *operation);
        }
        WitnessOperation const*& place = is_read ? latest_reader : latest;
        place = Later(place, operation);
        order.push_back(operation);
      }
      latest = Later(latest, latest_reader);
    }
    return std::nullopt;
  }

  static const WitnessOperation* Later(const WitnessOperation* a, const WitnessOperation* b) {
    if (a == nullptr || b == nullptr) return a == nullptr ? b : a;
    return a->span.begin < b->span.begin ? b : a;
  }

  // `late` must come after `early`, for versions say so, and ended before it began.
  std::string BlameOrder(const Pointers& order, const WitnessOperation& early,
                         const WitnessOperation& late) const {
    Pointers shown = {&early};
    const auto begin = std::ranges::find(order, &early);
    for (auto place = begin + 1; place != order.end(); ++place) {
      if ((*place)->kind != WitnessKind::kRead) shown.push_back(*place);
    }
    if (shown.size() > kShownCountMax) {
      shown.erase(shown.begin() + kShownCountMax / 2, shown.end() - kShownCountMax / 2);
    }
    if (const auto found = versions_.find(late.saw); found != versions_.end()) {
      const WitnessOperation* writer = found->second.writer;
      if (std::ranges::find(shown, writer) == shown.end()) shown.push_back(writer);
    }
    shown.push_back(&late);
    return Blame(
        "an order of versions against real time: the last operation ended before the first began, "
        "yet it comes behind it",
        shown);
  }

  std::string Blame(std::string_view what, const Pointers& operations) const {
    std::int64_t start = kLast;
    for (const WitnessOperation* operation : operations) {
      start = std::min(start, operation->span.begin);
    }
    std::string text = fmt::format("{}: {}", key_, what);
    for (const WitnessOperation* operation : operations) {
      text += fmt::format("\n  [{} .. {}] ns, client {}: {}", operation->span.begin - start,
                          operation->span.end - start, operation->actor, operation->name);
      if (operation->kind != WitnessKind::kBlindWrite) {
        text += fmt::format(", saw {:x}", operation->saw);
      }
      if (operation->wrote != 0) text += fmt::format(", wrote {:x}", operation->wrote);
    }
    return text;
  }

  const std::string_view key_;
  const std::vector<WitnessOperation>& operations_;
  bool has_blind_writes_ = false;
  std::unordered_map<Version, VersionState> versions_;
  std::vector<Chain> chains_;
};

}  // namespace

std::optional<std::string> FindWitnessViolation(std::string_view key,
                                                const std::vector<WitnessOperation>& operations) {
  return WitnessCheck(key, operations).Run();
}

}  // namespace gramme
