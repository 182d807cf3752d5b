// Reading the answers of the simulated server: the workloads know their form, so searching the text
// is enough.

#ifndef GRAMME_TESTS_SIMULATION_REPLY_TEXT_H_
#define GRAMME_TESTS_SIMULATION_REPLY_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gramme {

// The whole numbers that follow each `start` in the text.
std::vector<std::uint64_t> NumbersAfter(std::string_view start, std::string_view text);

// How often `part` occurs in the text.
std::size_t CountOf(std::string_view part, std::string_view text);

// The name of the error in the body of an answer; empty where there is none.
std::string_view ErrorNameIn(std::string_view body);

// How attribute `v` of type N begins.
inline constexpr std::string_view kValueStart = "\"v\":{\"N\":\"";

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_REPLY_TEXT_H_
