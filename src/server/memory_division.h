// How the one number `--memory` is divided between the store and the requests in work. What the
// store does with its part is in storage/rocksdb/memory_split.h; docs/reference/configuration.md
// tells operators.

#ifndef GRAMME_SERVER_MEMORY_DIVISION_H_
#define GRAMME_SERVER_MEMORY_DIVISION_H_

#include <algorithm>
#include <cstddef>

namespace gramme {

struct MemoryDivision {
  std::size_t store_bytes = 0;    // cache, memtables and the queue of commits
  std::size_t body_bytes = 0;     // bodies as they come in, and answers that clients do not take
  std::size_t request_bytes = 0;  // large requests decoded, and answers of many items
};

inline MemoryDivision DivideMemory(std::size_t total) {
  // Each holds the largest request alone, of 16 MB; more than the upper bound helps nobody.
  constexpr std::size_t kLeast = std::size_t{20} << 20;
  constexpr std::size_t kMost = std::size_t{512} << 20;
  // What a store works with at all.
  constexpr std::size_t kStoreLeast = std::size_t{16} << 20;
  MemoryDivision division;
  division.body_bytes = std::clamp(total / 8, kLeast, kMost);
  division.request_bytes = std::clamp(total / 8, kLeast, kMost);
  const std::size_t taken = division.body_bytes + division.request_bytes;
  division.store_bytes = std::max(total > taken ? total - taken : 0, kStoreLeast);
  return division;
}

}  // namespace gramme

#endif  // GRAMME_SERVER_MEMORY_DIVISION_H_
