// What a request may do on its network loop, where others wait for it. What exceeds it starts again
// on the pool.

#ifndef GRAMME_TABLE_LOOP_BUDGET_H_
#define GRAMME_TABLE_LOOP_BUDGET_H_

#include <cstddef>

namespace gramme {

// Of items read, or taken apart under their lock.
inline constexpr std::size_t kLoopBytesMax = 64 * 1024;

}  // namespace gramme

#endif  // GRAMME_TABLE_LOOP_BUDGET_H_
