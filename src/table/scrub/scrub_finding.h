// ScrubFinding: damage that a scrub has found. It names what is damaged and never tells what is
// stored: findings go into logs.

#ifndef GRAMME_TABLE_SCRUB_SCRUB_FINDING_H_
#define GRAMME_TABLE_SCRUB_SCRUB_FINDING_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/function_ref.h"

namespace gramme {

struct ScrubFinding {
  std::string place;  // a file; `table Music`, `table Music, index ByYear`, …
  std::string problem;
  // XXH3-64 of the stored key, which tells two keys apart and is none.
  std::optional<std::uint64_t> key_hash;
};

// `table Music, index ByYear, key 0123456789abcdef: an entry belongs to no item`
std::string ToText(const ScrubFinding& finding);

using FindingSink = FunctionRef<void(ScrubFinding finding)>;

}  // namespace gramme

#endif  // GRAMME_TABLE_SCRUB_SCRUB_FINDING_H_
