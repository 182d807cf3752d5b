#include "base/thread_priority.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace gramme {
namespace {

int OwnNiceness() { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())); }

TEST(ThreadPriorityTest, YieldingChangesTheCallingThreadAlone) {
  const int before = OwnNiceness();
  int within = 0;
  std::thread([&] {
    YieldToOthers(19);
    within = OwnNiceness();
  }).join();
  EXPECT_EQ(within, 19);
  EXPECT_EQ(OwnNiceness(), before);
}

TEST(ThreadPriorityTest, ShortSlicesKeepTheNiceness) {
  int within = 0;
  std::thread([&] {
    YieldToOthers(7);
    AskForShortSlices();
    within = OwnNiceness();
  }).join();
  EXPECT_EQ(within, 7);
}

}  // namespace
}  // namespace gramme
