// TransactGetItems and TransactWriteItems.

#include <gtest/gtest.h>

#include "api/item/delete_item.h"
#include "api/item/put_item.h"
#include "api/item/update_item.h"
#include "api/testing/api_world.h"
#include "api/transaction/transact_get_items.h"
#include "api/transaction/transact_write_items.h"
#include "model/limits.h"
#include "storage/memory/store_faults.h"

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
        WriteOf({AddOf(KeyOf(1), 1), PutOf(KeyOf(2))}, "token"),
        WriteOf({AddOf({{"P", S("other")}, {"R", N(1)}}, 1)}, "token")}) {
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

// What is empty is known before anything is read, and cancels nothing.
TEST(TransactionsTest, AnEmptyKeyIsTheFaultOfTheRequest) {
  ApiWorld world;
  const std::string empty =
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
      "contain an empty string value. Key: P";
  const Item key = {{"P", S("")}, {"R", N(1)}};
  for (const TransactWriteItem& action :
       {PutOf(key), AddOf(key, 1), CheckOf(key, "attribute_exists(P)")}) {
    const auto error = world.Call<TransactWriteItems>(WriteOf({PutOf({{"P", N(1)}}), action}));
    EXPECT_EQ(error.error().code, ErrorCode::kValidationException);
    EXPECT_EQ(error.error().message, empty);
  }
  EXPECT_EQ(world.ProblemOf<TransactGetItems>(GetOf({key})), empty);
  Item item = KeyOf(1);
  item["L"] = S("");
  EXPECT_EQ(world.Call<TransactWriteItems>(WriteOf({PutOf(item)})).error().code,
            ErrorCode::kValidationException);
}

// reliability.md C4: ten minutes, to the second.
TEST(TransactionsTest, ATokenIsRememberedForTenMinutes) {
  ApiWorld world;
  const TransactWriteItemsRequest request = WriteOf({AddOf(KeyOf(1), 1)}, "token");
  const auto count = [&] { return world.items().Items().front().at("A"); };
  ASSERT_TRUE(world.Call<TransactWriteItems>(request));
  world.items().clock().Advance(std::chrono::minutes(9) + std::chrono::seconds(59));
  EXPECT_EQ(world.Call<TransactWriteItems>(request)->consumed_capacity->front().read_capacity_units,
            2);
  EXPECT_EQ(count(), N(1));
  EXPECT_EQ(world.Call<TransactWriteItems>(WriteOf({AddOf(KeyOf(1), 2)}, "token")).error().message,
            "The request uses the same client token as a previous, but non-identical request. Do "
            "not reuse a client token with different requests, unless the requests are identical");
  world.items().clock().Advance(std::chrono::seconds(2));
  EXPECT_EQ(
      world.Call<TransactWriteItems>(request)->consumed_capacity->front().write_capacity_units, 2);
  EXPECT_EQ(count(), N(2));
  EXPECT_EQ(world.Call<TransactWriteItems>(WriteOf({AddOf(KeyOf(1), 2)}, "token")).error().code,
            ErrorCode::kIdempotentParameterMismatchException);
}

TEST(TransactionsTest, AForgottenTokenMayStandForAnotherRequest) {
  ApiWorld world;
  ASSERT_TRUE(world.Call<TransactWriteItems>(WriteOf({AddOf(KeyOf(1), 1)}, "token")));
  world.items().clock().Advance(std::chrono::minutes(10) + std::chrono::seconds(1));
  ASSERT_TRUE(world.Call<TransactWriteItems>(WriteOf({AddOf(KeyOf(1), 2)}, "token")));
  EXPECT_EQ(world.items().Items().front().at("A"), N(3));
  EXPECT_EQ(world.Call<TransactWriteItems>(WriteOf({AddOf(KeyOf(1), 1)}, "token")).error().code,
            ErrorCode::kIdempotentParameterMismatchException);
}

// The token stands for a request, which names tables and knows nothing of their lives.
TEST(TransactionsTest, ATokenOutlivesItsTable) {
  ApiWorld world;
  Catalog& catalog = world.items().catalog();
  TableDescription description = world.items().description();
  const TransactWriteItemsRequest request = WriteOf({PutOf(KeyOf(1))}, "token");
  ASSERT_TRUE(world.Call<TransactWriteItems>(request));
  ASSERT_TRUE(catalog.RemoveTable(
      "Things", [](TableDescription&) -> Result<void> { return {}; }, [](WriteBatch&) {}));
  EXPECT_EQ(world.Call<TransactWriteItems>(request).error().code,
            ErrorCode::kResourceNotFoundException);
  description.keyspace = static_cast<std::uint64_t>(*world.items().store().CreateKeyspace());
  description.number = description.keyspace;
  ASSERT_TRUE(catalog.CreateTable(description, [](WriteBatch&) {}));
  const auto repeated = world.Call<TransactWriteItems>(request);
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(repeated->consumed_capacity->front().read_capacity_units);
  EXPECT_EQ(world.Call<TransactGetItems>(GetOf({KeyOf(1)}))->responses[0].item, std::nullopt);
}

// What the items are by then does not matter: the request has had its effect.
TEST(TransactionsTest, ARepeatedRequestIsNotDecidedAgain) {
  ApiWorld world;
  const TransactWriteItemsRequest request =
      WriteOf({AddOf(KeyOf(1), 1), CheckOf(KeyOf(2), "attribute_not_exists(P)")}, "token");
  ASSERT_TRUE(world.Call<TransactWriteItems>(request));
  world.items().Write(world.items().Put(KeyOf(2)));
  world.items().Write(world.items().Delete(KeyOf(1)));
  const auto repeated = world.Call<TransactWriteItems>(request);
  ASSERT_TRUE(repeated);
  EXPECT_EQ(repeated->consumed_capacity->front().capacity_units, 4);
  EXPECT_EQ(repeated->consumed_capacity->front().read_capacity_units, 4);
  EXPECT_FALSE(repeated->consumed_capacity->front().write_capacity_units);
  EXPECT_EQ(world.items().Items(), std::vector<Item>{KeyOf(2)});
}

// A put is measured before the transaction, an update in it; both flat, without the costs that
// UpdateItem has.
TEST(TransactionsTest, ItemsAreMeasuredFlat) {
  ApiWorld world;
  const auto write = [&](bool is_put, std::size_t size_bytes) {
    Item item = KeyOf(1);
    const AttributeValue value = S(std::string(size_bytes - ItemSizeBytes(item) - 1, 'v'));
    item["V"] = value;
    TransactWriteItem action = is_put ? PutOf(item) : AddOf(KeyOf(1), 1);
    if (!is_put) {
      action.update->update_expression = "SET V = :v";
      action.update->expression_attribute_values = {{{":v", value}}};
    }
    return world.Call<TransactWriteItems>(WriteOf({action}));
  };
  EXPECT_TRUE(write(true, kItemSizeBytesMax));
  EXPECT_TRUE(write(false, kItemSizeBytesMax));
  const auto put = write(true, kItemSizeBytesMax + 1).error();
  EXPECT_EQ(put.code, ErrorCode::kValidationException);
  EXPECT_EQ(put.message, "Item size has exceeded the maximum allowed size");
  const auto update = write(false, kItemSizeBytesMax + 1).error();
  EXPECT_EQ(update.code, ErrorCode::kTransactionCanceledException);
  EXPECT_EQ(update.cancellation_reasons[0].code, "ValidationError");
  EXPECT_EQ(update.cancellation_reasons[0].message,
            "Item size to update has exceeded the maximum allowed size");
}

TEST(TransactionsTest, ItemsTogetherHaveFourMegabytes) {
  for (const std::size_t more : {0U, 1U}) {
    ApiWorld world;
    std::vector<TransactWriteItem> puts;
    std::vector<Item> keys;
    constexpr std::size_t kCount = 16;
    for (std::size_t i = 0; i < kCount; ++i) {
      keys.push_back(KeyOf(static_cast<std::int64_t>(i)));
      Item item = keys.back();
      const std::size_t size_bytes = kTransactionBytesMax / kCount + (i == 0 ? more : 0);
      item["V"] = S(std::string(size_bytes - ItemSizeBytes(item) - 1, 'v'));
      puts.push_back(PutOf(item));
      world.items().Write(world.items().Put(item));
    }
    const std::string problem =
        more == 0 ? "" : "The aggregate size of the items in the transaction exceeds 4 MB";
    EXPECT_EQ(world.ProblemOf<TransactWriteItems>(WriteOf(puts)), problem);
    EXPECT_EQ(world.ProblemOf<TransactGetItems>(GetOf(keys)), problem);
  }
}

// Refuses every Update as one that another transaction won, over one of its keys.
class Conflicts : public StoreFaults {
 public:
  UpdateFault OnUpdate(ReadTier, bool) override {
    return is_on ? UpdateFault::kConflict : UpdateFault::kNone;
  }
  std::optional<std::size_t> OnConflict(std::size_t) override { return key; }
  std::optional<StatusCode> OnOpenView() override { return std::nullopt; }
  std::optional<StatusCode> OnRead(ReadTier) override { return std::nullopt; }

  bool is_on = false;
  std::optional<std::size_t> key;
};

// No store of this release has conflicts; the simulated one shows what a client would see.
class TransactionConflictsTest : public testing::Test {
 protected:
  TransactionConflictsTest() { faults_.is_on = true; }

  template <typename Operation>
  ApiError ErrorOf(const typename Operation::Request& request) {
    const auto result = world_.Call<Operation>(request);
    EXPECT_FALSE(result);
    return result ? ApiError() : result.error();
  }
  void ExpectNothingIsThere() {
    faults_.is_on = false;
    EXPECT_TRUE(world_.items().Items().empty());
  }

  Conflicts faults_;
  ApiWorld world_{{.faults = &faults_}};
};

TEST_F(TransactionConflictsTest, AWriteOfOneItemIsRefused) {
  for (const auto key : {std::optional<std::size_t>(0), std::optional<std::size_t>()}) {
    faults_.key = key;
    PutItemRequest put;
    put.table_name = "Things";
    put.item = KeyOf(1);
    UpdateItemRequest update;
    update.table_name = "Things";
    update.key = KeyOf(1);
    DeleteItemRequest deletion;
    deletion.table_name = "Things";
    deletion.key = KeyOf(1);
    for (const ApiError& error :
         {ErrorOf<PutItem>(put), ErrorOf<UpdateItem>(update), ErrorOf<DeleteItem>(deletion)}) {
      EXPECT_EQ(error.code, ErrorCode::kTransactionConflictException);
      EXPECT_EQ(error.message, "Transaction is ongoing for the item");
    }
  }
  ExpectNothingIsThere();
}

TEST_F(TransactionConflictsTest, ATransactionIsCancelledByTheActionsWhoseItemsAreHeld) {
  const auto request = WriteOf({PutOf(KeyOf(1)), AddOf(KeyOf(2), 1)}, "token");
  faults_.key = 1;
  const ApiError one = ErrorOf<TransactWriteItems>(request);
  EXPECT_EQ(one.code, ErrorCode::kTransactionCanceledException);
  EXPECT_EQ(one.message,
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
            "[None, TransactionConflict]");
  EXPECT_EQ(one.cancellation_reasons[1].message, "Transaction is ongoing for the item");
  faults_.key = std::nullopt;
  EXPECT_EQ(ErrorOf<TransactWriteItems>(request).message,
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
            "[TransactionConflict, TransactionConflict]");
  ExpectNothingIsThere();
}

TEST_F(TransactionConflictsTest, ATokenThatIsHeldIsATransactionInProgress) {
  const auto request = WriteOf({PutOf(KeyOf(1)), AddOf(KeyOf(2), 1)}, "token");
  faults_.key = 2;
  const ApiError error = ErrorOf<TransactWriteItems>(request);
  EXPECT_EQ(error.code, ErrorCode::kTransactionInProgressException);
  EXPECT_EQ(error.message, "The transaction with the given request token is already in progress.");
  ExpectNothingIsThere();
  const auto written = world_.Call<TransactWriteItems>(request);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->consumed_capacity->front().write_capacity_units, 4);
}

// A view shows one moment: whoever writes meanwhile, and whatever it conflicts with.
TEST_F(TransactionConflictsTest, ATransactionThatReadsMeetsNone) {
  const auto read = world_.Call<TransactGetItems>(GetOf({KeyOf(1), KeyOf(2)}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->responses.size(), 2U);
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
