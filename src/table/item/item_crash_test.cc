// What a crash may and may not take apart, and that the planted bugs would be seen.

#include <gtest/gtest.h>

#include "base/planted_bug.h"
#include "table/item/item_writer.h"
#include "table/testing/item_world.h"
#include "table/transaction/transaction.h"

namespace gramme {
namespace {

// Durable up to the answer's position and nothing more: the worst a crash can do to an answered
// request.
class ItemCrashTest : public testing::Test {
 protected:
#ifdef GRAMME_PLANTED_BUGS
  ~ItemCrashTest() override { PlantBug(""); }
#endif

  void WriteAndCrash() {
    const ItemWrite write = world_.Write(world_.Put(item_));
    ASSERT_TRUE(write.change);
    CrashAfter(write.position);
  }
  void TransactAndCrash() {
    const auto outcome = RunTransaction(
        world_.store(), ReadTier::kDisk,
        {.actions = {world_.Put(item_)}, .token = RequestToken{"token", 1}, .now = {}});
    ASSERT_TRUE(outcome.result);
    CrashAfter(outcome.position);
  }
  std::size_t TokenCount() {
    return world_.Stored(static_cast<std::uint64_t>(kTokenKeyspace)).size();
  }

  ItemWorld world_{{.durability = MemoryDurability::kManual}};

 private:
  void CrashAfter(const Position& position) {
    world_.store().Flush(position);
    world_.store().Crash();
  }

  const Item item_ = {{"P", S("p")}, {"R", N(1)}, {"L", S("l")}};
};

TEST_F(ItemCrashTest, AnItemKeepsItsEntriesAndCounters) {
  WriteAndCrash();
  EXPECT_EQ(world_.Items().size(), 1U);
  world_.ExpectConsistent();
}

TEST_F(ItemCrashTest, ATransactionKeepsItsEntriesAndItsToken) {
  TransactAndCrash();
  EXPECT_EQ(world_.Items().size(), 1U);
  EXPECT_EQ(TokenCount(), 1U);
  world_.ExpectConsistent();
}

#ifdef GRAMME_PLANTED_BUGS
TEST_F(ItemCrashTest, EntriesOutsideTheBatchAreLost) {
  PlantBug("index_outside_batch");
  WriteAndCrash();
  EXPECT_EQ(world_.Items().size(), 1U);
  EXPECT_TRUE(world_.Stored(world_.index("lsi").keyspace).empty());
}

TEST_F(ItemCrashTest, EntriesOutsideTheBatchOfATransactionAreLost) {
  PlantBug("index_outside_batch");
  TransactAndCrash();
  EXPECT_TRUE(world_.Stored(world_.index("lsi").keyspace).empty());
  EXPECT_EQ(TokenCount(), 1U);
}

TEST_F(ItemCrashTest, ATokenOutsideTheBatchIsLost) {
  PlantBug("token_outside_batch");
  TransactAndCrash();
  EXPECT_EQ(world_.Items().size(), 1U);
  EXPECT_EQ(TokenCount(), 0U);
}
#endif

}  // namespace
}  // namespace gramme
