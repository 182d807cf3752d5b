#include "storage/key.h"

#include <gtest/gtest.h>

namespace gramme {
namespace {

TEST(KeyTest, OrdersBytesAsUnsignedInsideAKeyspace) {
  const Key low{.keyspace = kFirstFreeKeyspace, .placement = 0, .bytes = "\x7f"};
  const Key high{.keyspace = kFirstFreeKeyspace, .placement = 0, .bytes = "\x80"};
  EXPECT_LT(low, high);
}

TEST(KeyTest, FixedKeyspacesAreBelowTheFreeOnes) {
  for (const KeyspaceId keyspace :
       {kStoreKeyspace, kCatalogKeyspace, kJobKeyspace, kTokenKeyspace}) {
    EXPECT_LT(keyspace, kFirstFreeKeyspace);
  }
}

TEST(PositionTest, DefaultIsBeforeEveryCommit) {
  EXPECT_EQ(Position().commit_number(), 0u);
  EXPECT_EQ(Position(), Position(GroupId{0}, 0, 0));
}

TEST(PositionTest, DiffersByGroupEpochAndNumber) {
  const Position position(GroupId{1}, 2, 3);
  EXPECT_EQ(position, Position(GroupId{1}, 2, 3));
  EXPECT_NE(position, Position(GroupId{2}, 2, 3));
  EXPECT_NE(position, Position(GroupId{1}, 3, 3));
  EXPECT_NE(position, Position(GroupId{1}, 2, 4));
}

}  // namespace
}  // namespace gramme
