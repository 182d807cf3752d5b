// Query and Scan.

#include <gtest/gtest.h>

#include "api/query/query.h"
#include "api/query/scan.h"
#include "api/testing/api_world.h"

namespace gramme {
namespace {

class PagesTest : public testing::Test {
 protected:
  PagesTest() {
    for (int i = 1; i <= 4; ++i) {
      world_.items().Write(world_.items().Put({{"P", S("p")},
                                               {"R", N(i)},
                                               {"L", S("l" + std::to_string(9 - i))},
                                               {"G", S("g")},
                                               {"H", N(i)},
                                               {"X", S("x")},
                                               {"Y", N(i % 2)}}));
    }
  }
  static QueryRequest QueryOf(std::string condition, ExpressionAttributeValues values) {
    QueryRequest request;
    request.table_name = "Things";
    request.key_condition_expression = std::move(condition);
    request.expression_attribute_values = std::move(values);
    return request;
  }
  static QueryRequest QueryP() { return QueryOf("P = :p", {{{":p", S("p")}}}); }
  static QueryRequest QueryIndex(std::string index) {
    QueryRequest request =
        index.starts_with("lsi") ? QueryP() : QueryOf("G = :g", {{{":g", S("g")}}});
    request.index_name = std::move(index);
    return request;
  }
  static ScanRequest ScanT() {
    ScanRequest request;
    request.table_name = "Things";
    return request;
  }
  static std::vector<std::string> NumbersOf(const PageResponse& page, std::string_view name = "R") {
    std::vector<std::string> numbers;
    for (std::size_t i = 0; i < page.items->size(); ++i) {
      const Item item = *page.items->Decode(i);
      numbers.push_back(FindAttribute(item, name)->get<Number>().ToString());
    }
    return numbers;
  }
  using Numbers = std::vector<std::string>;

  ApiWorld world_;
};

TEST_F(PagesTest, AQueryGivesARangeInOrder) {
  QueryRequest request =
      QueryOf("P = :p AND R BETWEEN :a AND :b", {{{":p", S("p")}, {":a", N(2)}, {":b", N(3)}}});
  EXPECT_EQ(NumbersOf(*world_.Call<Query>(request)), (Numbers{"2", "3"}));
  request.scan_index_forward = false;
  const auto page = world_.Call<Query>(request, ReadTier::kMemory);
  EXPECT_EQ(NumbersOf(*page), (Numbers{"3", "2"}));
  EXPECT_EQ(page->count, 2);
  EXPECT_EQ(page->scanned_count, 2);
  EXPECT_FALSE(page->last_evaluated_key);
}

TEST_F(PagesTest, AFilterTakesAwayAfterTheLimitHasCounted) {
  QueryRequest request = QueryP();
  request.filter_expression = "Y = :y";
  (*request.expression_attribute_values)[":y"] = N(0);
  request.limit = 3;
  const auto page = world_.Call<Query>(request);
  EXPECT_EQ(NumbersOf(*page), Numbers{"2"});
  EXPECT_EQ(page->count, 1);
  EXPECT_EQ(page->scanned_count, 3);
  EXPECT_EQ(page->last_evaluated_key, (Item{{"P", S("p")}, {"R", N(3)}}));
}

TEST_F(PagesTest, AStartKeyNeedNotExistAndMustLieInTheRange) {
  QueryRequest request = QueryP();
  request.exclusive_start_key = {{{"P", S("p")}, {"R", *Number::Parse("2.5")}}};
  EXPECT_EQ(NumbersOf(*world_.Call<Query>(request)), (Numbers{"3", "4"}));
  request.exclusive_start_key = {{{"P", S("q")}, {"R", N(2)}}};
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "The provided starting key is outside query boundaries based on provided conditions");
  request.key_condition_expression = "P = :p AND R > :r";
  (*request.expression_attribute_values)[":r"] = N(2);
  request.exclusive_start_key = {{{"P", S("p")}, {"R", N(1)}}};
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "The provided starting key does not match the range key predicate");
}

TEST_F(PagesTest, SelectDecidesWhatIsAnswered) {
  QueryRequest request = QueryP();
  request.select = Select::kCount;
  const auto page = world_.Call<Query>(request);
  EXPECT_EQ(page->count, 4);
  EXPECT_FALSE(page->items);
  request.projection_expression = "R";
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "Cannot specify the ProjectionExpression when choosing to get only the Count");
  request.select = Select::kSpecificAttributes;
  EXPECT_EQ(world_.Call<Query>(request)->items->Decode(0), (Item{{"R", N(1)}}));
  request.projection_expression = std::nullopt;
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
            "SPECIFIC_ATTRIBUTES");
  request.select = Select::kAllProjectedAttributes;
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
}

TEST_F(PagesTest, AGlobalIndexGivesWhatItProjectsAndNothingElse) {
  QueryRequest request = QueryIndex("gsi");
  const auto page = world_.Call<Query>(request);
  EXPECT_EQ(page->items->Decode(0),
            (Item{{"P", S("p")}, {"R", N(1)}, {"G", S("g")}, {"H", N(1)}, {"X", S("x")}}));
  request.consistent_read = true;
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "Consistent reads are not supported on global secondary indexes");
  request.consistent_read = false;
  request.select = Select::kAllAttributes;
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not "
            "supported for global secondary index gsi because its projection type is not ALL");
  request.select = std::nullopt;
  request.projection_expression = "X, Y";
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "One or more parameter values were invalid: Global secondary index gsi does not "
            "project [Y]");
}

TEST_F(PagesTest, ALocalIndexFetchesWhatItDoesNotProject) {
  QueryRequest request = QueryIndex("lsi");
  request.return_consumed_capacity = ReturnConsumedCapacity::kIndexes;
  auto page = world_.Call<Query>(request);
  EXPECT_EQ(NumbersOf(*page), (Numbers{"4", "3", "2", "1"}));
  EXPECT_EQ(page->items->Decode(0)->size(), 3U);
  EXPECT_EQ(page->consumed_capacity->capacity_units, 0.5);
  EXPECT_EQ(page->consumed_capacity->table->capacity_units, 0);
  request.projection_expression = "Y";
  request.consistent_read = true;
  page = world_.Call<Query>(request);
  EXPECT_EQ(NumbersOf(*page, "Y"), (Numbers{"0", "1", "0", "1"}));
  EXPECT_EQ(page->consumed_capacity->table->capacity_units, 4);
  EXPECT_EQ(page->consumed_capacity->local_secondary_indexes->at("lsi").capacity_units, 1);
}

TEST_F(PagesTest, AFilterOfALocalIndexSeesTheItemAndTheAnswerShowsWhatIsProjected) {
  QueryRequest request = QueryIndex("lsi");
  request.return_consumed_capacity = ReturnConsumedCapacity::kIndexes;
  request.consistent_read = true;
  request.filter_expression = "Y = :y";
  (*request.expression_attribute_values)[":y"] = N(1);
  for (const auto& select :
       {std::optional<Select>(), std::optional(Select::kAllProjectedAttributes)}) {
    request.select = select;
    const auto page = world_.Call<Query>(request);
    EXPECT_EQ(NumbersOf(*page), (Numbers{"3", "1"}));
    EXPECT_EQ(page->items->Decode(0), (Item{{"P", S("p")}, {"R", N(3)}, {"L", S("l6")}}));
    EXPECT_EQ(page->scanned_count, 4);
    // Every entry's item is fetched, each alone.
    EXPECT_EQ(page->consumed_capacity->table->capacity_units, 4);
    EXPECT_EQ(page->consumed_capacity->local_secondary_indexes->at("lsi").capacity_units, 1);
  }
  request.select = Select::kCount;
  EXPECT_EQ(world_.Call<Query>(request)->count, 2);
  request.select = Select::kAllAttributes;
  EXPECT_EQ(world_.Call<Query>(request)->items->Decode(0)->size(), 7U);
  // With a projection besides, of what is projected and of what is not.
  request.select = std::nullopt;
  for (const char* name : {"R", "Y"}) {
    request.projection_expression = name;
    const auto page = world_.Call<Query>(request);
    EXPECT_EQ(NumbersOf(*page, name), name[0] == 'R' ? (Numbers{"3", "1"}) : (Numbers{"1", "1"}));
    EXPECT_EQ(page->items->Decode(0)->size(), 1U);
  }
}

TEST_F(PagesTest, AScanOfALocalIndexFetchesForItsFilterToo) {
  ScanRequest request = ScanT();
  request.index_name = "lsi";
  request.filter_expression = "Y = :y";
  request.expression_attribute_values = {{{":y", N(0)}}};
  request.return_consumed_capacity = ReturnConsumedCapacity::kTotal;
  const auto page = world_.Call<Scan>(request);
  EXPECT_EQ(NumbersOf(*page), (Numbers{"4", "2"}));
  EXPECT_EQ(page->items->Decode(0)->size(), 3U);
  EXPECT_EQ(page->consumed_capacity->capacity_units, 0.5 + 4 * 0.5);
}

TEST_F(PagesTest, AFilterOfAGlobalIndexFindsNothingThatIsNotProjected) {
  QueryRequest request = QueryIndex("gsi");
  request.filter_expression = "attribute_exists(Y)";
  EXPECT_EQ(world_.Call<Query>(request)->count, 0);
  request.filter_expression = "attribute_not_exists(Y) AND X = :x";
  (*request.expression_attribute_values)[":x"] = S("x");
  EXPECT_EQ(world_.Call<Query>(request)->count, 4);
  request.filter_expression = std::nullopt;
  request.key_conditions = {
      {{"G",
        {.attribute_value_list = {{S("g")}}, .comparison_operator = ComparisonOperator::kEqual}}}};
  request.key_condition_expression = std::nullopt;
  request.expression_attribute_values = std::nullopt;
  request.attributes_to_get = {{"X", "Y"}};
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "One or more parameter values were invalid: Global secondary index gsi does not "
            "project [Y]");
}

TEST_F(PagesTest, AnIndexOfManyKeyAttributesIsQueried) {
  QueryRequest request = QueryOf("G = :g AND L = :l", {{{":g", S("g")}, {":l", S("l7")}}});
  request.index_name = "gsi-many";
  EXPECT_EQ(NumbersOf(*world_.Call<Query>(request)), Numbers{"2"});
}

TEST_F(PagesTest, AnAbsentOrUnbuiltIndexIsRefused) {
  EXPECT_EQ(world_.ProblemOf<Query>(QueryIndex("nothing")),
            "The table does not have the specified index: nothing");
  ASSERT_TRUE(world_.items().catalog().EditTable(
      "Things",
      [](TableDescription& table) -> Result<void> {
        for (IndexDescription& index : table.indexes) index.backfilling = index.is_global;
        return {};
      },
      [](WriteBatch&) {}));
  EXPECT_EQ(world_.ProblemOf<Query>(QueryIndex("gsi")),
            "Cannot read from backfilling global secondary index: gsi");
}

TEST_F(PagesTest, AQueryNeedsAKeyConditionAndAFilterNoKeys) {
  QueryRequest request = QueryP();
  request.filter_expression = "R = :p";
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "Filter Expression can only contain non-primary key attributes: Primary key "
            "attribute: R");
  request = {};
  request.table_name = "Things";
  EXPECT_EQ(world_.ProblemOf<Query>(request),
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in "
            "the request.");
}

TEST_F(PagesTest, SegmentsComeInPairsOfParameters) {
  ScanRequest request = ScanT();
  request.segment = 1;
  EXPECT_EQ(world_.ProblemOf<Scan>(request),
            "The TotalSegments parameter is required but was not present in the request when "
            "Segment parameter is present");
  request.total_segments = 1;
  EXPECT_EQ(world_.ProblemOf<Scan>(request),
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            "Segment: 1 is not less than TotalSegments: 1");
  request.segment = std::nullopt;
  EXPECT_EQ(world_.ProblemOf<Scan>(request),
            "The Segment parameter is required but was not present in the request when parameter "
            "TotalSegments is present");
}

TEST_F(PagesTest, SegmentsTogetherAreTheTable) {
  std::size_t item_count = 0;
  std::size_t refused_count = 0;
  ScanRequest request = ScanT();
  request.total_segments = 4;
  for (int i = 0; i < 4; ++i) {
    request.segment = i;
    request.exclusive_start_key = std::nullopt;
    item_count += world_.Call<Scan>(request)->items->size();
    request.exclusive_start_key = {{{"P", S("p")}, {"R", N(1)}}};
    refused_count += world_.Call<Scan>(request) ? 0U : 1U;
  }
  EXPECT_EQ(item_count, 4U);
  EXPECT_EQ(refused_count, 3U);
}

TEST_F(PagesTest, AnEmptyPageCostsAUnit) {
  QueryRequest request = QueryOf("P = :p", {{{":p", S("nobody")}}});
  request.return_consumed_capacity = ReturnConsumedCapacity::kTotal;
  const auto page = world_.Call<Query>(request);
  EXPECT_TRUE(page->items->empty());
  EXPECT_EQ(page->consumed_capacity->capacity_units, 0.5);
}

}  // namespace
}  // namespace gramme
