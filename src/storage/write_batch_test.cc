#include "storage/write_batch.h"

#include <gtest/gtest.h>

namespace gramme {
namespace {

Key KeyOf(std::string bytes) {
  return {.keyspace = kFirstFreeKeyspace, .placement = 7, .bytes = std::move(bytes)};
}

TEST(WriteBatchTest, StartsEmptyAndCostsNothing) {
  const WriteBatch batch;
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.byte_count(), 0u);
}

TEST(WriteBatchTest, KeepsItsOperationsInOrder) {
  WriteBatch batch;
  batch.Put(KeyOf("a"), "1");
  batch.Delete(KeyOf("b"));
  batch.PutStamped(kFirstFreeKeyspace, 7, "prefix", "suffix", "2");
  batch.Add(KeyOf("count"), -3);
  batch.SetGeneration(4, 5);
  ASSERT_EQ(batch.operations().size(), 5u);
  EXPECT_EQ(std::get<PutOperation>(batch.operations()[0]).value, "1");
  EXPECT_EQ(std::get<DeleteOperation>(batch.operations()[1]).key, KeyOf("b"));
  EXPECT_EQ(std::get<PutStampedOperation>(batch.operations()[2]).suffix, "suffix");
  EXPECT_EQ(std::get<AddOperation>(batch.operations()[3]).delta, -3);
  EXPECT_EQ(std::get<SetGenerationOperation>(batch.operations()[4]).generation, 5u);
}

TEST(WriteBatchTest, CountsAtLeastTheBytesOfKeysAndValues) {
  WriteBatch batch;
  batch.Put(KeyOf("12345"), "123");
  EXPECT_GE(batch.byte_count(), 8u);
  const std::size_t before = batch.byte_count();
  batch.PutStamped(kFirstFreeKeyspace, 7, "12", "345", "6");
  EXPECT_GE(batch.byte_count(), before + 6 + sizeof(std::uint64_t));
}

TEST(WriteBatchTest, AddingZeroIsNothing) {
  WriteBatch batch;
  batch.Add(KeyOf("count"), 0);
  EXPECT_TRUE(batch.empty());
}

TEST(WriteBatchTest, ComparesByItsOperations) {
  WriteBatch one;
  one.Put(KeyOf("a"), "1");
  WriteBatch other;
  other.Put(KeyOf("a"), "1");
  EXPECT_EQ(one, other);
  other.Delete(KeyOf("a"));
  EXPECT_NE(one, other);
}

}  // namespace
}  // namespace gramme
