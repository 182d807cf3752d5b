// Data directories of format 1, as version 0.1.0 left them after SIGTERM and after SIGKILL, are
// opened for ever: their tables, indexes, tokens and counters mean what they meant.

#include <unistd.h>

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "encoding/item_encoding.h"
#include "metrics/registry.h"
#include "server/store_factory.h"
#include "table/catalog.h"
#include "table/counters.h"
#include "table/index/index_entry.h"

namespace gramme {
namespace {

class GoldenDataTest : public testing::TestWithParam<std::string> {
 protected:
  // Opening a directory writes to it: a copy is opened.
  void SetUp() override {
    copy_ = std::filesystem::temp_directory_path() /
            ("gramme-golden-" + GetParam() + "-" + std::to_string(getpid()));
    std::filesystem::remove_all(copy_);
    std::filesystem::copy(
        std::filesystem::path(GRAMME_SOURCE_DIR) / "tests/golden/data" / GetParam(), copy_,
        std::filesystem::copy_options::recursive);
    NodeOptions options;
    options.data_directory = copy_;
    auto opened = OpenStore(options, log_, registry_);
    ASSERT_TRUE(opened) << opened.error().message();
    opened_ = *std::move(opened);
  }

  void TearDown() override {
    opened_.store.reset();
    std::filesystem::remove_all(copy_);
  }

  std::vector<std::string> ValuesOf(std::uint64_t keyspace) {
    std::vector<std::string> values;
    const auto view = opened_.store->OpenView(GroupId{1}, ReadTier::kDisk);
    EXPECT_TRUE(view);
    const auto scanned = (*view)->Scan(KeyspaceId{keyspace}, {}, Direction::kForward,
                                       [&](std::string_view, std::string_view value) {
                                         values.emplace_back(value);
                                         return ScanStep::kContinue;
                                       });
    EXPECT_TRUE(scanned);
    return values;
  }

  std::filesystem::path copy_;
  Log log_{LogLevel::kError, LogFormat::kText};
  Registry registry_;
  OpenedStore opened_;
};

TEST_P(GoldenDataTest, KeepsItsLabels) {
  EXPECT_EQ(opened_.labels.region, "eu-north-1");
  EXPECT_EQ(opened_.labels.account_id, "123456789012");
}

TEST_P(GoldenDataTest, KeepsTablesItemsIndexesCountersAndTokens) {
  Catalog catalog(*opened_.store);
  ASSERT_TRUE(catalog.Load());
  const TableRef table = catalog.view()->Find("Golden");
  ASSERT_NE(table, nullptr);
  const TableDescription& description = table->description();
  EXPECT_EQ(description.status, TableStatus::kActive);
  EXPECT_EQ(description.tags.at("made"), "once");
  ASSERT_EQ(description.indexes.size(), 2U);

  std::vector<Item> items;
  for (const std::string& value : ValuesOf(description.keyspace)) {
    const auto item = DecodeItem(value);
    ASSERT_TRUE(item);
    items.push_back(*item);
  }
  ASSERT_EQ(items.size(), 2U);
  const Item& rich = items[0].size() > items[1].size() ? items[0] : items[1];
  EXPECT_EQ(FindAttribute(rich, "n")->get<Number>().ToString(),
            "12345678901234567890123456789012345678");
  EXPECT_EQ(FindAttribute(rich, "s")->get<Number>().ToString(), "-1.5");
  EXPECT_EQ(FindAttribute(rich, "bs")->get<BinarySet>().elements,
            (std::vector<std::string>{"/w==", "AA=="}));
  EXPECT_EQ(NestingDepth(*FindAttribute(rich, "li")), 2);

  for (const IndexDescription& index : description.indexes) {
    const std::vector<std::string> entries = ValuesOf(index.keyspace);
    EXPECT_EQ(entries.size(), index.is_global ? 1U : 2U) << index.name;
    for (const std::string& entry : entries) EXPECT_TRUE(OpenIndexEntry(entry));
    const auto counts = ReadCounts(*opened_.store, ReadTier::kDisk, description.number,
                                   index.keyspace);
    ASSERT_TRUE(counts);
    EXPECT_EQ(static_cast<std::size_t>(counts->items), entries.size()) << index.name;
  }
  EXPECT_EQ(ValuesOf(static_cast<std::uint64_t>(kTokenKeyspace)).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Format1, GoldenDataTest, testing::Values("v1-clean", "v1-killed"),
                         [](const auto& param_info) {
                           return param_info.param == "v1-clean" ? "Clean" : "Killed";
                         });

}  // namespace
}  // namespace gramme
