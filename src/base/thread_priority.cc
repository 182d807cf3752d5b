#include "base/thread_priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace gramme {
namespace {

// As the kernel has it (sched_setattr(2)); the C library does not.
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes);
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0;
  std::uint64_t deadline_ns = 0;
  std::uint64_t period_ns = 0;
};

// The shortest that the kernel takes.
constexpr std::uint64_t kShortSliceNs = 100'000;

}  // namespace

void AskForShortSlices() {
  SchedulingAttributes attributes;
  attributes.nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
  attributes.runtime_ns = kShortSliceNs;
  static_cast<void>(::syscall(SYS_sched_setattr, 0, &attributes, 0));
}

void YieldToOthers(int niceness) {
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness));
}

}  // namespace gramme
