// BatchGetItem and BatchWriteItem.

#include <gtest/gtest.h>

#include "api/batch/batch_get_item.h"
#include "api/batch/batch_write_item.h"
#include "api/testing/api_world.h"
#include "storage/memory/store_faults.h"

namespace gramme {
namespace {

Item KeyOf(std::int64_t r) { return {{"P", S("p")}, {"R", N(r)}}; }

WriteRequest PutOf(Item item) {
  return {.put_request = PutRequest{std::move(item)}, .delete_request = {}};
}
WriteRequest DeleteOf(Item key) {
  return {.put_request = {}, .delete_request = DeleteRequest{std::move(key)}};
}

BatchWriteItemRequest WriteOf(std::vector<WriteRequest> writes) {
  BatchWriteItemRequest request;
  request.request_items["Things"] = std::move(writes);
  request.return_consumed_capacity = ReturnConsumedCapacity::kTotal;
  return request;
}

BatchGetItemRequest ReadOf(std::vector<Item> keys) {
  BatchGetItemRequest request;
  request.request_items["Things"].keys = std::move(keys);
  request.return_consumed_capacity = ReturnConsumedCapacity::kTotal;
  return request;
}

// Refuses every third Update, and no other.
class EveryThirdOverloaded : public StoreFaults {
 public:
  UpdateFault OnUpdate(ReadTier, bool) override {
    return is_on && ++count_ % 3 == 0 ? fault : UpdateFault::kNone;
  }
  std::optional<StatusCode> OnOpenView() override { return std::nullopt; }
  std::optional<StatusCode> OnRead(ReadTier) override { return std::nullopt; }

  bool is_on = false;
  UpdateFault fault = UpdateFault::kOverloaded;

 private:
  int count_ = 0;
};

TEST(BatchTest, PutsAndDeletesAreDoneAndRead) {
  ApiWorld world;
  world.items().Write(world.items().Put(KeyOf(1)));
  const auto written =
      world.Call<BatchWriteItem>(WriteOf({DeleteOf(KeyOf(1)), PutOf(KeyOf(2)), PutOf(KeyOf(3))}));
  ASSERT_TRUE(written);
  EXPECT_TRUE(written->unprocessed_items.empty());
  EXPECT_EQ(written->consumed_capacity->front().capacity_units, 3);
  const auto read = world.Call<BatchGetItem>(ReadOf({KeyOf(3), KeyOf(1), KeyOf(2)}));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->responses.at("Things").size(), 2U);
  EXPECT_EQ(read->responses.at("Things")[0], KeyOf(3));
  EXPECT_EQ(read->responses.at("Things")[1], KeyOf(2));
  EXPECT_TRUE(read->unprocessed_keys.empty());
  EXPECT_EQ(read->consumed_capacity->front().capacity_units, 1.5);
}

TEST(BatchTest, WhatTheStoreCannotTakeComesBack) {
  for (const UpdateFault fault : {UpdateFault::kOverloaded, UpdateFault::kStale}) {
    EveryThirdOverloaded faults;
    ApiWorld world({.faults = &faults});
    faults.is_on = true;
    faults.fault = fault;
    std::vector<WriteRequest> writes;
    for (int i = 0; i < 6; ++i) writes.push_back(PutOf(KeyOf(i)));
    const auto written = world.Call<BatchWriteItem>(WriteOf(writes));
    ASSERT_TRUE(written);
    EXPECT_EQ(written->unprocessed_items.at("Things").size(), 2U);
    EXPECT_EQ(written->unprocessed_items.at("Things").front().put_request->item, KeyOf(2));
    EXPECT_EQ(written->consumed_capacity->front().capacity_units, 4);
    faults.is_on = false;
    EXPECT_EQ(world.items().Items().size(), 4U);
  }
}

TEST(BatchTest, ABatchOfWhichNothingWasTakenIsRefused) {
  EveryThirdOverloaded faults;
  ApiWorld world({.faults = &faults});
  faults.is_on = true;
  world.items().Write(world.items().Put(KeyOf(8)));
  world.items().Write(world.items().Put(KeyOf(9)));
  EXPECT_EQ(world.Call<BatchWriteItem>(WriteOf({PutOf(KeyOf(1))})).error().code,
            ErrorCode::kThrottlingException);
}

// DynamoDB's model of BatchWriteItem has no TransactionConflictException.
TEST(BatchTest, WhatATransactionHoldsComesBackEvenIfItIsEverything) {
  EveryThirdOverloaded faults;
  ApiWorld world({.faults = &faults});
  faults.is_on = true;
  faults.fault = UpdateFault::kConflict;
  const auto some =
      world.Call<BatchWriteItem>(WriteOf({PutOf(KeyOf(1)), PutOf(KeyOf(2)), PutOf(KeyOf(3))}));
  ASSERT_TRUE(some);
  EXPECT_EQ(some->unprocessed_items.at("Things").size(), 1U);
  EXPECT_EQ(some->unprocessed_items.at("Things").front().put_request->item, KeyOf(3));
  world.items().Write(world.items().Put(KeyOf(8)));
  world.items().Write(world.items().Put(KeyOf(9)));
  const auto all = world.Call<BatchWriteItem>(WriteOf({PutOf(KeyOf(3))}));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->unprocessed_items.at("Things").front().put_request->item, KeyOf(3));
  EXPECT_FALSE(all->consumed_capacity);
  faults.is_on = false;
  EXPECT_EQ(world.items().Items().size(), 4U);
}

TEST(BatchTest, ABatchThatIsWrongWritesNothing) {
  ApiWorld world;
  const auto problem = [&](std::vector<WriteRequest> writes) {
    return world.ProblemOf<BatchWriteItem>(WriteOf(std::move(writes)));
  };
  EXPECT_EQ(problem({PutOf(KeyOf(1)), DeleteOf(KeyOf(1))}),
            "Provided list of item keys contains duplicates");
  EXPECT_EQ(problem({PutOf(KeyOf(1)), PutOf({{"P", S("p")}})}),
            "The provided key element does not match the schema");
  EXPECT_NE(problem({PutOf(KeyOf(1)), WriteRequest()}), "");
  BatchWriteItemRequest absent = WriteOf({PutOf(KeyOf(1))});
  absent.request_items["Zzz"] = {PutOf(KeyOf(1))};
  EXPECT_EQ(world.Call<BatchWriteItem>(absent).error().code, ErrorCode::kResourceNotFoundException);
  EXPECT_TRUE(world.items().Items().empty());
}

TEST(BatchTest, CountsAreOverAllTables) {
  ApiWorld world;
  BatchWriteItemRequest write;
  BatchGetItemRequest read;
  for (int i = 0; i < 60; ++i) {
    const std::string table = i % 2 == 0 ? "Things" : "Other";
    if (i < 26) write.request_items[table].push_back(PutOf(KeyOf(i)));
    read.request_items[table].keys.push_back(KeyOf(i));
  }
  for (int i = 0; i < 41; ++i) read.request_items["Things"].keys.push_back(KeyOf(100 + i));
  EXPECT_EQ(world.ProblemOf<BatchWriteItem>(write),
            "Too many items requested for the BatchWriteItem call");
  EXPECT_EQ(world.ProblemOf<BatchGetItem>(read),
            "Too many items requested for the BatchGetItem call");
}

TEST(BatchTest, OneKeyIsReadOnce) {
  ApiWorld world;
  EXPECT_EQ(world.ProblemOf<BatchGetItem>(ReadOf({KeyOf(1), KeyOf(1)})),
            "Provided list of item keys contains duplicates");
}

TEST(BatchTest, AProjectionAppliesToItsTable) {
  ApiWorld world;
  Item item = KeyOf(1);
  item["A"] = N(1);
  world.items().Write(world.items().Put(item));
  BatchGetItemRequest request = ReadOf({KeyOf(1)});
  request.request_items["Things"].projection_expression = "#a";
  request.request_items["Things"].expression_attribute_names = {{{"#a", "A"}}};
  EXPECT_EQ(world.Call<BatchGetItem>(request)->responses.at("Things")[0], (Item{{"A", N(1)}}));
}

Item KeyIn(const std::string& p, std::int64_t r) { return {{"P", S(p)}, {"R", N(r)}}; }

// With the key, of so many bytes.
Item LargeItem(const Item& key, std::size_t size_bytes) {
  Item item = key;
  item["V"] = S(std::string(size_bytes - ItemSizeBytes(key) - 1, 'v'));
  return item;
}

// The example of the developer guide: 52 of 100 items of 300 KB.
TEST(BatchTest, WhatDoesNotFitIntoAnAnswerComesBack) {
  ApiWorld world;
  std::vector<Item> keys;
  for (int i = 0; i < 100; ++i) {
    keys.push_back(KeyIn("p" + std::to_string(i), i));
    world.items().Write(world.items().Put(LargeItem(keys.back(), 300 * 1024)));
  }
  BatchGetItemRequest request = ReadOf(keys);
  request.request_items["Things"].consistent_read = true;
  const auto read = world.Call<BatchGetItem>(request);
  EXPECT_EQ(read->responses.at("Things").size(), 52U);
  const KeysAndAttributes& rest = read->unprocessed_keys.at("Things");
  EXPECT_EQ(rest.keys.size(), 48U);
  EXPECT_EQ(rest.keys.front(), keys[52]);
  EXPECT_EQ(rest.consistent_read, true);
  EXPECT_EQ(read->consumed_capacity->front().capacity_units, 52 * 75);
}

TEST(BatchTest, AnAnswerHoldsSixteenMegabytes) {
  for (const std::size_t more : {0U, 1U}) {
    ApiWorld world;
    std::vector<Item> keys;
    for (int i = 0; i < 40; ++i) {
      keys.push_back(KeyIn("p" + std::to_string(i), i));
      world.items().Write(world.items().Put(LargeItem(keys.back(), 400'000 + (i == 0 ? more : 0))));
    }
    const auto read = world.Call<BatchGetItem>(ReadOf(keys));
    EXPECT_EQ(read->responses.at("Things").size(), 40 - more);
    EXPECT_EQ(read->unprocessed_keys.size(), more);
  }
}

// What one partition does not give is left, and the others go on.
TEST(BatchTest, OnePartitionGivesAMegabyte) {
  for (const std::size_t more : {0U, 1U}) {
    ApiWorld world;
    std::vector<Item> keys;
    for (int i = 0; i < 4; ++i) {
      keys.push_back(KeyIn("p", i));
      world.items().Write(
          world.items().Put(LargeItem(keys.back(), 256 * 1024 + (i == 3 ? more : 0))));
    }
    keys.push_back(KeyIn("p", 9));
    keys.push_back(KeyIn("q", 1));
    world.items().Write(world.items().Put(KeyIn("p", 9)));
    world.items().Write(world.items().Put(LargeItem(KeyIn("q", 1), 300'000)));
    const auto read = world.Call<BatchGetItem>(ReadOf(keys));
    EXPECT_EQ(read->responses.at("Things").size(), 5 - more);
    EXPECT_EQ(
        read->unprocessed_keys.at("Things").keys,
        std::vector<Item>(keys.begin() + 4 - static_cast<std::ptrdiff_t>(more), keys.begin() + 5));
  }
}

}  // namespace
}  // namespace gramme
