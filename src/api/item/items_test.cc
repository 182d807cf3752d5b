// PutItem, GetItem, DeleteItem and UpdateItem.

#include <gtest/gtest.h>

#include "api/item/delete_item.h"
#include "api/item/get_item.h"
#include "api/item/put_item.h"
#include "api/item/update_item.h"
#include "api/testing/api_world.h"

namespace gramme {
namespace {

class ItemsTest : public testing::Test {
 protected:
  PutItemRequest Put(Item more = {}) const {
    PutItemRequest request;
    request.table_name = "Things";
    request.item = std::move(more);
    request.item.insert(key_.begin(), key_.end());
    return request;
  }
  GetItemRequest Get() const {
    GetItemRequest request;
    request.table_name = "Things";
    request.key = key_;
    return request;
  }
  UpdateItemRequest Update(std::string expression, ExpressionAttributeValues values = {}) const {
    UpdateItemRequest request;
    request.table_name = "Things";
    request.key = key_;
    request.update_expression = std::move(expression);
    request.expression_attribute_values = std::move(values);
    return request;
  }
  DeleteItemRequest Delete() const {
    DeleteItemRequest request;
    request.table_name = "Things";
    request.key = key_;
    return request;
  }
  Item With(Item more) const {
    more.insert(key_.begin(), key_.end());
    return more;
  }

  ApiWorld world_;
  const Item key_ = {{"P", S("p")}, {"R", N(1)}};
};

TEST_F(ItemsTest, AnItemIsReadAsItWasPut) {
  EXPECT_FALSE(world_.Call<GetItem>(Get())->item);
  EXPECT_TRUE(world_.Call<PutItem>(Put({{"A", N(1)}, {"L", S("l")}})));
  EXPECT_EQ(world_.Call<GetItem>(Get(), ReadTier::kMemory)->item,
            With({{"A", N(1)}, {"L", S("l")}}));
}

TEST_F(ItemsTest, AProjectionThatFindsNothingGivesAnEmptyItem) {
  world_.Call<PutItem>(Put({{"A", N(1)}}));
  GetItemRequest request = Get();
  request.projection_expression = "A";
  EXPECT_EQ(world_.Call<GetItem>(request)->item, (Item{{"A", N(1)}}));
  request.projection_expression = "Z";
  EXPECT_EQ(world_.Call<GetItem>(request)->item, Item());
}

TEST_F(ItemsTest, AReadCostsHalfUnlessItIsConsistent) {
  world_.Call<PutItem>(Put({{"A", S(std::string(5000, 'a'))}}));
  GetItemRequest request = Get();
  EXPECT_FALSE(world_.Call<GetItem>(request)->consumed_capacity);
  request.return_consumed_capacity = ReturnConsumedCapacity::kTotal;
  EXPECT_EQ(world_.Call<GetItem>(request)->consumed_capacity->capacity_units, 1);
  request.consistent_read = true;
  const auto consumed = world_.Call<GetItem>(request)->consumed_capacity;
  EXPECT_EQ(consumed->capacity_units, 2);
  EXPECT_FALSE(consumed->table);
  request.key["R"] = N(2);
  EXPECT_EQ(world_.Call<GetItem>(request)->consumed_capacity->capacity_units, 1);
}

TEST_F(ItemsTest, CapacityIsToldPerIndex) {
  PutItemRequest request = Put({{"L", S("l")}, {"G", S("g")}, {"H", N(1)}});
  request.return_consumed_capacity = ReturnConsumedCapacity::kIndexes;
  const auto consumed = world_.Call<PutItem>(request)->consumed_capacity;
  EXPECT_EQ(consumed->table_name, "Things");
  EXPECT_EQ(consumed->capacity_units, 4);
  EXPECT_EQ(consumed->table->capacity_units, 1);
  EXPECT_EQ(consumed->local_secondary_indexes->at("lsi").capacity_units, 1);
  EXPECT_EQ(consumed->global_secondary_indexes->size(), 2U);
  EXPECT_FALSE(consumed->write_capacity_units);
}

TEST_F(ItemsTest, OldItemsAreReturnedWhereAskedFor) {
  PutItemRequest put = Put({{"A", N(1)}});
  put.return_values = ReturnValue::kAllOld;
  EXPECT_FALSE(world_.Call<PutItem>(put)->attributes);
  EXPECT_EQ(world_.Call<PutItem>(put)->attributes, With({{"A", N(1)}}));
  put.return_values = ReturnValue::kAllNew;
  EXPECT_EQ(world_.ProblemOf<PutItem>(put), "ReturnValues can only be ALL_OLD or NONE");
  DeleteItemRequest deletion = Delete();
  deletion.return_values = ReturnValue::kAllOld;
  EXPECT_EQ(world_.Call<DeleteItem>(deletion)->attributes, With({{"A", N(1)}}));
  EXPECT_FALSE(world_.Call<DeleteItem>(deletion)->attributes);
}

TEST_F(ItemsTest, AnUpdateReturnsWhatIsAskedFor) {
  world_.Call<PutItem>(Put({{"A", N(1)}, {"B", N(1)}}));
  UpdateItemRequest request = Update("SET A = A + :n REMOVE B", {{{":n", N(1)}}});
  const auto returned = [&](ReturnValue wanted) {
    request.return_values = wanted;
    return world_.Call<UpdateItem>(request)->attributes;
  };
  EXPECT_EQ(returned(ReturnValue::kAllOld), With({{"A", N(1)}, {"B", N(1)}}));
  EXPECT_EQ(returned(ReturnValue::kUpdatedOld), (Item{{"A", N(2)}}));
  EXPECT_EQ(returned(ReturnValue::kUpdatedNew), (Item{{"A", N(4)}}));
  EXPECT_EQ(returned(ReturnValue::kAllNew), With({{"A", N(5)}}));
  EXPECT_EQ(returned(ReturnValue::kNone), std::nullopt);
}

TEST_F(ItemsTest, AnUpdateWithoutExpressionMakesTheItem) {
  UpdateItemRequest request = Update("");
  request.update_expression = std::nullopt;
  request.return_values = ReturnValue::kAllNew;
  EXPECT_EQ(world_.Call<UpdateItem>(request)->attributes, key_);
}

TEST_F(ItemsTest, AFailedConditionShowsTheItemOnlyWhereAskedFor) {
  world_.Call<PutItem>(Put({{"A", N(1)}}));
  PutItemRequest request = Put();
  request.condition_expression = "attribute_not_exists(#p)";
  request.expression_attribute_names = {{{"#p", "P"}}};
  EXPECT_FALSE(world_.Call<PutItem>(request).error().item);
  request.return_values_on_condition_check_failure = ReturnValuesOnConditionCheckFailure::kAllOld;
  const auto error = world_.Call<PutItem>(request).error();
  EXPECT_EQ(error.code, ErrorCode::kConditionalCheckFailedException);
  EXPECT_EQ(error.item, With({{"A", N(1)}}));
}

TEST_F(ItemsTest, PlaceholdersNeedAnExpressionAndAUse) {
  PutItemRequest request = Put();
  request.expression_attribute_values = {{{":v", N(1)}}};
  EXPECT_EQ(world_.ProblemOf<PutItem>(request),
            "ExpressionAttributeValues can only be specified when using expressions: "
            "ConditionExpression is null");
  request.condition_expression = "attribute_exists(P)";
  EXPECT_EQ(world_.ProblemOf<PutItem>(request),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}");
}

TEST_F(ItemsTest, AnAbsentTableIsNotFound) {
  GetItemRequest request = Get();
  request.table_name = "Absent";
  const auto error = world_.Call<GetItem>(request).error();
  EXPECT_EQ(error.code, ErrorCode::kResourceNotFoundException);
  EXPECT_EQ(error.message, "Requested resource not found");
}

TEST_F(ItemsTest, CollectionMetricsAreARangeOfGigabytesReadOnThePool) {
  PutItemRequest request = Put();
  request.return_item_collection_metrics = ReturnItemCollectionMetrics::kSize;
  EXPECT_EQ(world_.Call<PutItem>(request, ReadTier::kMemory).error().code, ErrorCode::kRetryOnPool);
  EXPECT_TRUE(world_.items().Items().empty());
  const auto metrics = world_.Call<PutItem>(request)->item_collection_metrics;
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->item_collection_key, (Item{{"P", S("p")}}));
  EXPECT_EQ(metrics->size_estimate_range_gb, (std::vector<double>{0, 1}));
}

}  // namespace
}  // namespace gramme
