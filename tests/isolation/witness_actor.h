// WitnessActor: a client of the witness test. It reads and writes single items of few, hot keys in
// every way the API has, and writes down what each answer saw.

#ifndef GRAMME_TESTS_ISOLATION_WITNESS_ACTOR_H_
#define GRAMME_TESTS_ISOLATION_WITNESS_ACTOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/client/crowd.h"
#include "tests/isolation/witness_history.h"
#include "tests/isolation/witness_item.h"

namespace gramme {

struct WitnessRecord {
  int key = 0;
  WitnessOperation operation;
};

class WitnessActor : public Actor {
 public:
  struct Options {
    int index = 0;
    int key_count = 1;
    std::uint64_t operation_count = 0;
    std::uint64_t seed = 1;
  };
  explicit WitnessActor(const Options& options);

  std::optional<ActorRequest> Next() override;
  std::optional<std::string> OnAnswer(const Answer& answer, Span span) override;

  const std::vector<WitnessRecord>& records() const { return records_; }

 private:
  enum class Condition { kNone, kAbsent, kLastSeen };
  // Where an answer shows the item that it saw.
  enum class Shown { kNothing, kItem, kItems, kBatch, kResponses, kAttributes };

  // What was sent.
  struct Sent {
    WitnessKey key;
    WitnessKind kind = WitnessKind::kRead;
    Condition condition = Condition::kNone;
    Shown shown = Shown::kNothing;
    Version wrote = 0;
    Version expected = 0;  // of kLastSeen
    std::string_view name;
  };

  ActorRequest Read();
  ActorRequest Write();
  ActorRequest WriteBlindly();
  ActorRequest WriteInTransaction();
  std::string ConditionJson() const;
  // The values of an update's or a transaction's expression, closed, with the condition's.
  std::string ConditionValue() const;

  std::optional<std::string> OnRefusal(const Answer& answer, const Json& body, Span span);
  // The item that a successful answer shows; null for none.
  const Json& ShownIn(const Json& body) const;
  void Record(WitnessKind kind, Version wrote, Version saw, Span span);
  std::string Blame(std::string_view what, const Answer& answer) const;

  const Options options_;
  SeededRandom random_;
  std::uint64_t sent_count_ = 0;
  Sent sent_;
  std::vector<Version> last_seen_;  // by key
  std::vector<WitnessRecord> records_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_WITNESS_ACTOR_H_
