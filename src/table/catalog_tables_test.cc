#include "table/catalog_tables.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/random.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

TableRef NewTable(const std::string& name, std::uint64_t number = 1) {
  TableDescription description;
  description.name = name;
  description.number = number;
  return std::make_shared<const Table>(std::move(description));
}

using Model = std::map<std::string, TableRef>;

void ExpectSame(const CatalogTables& tables, const Model& model) {
  ASSERT_EQ(tables.size(), model.size());
  auto expected = model.begin();
  for (const TableRef& table : tables) {
    ASSERT_NE(expected, model.end());
    ASSERT_EQ(table, expected->second);
    ++expected;
  }
  ASSERT_EQ(expected, model.end());
}

TEST(CatalogTablesTest, HasNothingAtFirst) {
  const CatalogTables tables;
  EXPECT_TRUE(tables.empty());
  EXPECT_EQ(tables.Find("Music"), nullptr);
  EXPECT_EQ(tables.begin(), tables.end());
  EXPECT_EQ(tables.After(""), tables.end());
  EXPECT_EQ(tables.Without("Music").size(), 0U);
}

TEST(CatalogTablesTest, EachValueStaysAsItWas) {
  const CatalogTables one = CatalogTables().With(NewTable("Music"));
  const TableRef music = one.Find("Music");
  const CatalogTables two = one.With(NewTable("Films"));
  const CatalogTables changed = two.With(NewTable("Music", 2));
  const CatalogTables none = changed.Without("Music").Without("Films");
  EXPECT_EQ(one.size(), 1U);
  EXPECT_EQ(one.Find("Films"), nullptr);
  EXPECT_EQ(two.Find("Music"), music);
  EXPECT_EQ(changed.size(), 2U);
  EXPECT_EQ(changed.Find("Music")->description().number, 2U);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(changed.size(), 2U);
}

// Thousands of changes, and after each hundredth the whole of it and a value kept from long before.
TEST(CatalogTablesTest, IsWhatAMapWouldBe) {
  const std::uint64_t seed = TestSeed();
  SeededRandom random(seed);
  CatalogTables tables;
  Model model;
  CatalogTables kept;
  Model kept_model;
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = "T" + std::to_string(random.Below(1500));
    // It grows, then shrinks, and so on.
    const bool is_growing = i / 5000 % 2 == 0;
    if (random.OneIn(is_growing ? 4 : 2) && !(is_growing && model.size() < 10)) {
      tables = tables.Without(name);
      model.erase(name);
    } else if (is_growing || random.OneIn(4)) {
      const TableRef table = NewTable(name, static_cast<std::uint64_t>(i));
      tables = tables.With(table);
      model[name] = table;
    }
    const auto found = model.find(name);
    ASSERT_EQ(tables.Find(name), found == model.end() ? nullptr : found->second);
    const auto after = model.upper_bound(name);
    const auto shown = tables.After(name);
    ASSERT_EQ(shown == tables.end(), after == model.end());
    if (after != model.end()) {
      ASSERT_EQ(*shown, after->second);
    }
    if (i % 100 != 0) continue;
    ExpectSame(tables, model);
    ExpectSame(kept, kept_model);
    if (random.OneIn(10)) {
      kept = tables;
      kept_model = model;
    }
  }
}

}  // namespace
}  // namespace gramme
