// Reading the answers of the simulated server: the workloads know their form, so searching the text
// is enough.

#ifndef GRAMME_TESTS_SIMULATION_REPLY_TEXT_H_
#define GRAMME_TESTS_SIMULATION_REPLY_TEXT_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace gramme {

// The whole numbers that follow each `start` in the text.
std::vector<std::uint64_t> NumbersAfter(std::string_view start, std::string_view text);

// How attribute `v` of type N begins.
inline constexpr std::string_view kValueStart = "\"v\":{\"N\":\"";

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_REPLY_TEXT_H_
