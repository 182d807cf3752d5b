// What many clients did to one key, and the proof that it happened in one order that agrees with
// real time, or the reason why it did not.
//
// Every write has a version of its own, and nearly every answer tells which version it saw or
// replaced. So the answers themselves are the witness: they chain the writes of a key. A chain
// begins with a write of an absent item, or with one whose answer told nothing, and ends with a
// removal or with the next chain. Chains of one key are then put in an order in the manner of
// Gibbons and Korach ("Testing shared memories", 1997): those whose spans leave no choice first,
// the others where they fit; and one walk along that order looks for an operation that ended before
// one in front of it began. No step is more than n log n, and as each key is linearizable, so is
// the whole.

#ifndef GRAMME_TESTS_ISOLATION_WITNESS_HISTORY_H_
#define GRAMME_TESTS_ISOLATION_WITNESS_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/client/crowd.h"

namespace gramme {

// Numbers a write for ever; 0 stands for an absent item.
using Version = std::uint64_t;

enum class WitnessKind : std::uint8_t {
  kRead,        // saw a version, or nothing: a refused condition too
  kWrite,       // wrote a version in place of the one seen
  kRemove,      // removed the version seen
  kBlindWrite,  // wrote a version in place of it knows not which
};

struct WitnessOperation {
  WitnessKind kind = WitnessKind::kRead;
  std::uint16_t actor = 0;
  Version wrote = 0;
  Version saw = 0;
  Span span;
  std::string_view name;  // a literal
};

// Nothing when the operations of one key, absent at first, are linearizable; else the operations
// that cannot be so. A refused operation is one that saw, or is left out. REQUIRES: of a key with
// blind writes nothing is removed.
std::optional<std::string> FindWitnessViolation(std::string_view key,
                                                const std::vector<WitnessOperation>& operations);

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_WITNESS_HISTORY_H_
