#include "benchmarks/cpu_time.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace gramme {

std::optional<std::chrono::nanoseconds> CpuTimeOf(pid_t pid) {
  std::error_code error;
  std::filesystem::directory_iterator tasks("/proc/" + std::to_string(pid) + "/task", error);
  if (error) return std::nullopt;
  std::int64_t sum = 0;
  for (const auto& task : tasks) {
    std::int64_t nanoseconds = 0;
    if (std::ifstream(task.path() / "schedstat") >> nanoseconds) sum += nanoseconds;
  }
  return std::chrono::nanoseconds(sum);
}

}  // namespace gramme
