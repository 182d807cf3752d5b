#include "base/wake_batch.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace gramme {
namespace {

class CountingSleeper final : public Sleeper {
 public:
  void Wake() override { ++count; }
  int count = 0;
};

TEST(WakeBatchTest, WakesAtOnceWithoutABatch) {
  const auto sleeper = std::make_shared<CountingSleeper>();
  WakeBatch::WakeSoon(sleeper);
  WakeBatch::WakeSoon(sleeper);
  EXPECT_EQ(sleeper->count, 2);
}

TEST(WakeBatchTest, WakesEachOnceWhenTheOutermostBatchCloses) {
  const auto first = std::make_shared<CountingSleeper>();
  const auto second = std::make_shared<CountingSleeper>();
  {
    const WakeBatch outer;
    {
      const WakeBatch inner;
      WakeBatch::WakeSoon(first);
      WakeBatch::WakeSoon(first);
    }
    WakeBatch::WakeSoon(first);
    WakeBatch::WakeSoon(second);
    EXPECT_EQ(first->count, 0);
  }
  EXPECT_EQ(first->count, 1);
  EXPECT_EQ(second->count, 1);
  EXPECT_EQ(first.use_count(), 1);
}

TEST(WakeBatchTest, ABatchIsOfItsThreadAlone) {
  const auto sleeper = std::make_shared<CountingSleeper>();
  const WakeBatch batch;
  std::thread([&] { WakeBatch::WakeSoon(sleeper); }).join();
  EXPECT_EQ(sleeper->count, 1);
}

}  // namespace
}  // namespace gramme
