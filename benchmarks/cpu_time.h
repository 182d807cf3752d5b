// The processor time that a process has used, all its threads together.

#ifndef GRAMME_BENCHMARKS_CPU_TIME_H_
#define GRAMME_BENCHMARKS_CPU_TIME_H_

#include <sys/types.h>

#include <chrono>
#include <optional>

namespace gramme {

// To the nanosecond, from /proc/PID/task/*/schedstat; a thread that has ended is forgotten. Nothing
// when the process is gone.
std::optional<std::chrono::nanoseconds> CpuTimeOf(pid_t pid);

}  // namespace gramme

#endif  // GRAMME_BENCHMARKS_CPU_TIME_H_
