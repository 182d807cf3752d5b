#include "table/item/item_writer.h"

#include <gtest/gtest.h>

#include "model/limits.h"
#include "table/item/item_reader.h"
#include "table/testing/item_world.h"

namespace gramme {
namespace {

class ItemWriterTest : public testing::Test {
 protected:
  std::optional<EncodedItem> Read() {
    return ReadItem(world_.store(), ReadTier::kDisk, world_.Put(key_).key)->item;
  }
  Item With(Item more) const {
    more.insert(key_.begin(), key_.end());
    return more;
  }
  static std::string MessageOf(const ItemWrite& write) {
    return write.change ? "" : write.change.error().message;
  }

  ItemWorld world_;
  const Item key_ = {{"P", S("p")}, {"R", N(1)}};
};

TEST_F(ItemWriterTest, APutReplacesTheWholeItem) {
  EXPECT_FALSE(world_.Write(world_.Put(With({{"A", N(1)}, {"B", N(2)}}))).change->old_item);
  const ItemWrite write = world_.Write(world_.Put(With({{"A", N(3)}})));
  EXPECT_EQ(write.change->old_item, With({{"A", N(1)}, {"B", N(2)}}));
  EXPECT_EQ(Read(), With({{"A", N(3)}}));
  world_.ExpectConsistent();
}

TEST_F(ItemWriterTest, ADeleteOfAnAbsentItemSucceeds) {
  EXPECT_TRUE(world_.Write(world_.Delete(key_)).change);
  world_.Write(world_.Put(key_));
  EXPECT_EQ(world_.Write(world_.Delete(key_)).change->old_item, key_);
  EXPECT_FALSE(Read());
  EXPECT_EQ(world_.ReadCountsOf(world_.description().keyspace), Counts());
}

TEST_F(ItemWriterTest, ARefusedConditionChangesNothing) {
  world_.Write(world_.Put(With({{"A", N(1)}})));
  WriteAction action = world_.Put(With({{"A", N(2)}}));
  ItemWorld::AddCondition(action, "attribute_not_exists(P)");
  ItemWrite write = world_.Write(action);
  ASSERT_FALSE(write.change);
  EXPECT_EQ(write.change.error().code, ErrorCode::kConditionalCheckFailedException);
  EXPECT_EQ(write.change.error().message, "The conditional request failed");
  EXPECT_FALSE(write.change.error().item);
  action.return_item_on_failure = true;
  EXPECT_EQ(world_.Write(action).change.error().item, With({{"A", N(1)}}));
  EXPECT_EQ(Read(), With({{"A", N(1)}}));
  world_.ExpectConsistent();
}

TEST_F(ItemWriterTest, AnUpdateMakesTheItemWhereThereIsNone) {
  const ItemWrite write = world_.Write(world_.Update(key_, "ADD C :n", {{{":n", N(5)}}}));
  EXPECT_FALSE(write.change->old_item);
  EXPECT_EQ(write.change->updated_item, With({{"C", N(5)}}));
  EXPECT_EQ(Read(), With({{"C", N(5)}}));
}

TEST_F(ItemWriterTest, AnUpdateMayNotTouchTheKey) {
  WriteAction action = {.kind = WriteKind::kUpdate, .table = world_.table(), .item = &key_};
  const ExpressionAttributeNames no_names;
  const ExpressionAttributeValues values = {{{":n", N(5)}}};
  Placeholders used(no_names, values);
  action.update = *UpdateExpression::Parse("SET R = :n", used);
  EXPECT_EQ(BindAction(action).error().message,
            "One or more parameter values were invalid: Cannot update attribute R. This attribute "
            "is part of the key");
}

TEST_F(ItemWriterTest, AnUpdateMayNotMakeAnIndexKeyOfTheWrongType) {
  world_.Write(world_.Put(With({{"A", S("x")}})));
  EXPECT_EQ(MessageOf(world_.Write(world_.Update(key_, "SET H = A"))),
            "The update expression attempted to update the secondary index key to unsupported "
            "type");
  EXPECT_EQ(Read(), With({{"A", S("x")}}));
}

TEST_F(ItemWriterTest, WhatAnExpressionDoesToKeysIsCheckedBeforeTheItemIsRead) {
  const ExpressionAttributeNames no_names;
  const ExpressionAttributeValues values = {
      {{":s", S("x")}, {":n", N(1)}, {":m", AttributeValue(Binary{"m"})}}};
  const auto problem = [&](std::string_view update, std::string_view condition = {}) {
    Placeholders used(no_names, values);
    WriteAction action = {.kind = WriteKind::kUpdate, .table = world_.table(), .item = &key_};
    if (!update.empty()) action.update = *UpdateExpression::Parse(update, used);
    if (!condition.empty()) {
      action.condition = *ConditionExpression::Parse("ConditionExpression", condition, used);
    }
    const auto bound = BindAction(action);
    return bound ? "" : bound.error().message;
  };
  const auto mismatch = [](std::string_view key, std::string_view types, std::string_view index) {
    return "One or more parameter values were invalid: Type mismatch for Index Key " +
           std::string(key) + " " + std::string(types) + " IndexName: " + std::string(index);
  };
  EXPECT_EQ(problem("SET H = :n, L = :s, M = :m, Z = :n"), "");
  EXPECT_EQ(problem("SET H = :s"), mismatch("H", "Expected: N Actual: S", "gsi"));
  EXPECT_EQ(problem("SET A = :s ADD G :n"), mismatch("G", "Expected: S Actual: N", "gsi"));
  EXPECT_EQ(problem("SET G = A + :n"), mismatch("G", "Expected: S Actual: N", "gsi"));
  EXPECT_EQ(problem("SET L = list_append(A, A)"), mismatch("L", "Expected: S Actual: L", "lsi"));
  EXPECT_EQ(problem("SET G = H, H = if_not_exists(A, :s) REMOVE L"), "");
  constexpr std::string_view kScalars =
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
      "allowed: ";
  EXPECT_EQ(problem("SET G.a = :n"), std::string(kScalars) + "IndexKey: G");
  EXPECT_EQ(problem("SET A = H[1]"), std::string(kScalars) + "IndexKey: H");
  EXPECT_EQ(problem("SET A = P.x"), std::string(kScalars) + "Key: P");
  EXPECT_EQ(problem("REMOVE A.G, B[0]"), "");
  EXPECT_EQ(problem("SET A = H[1], G = A + :n"), mismatch("G", "Expected: S Actual: N", "gsi"));
  EXPECT_EQ(problem("", "attribute_exists(R.a)"), std::string(kScalars) + "Key: R");
  EXPECT_EQ(problem("", "size(A.b) > :n AND M[0] = :n"), std::string(kScalars) + "IndexKey: M");
}

TEST_F(ItemWriterTest, ALargeItemIsTakenApartOnThePoolOnly) {
  const auto write = [&](std::size_t size, ReadTier tier) {
    world_.Write(world_.Put(With({{"V", S(std::string(size, 'v'))}})));
    return WriteItem(world_.store(), tier, world_.Update(key_, "SET A = :n", {{{":n", N(1)}}}));
  };
  EXPECT_TRUE(write(60'000, ReadTier::kMemory).change);
  const ItemWrite refused = write(70'000, ReadTier::kMemory);
  ASSERT_FALSE(refused.change);
  EXPECT_EQ(refused.change.error().code, ErrorCode::kRetryOnPool);
  EXPECT_FALSE(refused.store_failure);
  EXPECT_TRUE(write(70'000, ReadTier::kDisk).change);
}

TEST_F(ItemWriterTest, ItemsHaveALimit) {
  const std::size_t rest = kItemSizeBytesMax - ItemSizeBytes(key_) - 1;
  EXPECT_TRUE(world_.Write(world_.Put(With({{"V", S(std::string(rest, 'v'))}}))).change);
  const Item too_large = With({{"V", S(std::string(rest + 1, 'v'))}});
  WriteAction action = {.kind = WriteKind::kPut, .table = world_.table(), .item = &too_large};
  EXPECT_EQ(BindAction(action).error().message, "Item size has exceeded the maximum allowed size");
}

// What the request costs has the limit of an item, whatever the item; so has the finished item.
TEST_F(ItemWriterTest, AnUpdateIsMeasuredWithItsActions) {
  const ExpressionAttributeNames no_names;
  const auto problem = [&](std::size_t size_bytes, SizeMeasure measure) {
    const ExpressionAttributeValues values = {{{":v", S(std::string(size_bytes, 'v'))}}};
    Placeholders used(no_names, values);
    WriteAction action = {.kind = WriteKind::kUpdate, .table = world_.table(), .item = &key_};
    action.update = *UpdateExpression::Parse("SET V = :v", used);
    action.size_measure = measure;
    const auto bound = BindAction(action);
    return bound ? MessageOf(world_.Write(action)) : bound.error().message;
  };
  const std::string too_large = "Item size to update has exceeded the maximum allowed size";
  const std::size_t largest = kItemSizeBytesMax - 3 - 19 - 1;
  EXPECT_EQ(problem(largest, SizeMeasure::kUpdateItem), "");
  EXPECT_EQ(problem(largest + 1, SizeMeasure::kUpdateItem), too_large);
  EXPECT_EQ(problem(largest + 1, SizeMeasure::kFlat), "");
  const std::size_t room = kItemSizeBytesMax - ItemSizeBytes(key_) - 1;
  EXPECT_EQ(problem(room, SizeMeasure::kFlat), "");
  EXPECT_EQ(problem(room + 1, SizeMeasure::kFlat), too_large);
  // What an update leaves alone counts in the item only.
  world_.Write(world_.Put(With({{"Y", S(std::string(100, 'y'))}})));
  EXPECT_EQ(problem(largest, SizeMeasure::kUpdateItem), too_large);
  EXPECT_EQ(problem(room - 101, SizeMeasure::kUpdateItem), "");
}

TEST_F(ItemWriterTest, AnItemSharesItsLimitWithItsLocalEntries) {
  // The entry of `lsi-all` is as large as its item, so each has half.
  const auto problem = [&](std::size_t size_bytes) {
    Item half = With({{"M", Binary{"m"}}});
    half["V"] = S(std::string(size_bytes - ItemSizeBytes(half) - 1, 'v'));
    WriteAction put = {.kind = WriteKind::kPut, .table = world_.table(), .item = &half};
    const auto bound = BindAction(put);
    return bound ? "" : bound.error().message;
  };
  EXPECT_EQ(problem(kItemSizeBytesMax / 2), "");
  EXPECT_EQ(problem(kItemSizeBytesMax / 2 + 1), "Item size has exceeded the maximum allowed size");
  Item item = With({{"V", S(std::string(300'000, 'v'))}});
  WriteAction action = {.kind = WriteKind::kPut, .table = world_.table(), .item = &item};
  EXPECT_TRUE(BindAction(action));
  item["M"] = Binary{"m"};
  EXPECT_EQ(BindAction(action).error().message, "Item size has exceeded the maximum allowed size");
}

TEST_F(ItemWriterTest, CapacityIsThatOfTheLargerItemAndOfWhatChangedInEachIndex) {
  const Item item = With({{"G", S("g")}, {"H", N(1)}, {"X", S(std::string(2000, 'x'))}});
  Consumption expected;
  expected.table_units = 2;
  expected.global_index_units["gsi"] = 2;
  EXPECT_EQ(world_.Write(world_.Put(item)).consumption, expected);
  // Y is projected nowhere: the index is left as it is.
  expected.global_index_units.clear();
  EXPECT_EQ(world_.Write(world_.Update(key_, "SET Y = :n", {{{":n", N(1)}}})).consumption,
            expected);
  // In place: the larger of both.
  expected.global_index_units["gsi"] = 2;
  EXPECT_EQ(world_.Write(world_.Update(key_, "SET X = :s", {{{":s", S("x")}}})).consumption,
            expected);
  // The key changes: an entry goes and an entry comes.
  expected = {};
  expected.table_units = 1;
  expected.global_index_units["gsi"] = 2;
  EXPECT_EQ(world_.Write(world_.Update(key_, "SET H = :n", {{{":n", N(9)}}})).consumption,
            expected);
  expected.global_index_units["gsi"] = 1;
  EXPECT_EQ(world_.Write(world_.Delete(key_)).consumption, expected);
  expected.global_index_units.clear();
  EXPECT_EQ(world_.Write(world_.Delete(key_)).consumption, expected);
}

TEST_F(ItemWriterTest, AWriteUnderAnOldDescriptionIsStale) {
  const WriteAction action = world_.Put(key_);
  ASSERT_TRUE(world_.catalog().EditTable(
      "Things", [](TableDescription&) -> Result<void> { return {}; }, [](WriteBatch&) {}));
  const ItemWrite write = WriteItem(world_.store(), ReadTier::kDisk, action);
  ASSERT_FALSE(write.change);
  EXPECT_EQ(write.store_failure, StatusCode::kStale);
  EXPECT_EQ(write.change.error().code, ErrorCode::kRetryStale);
}

}  // namespace
}  // namespace gramme
