#include "api/table/table_rules.h"

#include <gtest/gtest.h>

#include "model/limits.h"

namespace gramme {
namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

std::string Invalid(std::string_view text) { return std::string(kInvalid) + std::string(text); }

KeySchema Keys(const std::string& hash, const std::string& range = "") {
  KeySchema schema = {{.attribute_name = hash}};
  if (!range.empty()) schema.push_back({.attribute_name = range, .key_type = KeyType::kRange});
  return schema;
}

std::vector<AttributeDefinition> Definitions(const std::vector<std::string>& names) {
  std::vector<AttributeDefinition> definitions;
  for (const std::string& name : names) definitions.push_back({.attribute_name = name});
  return definitions;
}

ProjectionShape All() { return {.projection_type = ProjectionType::kAll}; }

LocalSecondaryIndexShape Local(const std::string& name, KeySchema keys) {
  return {.index_name = name, .key_schema = std::move(keys), .projection = All()};
}

GlobalSecondaryIndexShape Global(const std::string& name, KeySchema keys) {
  return {.index_name = name, .key_schema = std::move(keys), .projection = All()};
}

// On demand, keys `a` and `b`.
TableDefinition Good() {
  return {.attribute_definitions = Definitions({"a", "b"}),
          .key_schema = Keys("a", "b"),
          .billing_mode = BillingMode::kPayPerRequest};
}

std::string ProblemOf(const TableDefinition& definition) {
  const auto valid = ValidateTableDefinition(definition);
  return valid ? "" : valid.error().message;
}

TEST(TableRulesTest, AcceptWhatIsRight) {
  EXPECT_EQ(ProblemOf(Good()), "");
  TableDefinition table = Good();
  table.attribute_definitions = Definitions({"a", "b", "c", "d"});
  table.local_secondary_indexes = {{Local("local", Keys("a", "c"))}};
  table.global_secondary_indexes = {{Global("global", Keys("d")), Global("other", Keys("c", "d"))}};
  EXPECT_EQ(ProblemOf(table), "");
  table.billing_mode = BillingMode::kProvisioned;
  table.provisioned_throughput = {.read_capacity_units = 1, .write_capacity_units = 1};
  for (auto& index : *table.global_secondary_indexes) {
    index.provisioned_throughput = table.provisioned_throughput;
  }
  EXPECT_EQ(ProblemOf(table), "");
}

TEST(TableRulesTest, ThroughputFitsTheBillingMode) {
  TableDefinition table = Good();
  table.provisioned_throughput = {.read_capacity_units = 1, .write_capacity_units = 1};
  EXPECT_EQ(ProblemOf(table),
            Invalid("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                    "BillingMode is PAY_PER_REQUEST"));
  table.billing_mode = BillingMode::kProvisioned;
  table.on_demand_throughput = OnDemandThroughput{.max_read_request_units = 1};
  EXPECT_EQ(ProblemOf(table),
            Invalid("MaxReadRequestUnits for OnDemandThroughput cannot be specified when table "
                    "BillingMode is PROVISIONED."));
  table.on_demand_throughput.reset();
  table.provisioned_throughput->read_capacity_units = 1'000'000'000'001;
  EXPECT_EQ(ProblemOf(table), "Given value 1000000000001 for ReadCapacityUnits is out of bounds");
  table.provisioned_throughput.reset();
  EXPECT_EQ(ProblemOf(table),
            Invalid("ReadCapacityUnits and WriteCapacityUnits must both be specified when "
                    "BillingMode is PROVISIONED"));
  table = Good();
  for (const std::int64_t wrong : {0, -1, -2}) {
    table.on_demand_throughput = OnDemandThroughput{.max_write_request_units = wrong};
    EXPECT_EQ(ProblemOf(table),
              Invalid("Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside "
                      "of valid range"));
  }
  table.on_demand_throughput = OnDemandThroughput{.max_write_request_units = 1};
  EXPECT_EQ(ProblemOf(table), "");
  table.global_secondary_indexes = {{Global("global", Keys("b"))}};
  table.global_secondary_indexes->front().on_demand_throughput =
      OnDemandThroughput{.max_read_request_units = 0};
  EXPECT_EQ(ProblemOf(table),
            Invalid("Requested MaxReadRequestUnits for OnDemandThroughput for index : global is "
                    "outside of valid range"));
}

TEST(TableRulesTest, KeysAreOneHashAndPerhapsOneRange) {
  TableDefinition table = Good();
  table.key_schema = Keys("a", "a");
  EXPECT_EQ(ProblemOf(table),
            "Both the Hash Key and the Range Key element in the KeySchema have the same name");
  table = Good();
  table.key_schema[0].key_type = KeyType::kRange;
  EXPECT_EQ(ProblemOf(table),
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  table = Good();
  table.key_schema[1].key_type = KeyType::kHash;
  EXPECT_EQ(ProblemOf(table),
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  table = Good();
  table.attribute_definitions = Definitions({"a"});
  table.key_schema = Keys("a", "a");
  EXPECT_EQ(ProblemOf(table), "Invalid KeySchema: Some index key attribute have no definition");
  table = Good();
  table.attribute_definitions = Definitions({"a", "b", "c"});
  table.key_schema.push_back({.attribute_name = "c", .key_type = KeyType::kRange});
  EXPECT_EQ(ProblemOf(table),
            "1 validation error detected: Value '[KeySchemaElement(attributeName=a, keyType=HASH), "
            "KeySchemaElement(attributeName=b, keyType=RANGE), KeySchemaElement(attributeName=c, "
            "keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length "
            "less than or equal to 2");
}

TEST(TableRulesTest, KeysAreDefinedAndDefinitionsUsed) {
  TableDefinition table = Good();
  table.attribute_definitions = Definitions({"a"});
  EXPECT_EQ(ProblemOf(table), "Invalid KeySchema: Some index key attribute have no definition");
  table.key_schema = Keys("x");
  EXPECT_EQ(ProblemOf(table),
            Invalid("Some index key attributes are not defined in AttributeDefinitions. Keys: [x], "
                    "AttributeDefinitions: [a]"));
  table = Good();
  table.attribute_definitions = Definitions({"a", "b", "c"});
  EXPECT_EQ(ProblemOf(table),
            Invalid("Number of attributes in KeySchema does not exactly match number of attributes "
                    "defined in AttributeDefinitions"));
  table.global_secondary_indexes = {{Global("global", Keys("b"))}};
  EXPECT_EQ(ProblemOf(table),
            Invalid("Some AttributeDefinitions are not used. AttributeDefinitions: [a, b, c], keys "
                    "used: [a, b]"));
  table = Good();
  table.attribute_definitions = Definitions({"a", "b", "b"});
  EXPECT_EQ(ProblemOf(table), "Attribute Name is duplicated: b");
}

TEST(TableRulesTest, LocalIndexesShareThePartitionKey) {
  TableDefinition table = Good();
  table.local_secondary_indexes.emplace();
  EXPECT_EQ(ProblemOf(table), Invalid("List of LocalSecondaryIndexes is empty"));
  table.local_secondary_indexes = {{Local("local", Keys("b", "a"))}};
  EXPECT_EQ(ProblemOf(table),
            Invalid("Index KeySchema does not have the same leading hash key as table KeySchema "
                    "for index: local. index hash key: b, table hash key: a"));
  table.local_secondary_indexes = {{Local("local", Keys("a"))}};
  EXPECT_EQ(ProblemOf(table),
            Invalid("Index KeySchema does not have a range key for index: local"));
  table.local_secondary_indexes = {{Local("local", Keys("a", "x"))}};
  EXPECT_EQ(ProblemOf(table),
            Invalid("Some index key attributes are not defined in AttributeDefinitions. Keys: [a, "
                    "x], AttributeDefinitions: [a, b]"));
  table.local_secondary_indexes->clear();
  for (std::size_t i = 0; i <= kLocalSecondaryIndexCountMax; ++i) {
    if (i == kLocalSecondaryIndexCountMax) {
      EXPECT_EQ(ProblemOf(table), "");
    }
    table.local_secondary_indexes->push_back(Local("l" + std::to_string(i), Keys("a", "b")));
  }
  EXPECT_EQ(ProblemOf(table),
            Invalid("Number of LocalSecondaryIndexes exceeds per-table limit of 5"));
  table.key_schema = Keys("a");
  EXPECT_EQ(ProblemOf(table),
            Invalid("Table KeySchema does not have a range key, which is required when specifying "
                    "a LocalSecondaryIndex"));
}

TEST(TableRulesTest, GlobalIndexesHaveTheirOwnKeysAndThroughput) {
  TableDefinition table = Good();
  table.global_secondary_indexes.emplace();
  EXPECT_EQ(ProblemOf(table), Invalid("List of GlobalSecondaryIndexes is empty"));
  table.global_secondary_indexes = {{Global("global", Keys("b"))}};
  auto& index = table.global_secondary_indexes->front();
  index.provisioned_throughput = {.read_capacity_units = 1, .write_capacity_units = 1};
  EXPECT_EQ(ProblemOf(table),
            Invalid("ProvisionedThroughput should not be specified for index: global when "
                    "BillingMode is PAY_PER_REQUEST"));
  table.billing_mode = BillingMode::kProvisioned;
  table.provisioned_throughput = index.provisioned_throughput;
  index.provisioned_throughput->write_capacity_units = 1'000'000'000'001;
  EXPECT_EQ(ProblemOf(table),
            "Given value 1000000000001 for WriteCapacityUnits is out of bounds for index global");
  index.provisioned_throughput.reset();
  EXPECT_EQ(ProblemOf(table), Invalid("ProvisionedThroughput is not specified for index: global"));
  table = Good();
  table.global_secondary_indexes.emplace();
  for (std::size_t i = 0; i <= kGlobalSecondaryIndexCountMax; ++i) {
    if (i == kGlobalSecondaryIndexCountMax) {
      EXPECT_EQ(ProblemOf(table), "");
    }
    table.global_secondary_indexes->push_back(Global("g" + std::to_string(i), Keys("b")));
  }
  EXPECT_EQ(ProblemOf(table),
            Invalid("GlobalSecondaryIndex count exceeds the per-table limit of 20"));
}

TEST(TableRulesTest, GlobalIndexesTakeUpToFourAndFourKeys) {
  const auto definitions = Definitions({"a", "b", "c", "d", "e", "f", "g", "h", "i"});
  const auto problem = [&](int hash_count, int range_count, bool swap = false) {
    GlobalSecondaryIndexShape index = Global("global", {});
    for (int i = 0; i < hash_count + range_count; ++i) {
      const bool is_hash = (i < hash_count) != (swap && i > 0);
      index.key_schema.push_back(
          {.attribute_name = definitions[static_cast<std::size_t>(i)].attribute_name,
           .key_type = is_hash ? KeyType::kHash : KeyType::kRange});
    }
    const auto valid = ValidateGlobalIndex(index);
    return valid ? "" : valid.error().message;
  };
  EXPECT_EQ(problem(4, 4), "");
  EXPECT_EQ(problem(5, 1),
            Invalid("The KeySchema exceeds the maximum allowed number of HASH key attributes"));
  EXPECT_EQ(problem(1, 5),
            Invalid("The KeySchema exceeds the maximum allowed number of RANGE key attributes"));
  EXPECT_EQ(problem(2, 1, true),
            Invalid("All HASH key attributes must precede RANGE key attributes in the KeySchema"));
  GlobalSecondaryIndexShape same = Global("global", Keys("a", "b"));
  same.key_schema.push_back({.attribute_name = "b", .key_type = KeyType::kRange});
  EXPECT_EQ(ValidateGlobalIndex(same).error().message,
            "The KeySchema contains multiple key attributes with the same name");
}

// The keys of a new index are among the definitions of its own request.
TEST(TableRulesTest, ANewIndexBringsItsDefinitions) {
  const auto problem = [](const KeySchema& keys) {
    const auto valid = ValidateNewIndexKeys(Global("global", keys), Definitions({"a"}));
    return valid ? "" : valid.error().message;
  };
  EXPECT_EQ(problem(Keys("a")), "");
  EXPECT_EQ(problem(Keys("b")),
            Invalid("Some index key attributes are not defined in AttributeDefinitions. Keys: [b], "
                    "AttributeDefinitions: [a]"));
  EXPECT_EQ(problem(Keys("a", "b")),
            "Invalid KeySchema: Some index key attribute have no definition");
}

TEST(TableRulesTest, ProjectionsSayWhatTheyTake) {
  TableDefinition table = Good();
  table.global_secondary_indexes = {{Global("global", Keys("b"))}};
  ProjectionShape& projection = table.global_secondary_indexes->front().projection;
  projection.projection_type.reset();
  EXPECT_EQ(ProblemOf(table), Invalid("Unknown ProjectionType: null"));
  projection = {.projection_type = ProjectionType::kKeysOnly, .non_key_attributes = {{"x"}}};
  EXPECT_EQ(ProblemOf(table),
            Invalid("ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"));
  projection = {.projection_type = ProjectionType::kInclude};
  EXPECT_EQ(ProblemOf(table),
            Invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"));
  projection.non_key_attributes = {{"x", "y"}};
  EXPECT_EQ(ProblemOf(table), "");
  projection.non_key_attributes = {{"x", "y", "x"}};
  EXPECT_EQ(ProblemOf(table), Invalid("Duplicate element in NonKeyAttributes: x"));
}

TEST(TableRulesTest, AHundredProjectedAttributesInAll) {
  TableDefinition table = Good();
  table.global_secondary_indexes.emplace();
  for (int i = 0; i < 5; ++i) {
    auto index = Global("g" + std::to_string(i), Keys("b"));
    index.projection = {.projection_type = ProjectionType::kInclude};
    index.projection.non_key_attributes.emplace();
    for (int j = 0; j < 20; ++j) {
      index.projection.non_key_attributes->push_back("x" + std::to_string(j));
    }
    table.global_secondary_indexes->push_back(std::move(index));
  }
  EXPECT_EQ(ProblemOf(table), "");
  auto more = Global("more", Keys("b"));
  more.projection = {.projection_type = ProjectionType::kInclude, .non_key_attributes = {{"x0"}}};
  table.global_secondary_indexes->push_back(more);
  EXPECT_EQ(ProblemOf(table),
            Invalid("The total number of projected non-key attributes exceeds the per-table limit "
                    "of 100"));
}

TEST(TableRulesTest, IndexNamesAreUniqueOverBothKinds) {
  TableDefinition table = Good();
  table.local_secondary_indexes = {{Local("same", Keys("a", "b"))}};
  table.global_secondary_indexes = {{Global("same", Keys("b"))}};
  EXPECT_EQ(ProblemOf(table), Invalid("Duplicate index name: same"));
}

TEST(TableRulesTest, TablesAreNamedByNameOrArn) {
  const std::string longest(255, 'a');
  for (const std::string& good : {std::string("abc"), longest, std::string("A_b-c.9"),
                                  std::string("arn:aws:dynamodb:us-east-1:0:table/abc")}) {
    EXPECT_TRUE(ValidateTableNameOrArn(good)) << good;
  }
  EXPECT_EQ(ValidateTableNameOrArn("ab").error().message,
            "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: "
            "Member must have length greater than or equal to 3");
  EXPECT_EQ(ValidateTableNameOrArn(longest + "a").error().message,
            "1 validation error detected: Value '" + longest +
                "a' at 'tableName' failed to satisfy constraint: Member must have length less than "
                "or equal to 255");
  EXPECT_EQ(ValidateTableNameOrArn("a!").error().message,
            "2 validation errors detected: Value 'a!' at 'tableName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value "
            "'a!' at 'tableName' failed to satisfy constraint: Member must have length greater "
            "than or equal to 3");
  EXPECT_FALSE(ValidateTableNameOrArn("arn:aws:s3:us-east-1:000000000000:table/abc"));
  EXPECT_EQ(TableNotFound("arn:aws:dynamodb:us-east-1:000000000000:table/abc").message,
            "Requested resource not found: Table: abc not found");
}

}  // namespace
}  // namespace gramme
