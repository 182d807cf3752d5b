// RaceActor: one of many clients who all try the same at the same moment, where exactly one may
// win: to make an item, to take the next version of it; and all to count.

#ifndef GRAMME_TESTS_ISOLATION_RACE_ACTOR_H_
#define GRAMME_TESTS_ISOLATION_RACE_ACTOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/client/crowd.h"

namespace gramme {

inline constexpr std::string_view kRaceTable = "Races";

// What each client tries in a round, one after the other.
enum class RaceStep : std::uint8_t { kCreate, kTakeVersion, kTakeInTransaction, kCount };
inline constexpr int kRaceStepCount = 4;

struct RaceResult {
  bool has_won = false;
  std::int64_t counted = 0;  // of kCount: what the counter stood at
};

class RaceActor : public Actor {
 public:
  RaceActor(int index, std::uint64_t round_count) : index_(index), round_count_(round_count) {}

  std::optional<ActorRequest> Next() override;
  std::optional<std::string> OnAnswer(const Answer& answer, Span span) override;

  // Of one step of one round.
  const RaceResult& result(std::uint64_t round, RaceStep step) const {
    return results_[round * kRaceStepCount + static_cast<std::uint64_t>(step)];
  }

 private:
  std::uint64_t round() const { return results_.size() / kRaceStepCount; }
  RaceStep step() const { return static_cast<RaceStep>(results_.size() % kRaceStepCount); }

  const int index_;
  const std::uint64_t round_count_;
  std::vector<RaceResult> results_;
};

std::string RaceKeyText(std::uint64_t round);

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_RACE_ACTOR_H_
