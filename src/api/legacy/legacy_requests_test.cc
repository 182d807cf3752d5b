// What the operations make of legacy parameters: which of them go together, and in what order they
// are looked at.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/batch/batch_get_item.h"
#include "api/item/delete_item.h"
#include "api/item/get_item.h"
#include "api/item/put_item.h"
#include "api/item/update_item.h"
#include "api/legacy/testing/legacy_values.h"
#include "api/query/query.h"
#include "api/query/scan.h"
#include "api/testing/api_world.h"

namespace gramme {
namespace {

using enum ComparisonOperator;

constexpr std::string_view kWithoutConditions =
    "ConditionalOperator cannot be used without Filter or Expected";
constexpr std::string_view kOneCondition =
    "ConditionalOperator can only be used when Filter or Expected has two or more elements";

std::string Mixed(std::string_view legacy, std::string_view expressions) {
  return "Can not use both expression and non-expression parameters in the same request: "
         "Non-expression parameters: {" +
         std::string(legacy) + "} Expression parameters: {" + std::string(expressions) + "}";
}

template <typename Operation>
std::string ProblemOf(const typename Operation::Request& request) {
  const auto plan = Operation::Validate(request);
  return plan ? "" : plan.error().message;
}

template <typename Operation>
typename Operation::Request RequestOf() {
  typename Operation::Request request;
  request.table_name = "Things";
  return request;
}

const Conditions kOne{{{"A", Compare(kNotNull)}}};
const Conditions kTwo{{{"A", Compare(kNotNull)}, {"B", Compare(kNotNull)}}};
const ExpectedAttributes kOneExpected{{{"A", {.exists = false}}}};
const ExpectedAttributes kTwoExpected{{{"A", {.exists = false}}, {"B", {.exists = false}}}};

template <typename Operation>
void ExpectRulesOfConditionalOperator() {
  auto request = RequestOf<Operation>();
  request.conditional_operator = ConditionalOperator::kAnd;
  EXPECT_EQ(ProblemOf<Operation>(request), kWithoutConditions);
  request.expected.emplace();
  EXPECT_EQ(ProblemOf<Operation>(request), kWithoutConditions);
  request.expected = kOneExpected;
  EXPECT_EQ(ProblemOf<Operation>(request), kOneCondition);
  request.expected = kTwoExpected;
  EXPECT_EQ(ProblemOf<Operation>(request), "");
  request.condition_expression = "attribute_exists(A)";
  EXPECT_EQ(ProblemOf<Operation>(request),
            Mixed("Expected, ConditionalOperator", "ConditionExpression"));
  request.expected = std::nullopt;
  EXPECT_EQ(ProblemOf<Operation>(request), Mixed("ConditionalOperator", "ConditionExpression"));
  // An empty map was sent all the same.
  request.conditional_operator = std::nullopt;
  request.expected.emplace();
  EXPECT_EQ(ProblemOf<Operation>(request), Mixed("Expected", "ConditionExpression"));
}

TEST(LegacyRequestsTest, WritesUseTheOneOrTheOther) {
  ExpectRulesOfConditionalOperator<PutItem>();
  ExpectRulesOfConditionalOperator<DeleteItem>();
  ExpectRulesOfConditionalOperator<UpdateItem>();
}

TEST(LegacyRequestsTest, UpdatesUseTheOneOrTheOther) {
  auto request = RequestOf<UpdateItem>();
  request.attribute_updates = {{{"A", {.value = N(1)}}}};
  EXPECT_EQ(ProblemOf<UpdateItem>(request), "");
  request.update_expression = "REMOVE A";
  EXPECT_EQ(ProblemOf<UpdateItem>(request), Mixed("AttributeUpdates", "UpdateExpression"));
  request.expected = kTwoExpected;
  request.conditional_operator = ConditionalOperator::kOr;
  request.condition_expression = "attribute_exists(A)";
  EXPECT_EQ(ProblemOf<UpdateItem>(request), Mixed("AttributeUpdates, Expected, ConditionalOperator",
                                                  "UpdateExpression, ConditionExpression"));
  request.update_expression = std::nullopt;
  request.attribute_updates = std::nullopt;
  EXPECT_EQ(ProblemOf<UpdateItem>(request),
            Mixed("Expected, ConditionalOperator", "ConditionExpression"));
}

TEST(LegacyRequestsTest, WritesAreCheckedInDynamoDbsOrder) {
  auto update = RequestOf<UpdateItem>();
  update.expected = {{{"A", {}}}};
  EXPECT_EQ(ProblemOf<UpdateItem>(update),
            "One or more parameter values were invalid: Value must be provided when Exists is null "
            "for Attribute: A");
  update.attribute_updates = {{{"A", {}}}};
  EXPECT_EQ(ProblemOf<UpdateItem>(update),
            "One or more parameter values were invalid: Only DELETE action is allowed when no "
            "attribute value is specified");
  update.expression_attribute_names = {{{"#a", "A"}}};
  EXPECT_EQ(ProblemOf<UpdateItem>(update),
            "ExpressionAttributeNames can only be specified when using expressions");
  auto put = RequestOf<PutItem>();
  put.expected = {{{"A", {}}}};
  put.return_values = ReturnValue::kAllNew;
  EXPECT_EQ(ProblemOf<PutItem>(put), "ReturnValues can only be ALL_OLD or NONE");
  put.conditional_operator = ConditionalOperator::kAnd;
  EXPECT_EQ(ProblemOf<PutItem>(put), kOneCondition);
  put.expression_attribute_values = {{{":v", N(1)}}};
  EXPECT_EQ(ProblemOf<PutItem>(put),
            "ExpressionAttributeValues can only be specified when using expressions: "
            "ConditionExpression is null");
}

TEST(LegacyRequestsTest, ReadsUseTheOneOrTheOther) {
  auto get = RequestOf<GetItem>();
  get.attributes_to_get = {{"A", "A"}};
  EXPECT_EQ(ProblemOf<GetItem>(get),
            "One or more parameter values were invalid: Duplicate value in attribute name: A");
  get.projection_expression = "A";
  EXPECT_EQ(ProblemOf<GetItem>(get), Mixed("AttributesToGet", "ProjectionExpression"));
  BatchGetItemRequest batch;
  batch.request_items["Things"].attributes_to_get = {{"A", "B", "A"}};
  EXPECT_EQ(ProblemOf<BatchGetItem>(batch),
            "One or more parameter values were invalid: Duplicate value in attribute name: A");
  batch.request_items["Things"].projection_expression = "A";
  EXPECT_EQ(ProblemOf<BatchGetItem>(batch), Mixed("AttributesToGet", "ProjectionExpression"));
}

TEST(LegacyRequestsTest, AScanUsesTheOneOrTheOther) {
  auto scan = RequestOf<Scan>();
  scan.conditional_operator = ConditionalOperator::kAnd;
  EXPECT_EQ(ProblemOf<Scan>(scan), kWithoutConditions);
  scan.attributes_to_get = {{"A"}};
  EXPECT_EQ(ProblemOf<Scan>(scan), kWithoutConditions);
  scan.scan_filter = kOne;
  EXPECT_EQ(ProblemOf<Scan>(scan), kOneCondition);
  scan.scan_filter = kTwo;
  EXPECT_EQ(ProblemOf<Scan>(scan), "");
  scan.projection_expression = "A";
  EXPECT_EQ(ProblemOf<Scan>(scan),
            Mixed("AttributesToGet, ScanFilter, ConditionalOperator", "ProjectionExpression"));
  scan.filter_expression = "attribute_exists(A)";
  EXPECT_EQ(ProblemOf<Scan>(scan), Mixed("AttributesToGet, ScanFilter, ConditionalOperator",
                                         "ProjectionExpression, FilterExpression"));
}

TEST(LegacyRequestsTest, AScanIsCheckedInDynamoDbsOrder) {
  auto scan = RequestOf<Scan>();
  scan.segment = 1;
  scan.scan_filter = {{{"A", Compare(kEqual)}}};
  EXPECT_EQ(ProblemOf<Scan>(scan),
            "One or more parameter values were invalid: Invalid number of argument(s) for the EQ "
            "ComparisonOperator");
  scan.attributes_to_get = {{"A", "A"}};
  EXPECT_EQ(ProblemOf<Scan>(scan),
            "One or more parameter values were invalid: Duplicate value in attribute name: A");
}

class LegacyQueryTest : public testing::Test {
 protected:
  LegacyQueryTest() {
    query_.table_name = "Things";
    query_.key_conditions = {{{"P", Compare(kEqual, {S("p")})}}};
  }
  QueryRequest query_;
};

TEST_F(LegacyQueryTest, KeyConditionsGoWithTheOtherExpressions) {
  query_.filter_expression = "attribute_exists(A)";
  query_.projection_expression = "A";
  EXPECT_EQ(ProblemOf<Query>(query_), "");
  query_.key_condition_expression = "P = :p";
  query_.attributes_to_get = {{"A"}};
  query_.query_filter = kTwo;
  query_.conditional_operator = ConditionalOperator::kAnd;
  EXPECT_EQ(ProblemOf<Query>(query_),
            Mixed("AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions",
                  "ProjectionExpression, FilterExpression, KeyConditionExpression"));
  query_.key_conditions = std::nullopt;
  query_.conditional_operator = std::nullopt;
  query_.attributes_to_get = std::nullopt;
  query_.filter_expression = std::nullopt;
  query_.projection_expression = std::nullopt;
  EXPECT_EQ(ProblemOf<Query>(query_), Mixed("QueryFilter", "KeyConditionExpression"));
}

TEST_F(LegacyQueryTest, ItIsCheckedInDynamoDbsOrder) {
  query_.key_conditions = std::nullopt;
  EXPECT_EQ(ProblemOf<Query>(query_),
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
            "request.");
  query_.attributes_to_get = {{"A", "A"}};
  EXPECT_EQ(ProblemOf<Query>(query_),
            "One or more parameter values were invalid: Duplicate value in attribute name: A");
  query_.query_filter = {{{"A", Compare(kEqual)}}};
  EXPECT_EQ(ProblemOf<Query>(query_),
            "One or more parameter values were invalid: Invalid number of argument(s) for the EQ "
            "ComparisonOperator");
  query_.conditional_operator = ConditionalOperator::kAnd;
  EXPECT_EQ(ProblemOf<Query>(query_), kOneCondition);
  query_.expression_attribute_values.emplace();
  EXPECT_EQ(ProblemOf<Query>(query_),
            "ExpressionAttributeValues can only be specified when using expressions: "
            "FilterExpression and KeyConditionExpression are null");
}

TEST_F(LegacyQueryTest, AProjectionTakesNoValues) {
  query_.projection_expression = "A";
  query_.expression_attribute_values = {{{":v", N(1)}}};
  EXPECT_EQ(ProblemOf<Query>(query_),
            "ExpressionAttributeValues can only be specified when using expressions: "
            "FilterExpression and KeyConditionExpression are null");
  auto scan = RequestOf<Scan>();
  scan.projection_expression = "A";
  scan.expression_attribute_values = query_.expression_attribute_values;
  EXPECT_EQ(ProblemOf<Scan>(scan),
            "ExpressionAttributeValues can only be specified when using expressions: "
            "FilterExpression is null");
}

TEST_F(LegacyQueryTest, SelectGoesWithAttributesToGet) {
  query_.select = Select::kSpecificAttributes;
  EXPECT_EQ(ProblemOf<Query>(query_),
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
            "SPECIFIC_ATTRIBUTES");
  query_.attributes_to_get = {{"A"}};
  EXPECT_EQ(ProblemOf<Query>(query_), "");
  query_.select = Select::kCount;
  EXPECT_EQ(ProblemOf<Query>(query_),
            "Cannot specify the AttributesToGet when choosing to get only the Count");
  query_.select = Select::kAllAttributes;
  EXPECT_EQ(ProblemOf<Query>(query_),
            "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES");
}

TEST_F(LegacyQueryTest, AFilterHasNoKeyAttributes) {
  ApiWorld world;
  query_.query_filter = {{{"R", Compare(kNotNull)}}};
  EXPECT_EQ(world.ProblemOf<Query>(query_),
            "QueryFilter can only contain non-primary key attributes: Primary key attribute: R");
  query_.query_filter->emplace("P", Compare(kNotNull));
  EXPECT_EQ(world.ProblemOf<Query>(query_),
            "QueryFilter can only contain non-primary key attributes: Primary key attribute: P");
  query_.query_filter = std::nullopt;
  query_.filter_expression = "attribute_exists(R)";
  EXPECT_EQ(world.ProblemOf<Query>(query_),
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: "
            "R");
}

TEST(LegacyRequestsTest, PermissionIsAskedForWhatTheyName) {
  auto query = RequestOf<Query>();
  query.key_conditions = {{{"P", Compare(kEqual, {S("p")})}}};
  query.query_filter = kOne;
  query.attributes_to_get = {{"X", "Y.z"}};
  EXPECT_EQ(Query::Resources(query, *Query::Validate(query)).front().attributes,
            (std::vector<std::string>{"A", "X", "Y.z"}));
  auto update = RequestOf<UpdateItem>();
  update.key = {{"P", S("p")}};
  update.attribute_updates = {
      {{"U", {.value = N(1)}}, {"V", {.action = AttributeAction::kDelete}}}};
  update.expected = kOneExpected;
  EXPECT_EQ(UpdateItem::Resources(update, *UpdateItem::Validate(update)).front().attributes,
            (std::vector<std::string>{"A", "P", "U", "V"}));
  auto get = RequestOf<GetItem>();
  get.attributes_to_get = {{"B", "A"}};
  EXPECT_EQ(GetItem::Resources(get, *GetItem::Validate(get)).front().attributes,
            (std::vector<std::string>{"A", "B"}));
}

}  // namespace
}  // namespace gramme
