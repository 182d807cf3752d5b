// TransactGetItems and TransactWriteItems.

#include <gtest/gtest.h>

#include "api/testing/api_world.h"
#include "api/transaction/transact_get_items.h"
#include "api/transaction/transact_write_items.h"

namespace gramme {
namespace {

Item KeyOf(std::int64_t r) { return {{"P", S("p")}, {"R", N(r)}}; }

TransactWriteItem PutOf(Item item) {
  TransactWriteItem action;
  PutShape& put = action.put.emplace();
  put.table_name = "Things";
  put.item = std::move(item);
  return action;
}

TransactWriteItem AddOf(Item key, std::int64_t amount) {
  TransactWriteItem action;
  UpdateShape& update = action.update.emplace();
  update.table_name = "Things";
  update.key = std::move(key);
  update.update_expression = "ADD A :n";
  update.expression_attribute_values = {{{":n", N(amount)}}};
  return action;
}

TransactWriteItem CheckOf(Item key, std::string condition) {
  TransactWriteItem action;
  ConditionCheckShape& check = action.condition_check.emplace();
  check.table_name = "Things";
  check.key = std::move(key);
  check.condition_expression = std::move(condition);
  return action;
}

TransactWriteItemsRequest WriteOf(std::vector<TransactWriteItem> actions,
                                  std::optional<std::string> token = std::nullopt) {
  TransactWriteItemsRequest request;
  request.transact_items = std::move(actions);
  request.client_request_token = std::move(token);
  request.return_consumed_capacity = ReturnConsumedCapacity::kTotal;
  return request;
}

TransactGetItemsRequest GetOf(const std::vector<Item>& keys) {
  TransactGetItemsRequest request;
  for (const Item& key : keys) {
    GetShape& get = request.transact_items.emplace_back().get;
    get.table_name = "Things";
    get.key = key;
  }
  request.return_consumed_capacity = ReturnConsumedCapacity::kTotal;
  return request;
}

TEST(TransactionsTest, WritesAndReadsSeveralItems) {
  ApiWorld world;
  const auto written = world.Call<TransactWriteItems>(
      WriteOf({PutOf(KeyOf(1)), AddOf(KeyOf(2), 5), CheckOf(KeyOf(3), "attribute_not_exists(P)")}));
  ASSERT_TRUE(written);
  EXPECT_EQ(written->consumed_capacity->front().capacity_units, 6);
  EXPECT_EQ(written->consumed_capacity->front().write_capacity_units, 6);
  TransactGetItemsRequest request = GetOf({KeyOf(2), KeyOf(3), KeyOf(1)});
  request.transact_items[0].get.projection_expression = "A";
  const auto read = world.Call<TransactGetItems>(request);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->responses[0].item, (Item{{"A", N(5)}}));
  EXPECT_EQ(read->responses[1].item, std::nullopt);
  EXPECT_EQ(read->responses[2].item, KeyOf(1));
  EXPECT_EQ(read->consumed_capacity->front().read_capacity_units, 6);
}

TEST(TransactionsTest, ATokenIsForOneRequestWhateverItAsksToBeTold) {
  ApiWorld world;
  TransactWriteItemsRequest request = WriteOf({AddOf(KeyOf(1), 1)}, "token");
  ASSERT_TRUE(world.Call<TransactWriteItems>(request));
  const auto replay = world.Call<TransactWriteItems>(request);
  EXPECT_EQ(replay->consumed_capacity->front().read_capacity_units, 2);
  EXPECT_FALSE(replay->consumed_capacity->front().write_capacity_units);
  request.return_consumed_capacity = std::nullopt;
  EXPECT_FALSE(world.Call<TransactWriteItems>(request)->consumed_capacity);
  EXPECT_EQ(world.items().Items().front().at("A"), N(1));
  for (const auto& other :
       {WriteOf({AddOf(KeyOf(1), 2)}, "token"), WriteOf({AddOf(KeyOf(2), 1)}, "token"),
        WriteOf({AddOf(KeyOf(1), 1), PutOf(KeyOf(2))}, "token")}) {
    EXPECT_EQ(world.Call<TransactWriteItems>(other).error().code,
              ErrorCode::kIdempotentParameterMismatchException);
  }
}

TEST(TransactionsTest, WhatDoesNotGoWithTheSchemaCancels) {
  ApiWorld world;
  const auto error =
      world.Call<TransactWriteItems>(WriteOf({PutOf(KeyOf(1)), PutOf({{"P", S("p")}})})).error();
  EXPECT_EQ(error.code, ErrorCode::kTransactionCanceledException);
  EXPECT_EQ(error.cancellation_reasons[0].code, "None");
  EXPECT_EQ(error.cancellation_reasons[1].code, "ValidationError");
  EXPECT_EQ(error.cancellation_reasons[1].message,
            "One or more parameter values were invalid: Missing the key R in the item");
  EXPECT_EQ(world.Call<TransactGetItems>(GetOf({KeyOf(1), {{"P", S("p")}}})).error().code,
            ErrorCode::kTransactionCanceledException);
  EXPECT_TRUE(world.items().Items().empty());
}

TEST(TransactionsTest, ARequestThatIsWrongInItselfIsRefused) {
  ApiWorld world;
  EXPECT_EQ(world.ProblemOf<TransactWriteItems>(WriteOf({PutOf(KeyOf(1)), AddOf(KeyOf(1), 1)})),
            "Transaction request cannot include multiple operations on one item");
  EXPECT_EQ(world.ProblemOf<TransactGetItems>(GetOf({KeyOf(1), KeyOf(1)})),
            "Transaction request cannot include multiple operations on one item");
  TransactWriteItem both = PutOf(KeyOf(1));
  both.update = AddOf(KeyOf(2), 1).update;
  for (const TransactWriteItem& wrong : {both, TransactWriteItem()}) {
    EXPECT_EQ(world.ProblemOf<TransactWriteItems>(WriteOf({wrong})),
              "TransactItems can only contain one of Check, Put, Update or Delete");
  }
  Item large = KeyOf(1);
  large["V"] = S(std::string(410'000, 'v'));
  EXPECT_EQ(world.ProblemOf<TransactWriteItems>(WriteOf({PutOf(large)})),
            "Item size has exceeded the maximum allowed size");
  TransactWriteItem absent = PutOf(KeyOf(1));
  absent.put->table_name = "Absent";
  EXPECT_EQ(world.Call<TransactWriteItems>(WriteOf({PutOf(KeyOf(1)), absent})).error().code,
            ErrorCode::kResourceNotFoundException);
  EXPECT_TRUE(world.items().Items().empty());
}

TEST(TransactionsTest, CollectionsAreToldOnce) {
  ApiWorld world;
  TransactWriteItemsRequest request = WriteOf({PutOf(KeyOf(1)), PutOf(KeyOf(2))});
  request.return_item_collection_metrics = ReturnItemCollectionMetrics::kSize;
  const auto written = world.Call<TransactWriteItems>(request);
  ASSERT_TRUE(written && written->item_collection_metrics);
  EXPECT_EQ(written->item_collection_metrics->at("Things").size(), 1U);
}

}  // namespace
}  // namespace gramme
