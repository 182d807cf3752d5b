// The items of the large table `Large` and the requests for them: a function of their number, so
// that every answer can be checked and a broken load goes on where it was.
//
// Item i has the partition key `order#<i / 10>`, the sort key i % 10, and about 500 bytes of which
// a block compressor saves nothing.

#ifndef GRAMME_BENCHMARKS_SCALE_ITEMS_H_
#define GRAMME_BENCHMARKS_SCALE_ITEMS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gramme {

inline constexpr std::uint64_t kItemsPerPartition = 10;
inline constexpr std::uint64_t kItemsPerBatch = 25;

// Spreads numbers evenly over 64 bits (SplitMix64).
std::uint64_t Scatter(std::uint64_t number);

// The note of an item: 420 characters that only this item has.
std::string NoteOf(std::uint64_t item);

// Append one whole HTTP request.
void WriteGet(std::uint64_t item, std::string& bytes);
void WritePut(std::uint64_t item, std::string& bytes);
void WriteQuery(std::uint64_t partition, std::string& bytes);
// Items [first, end), at most kItemsPerBatch.
void WriteBatch(std::uint64_t first, std::uint64_t end, std::string& bytes);

}  // namespace gramme

#endif  // GRAMME_BENCHMARKS_SCALE_ITEMS_H_
