// Importers: entries in the order of their keys, few and many.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {
namespace {

// The second is enough for a store that lays many entries down as a whole.
constexpr int kCounts[] = {5, 600};

Entries MakeEntries(int count, char kind) {
  Entries entries;
  for (int i = 0; i < count; ++i) {
    entries.emplace_back(std::to_string(10'000 + i), std::to_string(i) + std::string(10'000, kind));
  }
  return entries;
}

// `where`: any key of the keyspace.
StoreResult<void> Append(Importer& importer, Key where, const Entries& entries) {
  for (const auto& [bytes, value] : entries) {
    where.bytes = bytes;
    StoreResult<void> appended = importer.Append(where, value);
    if (!appended) return appended;
  }
  return {};
}

void Import(Store& store, const Key& where, const Entries& entries) {
  const std::unique_ptr<Importer> importer = store.BeginImport();
  ASSERT_TRUE(Append(*importer, where, entries).has_value());
  const StoreResult<void> finished = importer->Finish();
  ASSERT_TRUE(finished.has_value()) << finished.error().message();
}

}  // namespace

void LinkImportTests() {}

TEST_P(StoreSuite, ImporterHasMadeEntriesDurableWhenItHasFinished) {
  for (const int count : kCounts) {
    const KeyspaceId fresh = NewKeyspace();
    const Entries entries = MakeEntries(count, 'a');
    Import(store(), KeyIn(fresh, ""), entries);
    EXPECT_EQ(Scan(*OpenView(), fresh, {}), entries);
    EXPECT_EQ(ReadNewest(KeyIn(fresh, "10003")), entries[3].second);
    ASSERT_TRUE(Reopen());
    EXPECT_EQ(Scan(*OpenView(), fresh, {}), entries);
  }
}

TEST_P(StoreSuite, ImporterGoesOnAfterItHasFinished) {
  for (const int count : kCounts) {
    const KeyspaceId fresh = NewKeyspace();
    const Entries entries = MakeEntries(count, 'a');
    const auto middle = entries.begin() + count / 2;
    const std::unique_ptr<Importer> importer = store().BeginImport();
    ASSERT_TRUE(importer->Finish().has_value());
    ASSERT_TRUE(Append(*importer, KeyIn(fresh, ""), {entries.begin(), middle}).has_value());
    ASSERT_TRUE(importer->Finish().has_value());
    EXPECT_EQ(Scan(*OpenView(), fresh, {}), Entries(entries.begin(), middle));
    ASSERT_TRUE(Append(*importer, KeyIn(fresh, ""), {middle, entries.end()}).has_value());
    ASSERT_TRUE(importer->Finish().has_value());
    ASSERT_TRUE(importer->Finish().has_value());
    EXPECT_EQ(Scan(*OpenView(), fresh, {}), entries);
  }
}

TEST_P(StoreSuite, ImporterReplacesWhatIsThere) {
  for (const int count : kCounts) {
    const KeyspaceId fresh = NewKeyspace();
    Import(store(), KeyIn(fresh, ""), MakeEntries(count, 'a'));
    Import(store(), KeyIn(fresh, ""), MakeEntries(count / 2, 'b'));
    Entries expected = MakeEntries(count / 2, 'b');
    const Entries first = MakeEntries(count, 'a');
    expected.insert(expected.end(), first.begin() + count / 2, first.end());
    EXPECT_EQ(Scan(*OpenView(), fresh, {}), expected);
    ASSERT_TRUE(Reopen());
    EXPECT_EQ(Scan(*OpenView(), fresh, {}), expected);
  }
}

TEST_P(StoreSuite, ImportersOfTwoKeyspacesDoNotMeet) {
  const KeyspaceId first = NewKeyspace();
  const KeyspaceId second = NewKeyspace();
  const Entries entries = MakeEntries(kCounts[1], 'a');
  const Entries others = MakeEntries(kCounts[1], 'b');
  {
    const std::unique_ptr<Importer> one = store().BeginImport();
    const std::unique_ptr<Importer> other = store().BeginImport();
    ASSERT_TRUE(Append(*one, KeyIn(first, ""), entries).has_value());
    ASSERT_TRUE(Append(*other, KeyIn(second, ""), others).has_value());
    ASSERT_TRUE(other->Finish().has_value());
    ASSERT_TRUE(one->Finish().has_value());
  }
  EXPECT_EQ(Scan(*OpenView(), first, {}), entries);
  EXPECT_EQ(Scan(*OpenView(), second, {}), others);
}

TEST_P(StoreSuite, ImporterThatIsGivenUpHarmsNothing) {
  PutAllDurably({"a", "b"});
  const KeyspaceId fresh = NewKeyspace();
  for (const int count : kCounts) {
    const std::unique_ptr<Importer> importer = store().BeginImport();
    ASSERT_TRUE(Append(*importer, KeyIn(fresh, ""), MakeEntries(count, 'a')).has_value());
  }
  ASSERT_TRUE(store().DropKeyspace(fresh).has_value());
  EXPECT_TRUE(Scan(*OpenView(), fresh, {}).empty());
  EXPECT_EQ(ScanKeys({}), "a b");
  ASSERT_TRUE(Reopen());
  EXPECT_TRUE(Scan(*OpenView(), fresh, {}).empty());
  EXPECT_EQ(ScanKeys({}), "a b");
}

TEST_P(StoreSuite, DropRemovesWhatWasImported) {
  for (const int count : kCounts) {
    const KeyspaceId fresh = NewKeyspace();
    Import(store(), KeyIn(fresh, ""), MakeEntries(count, 'a'));
    ASSERT_TRUE(store().DropKeyspace(fresh).has_value());
    EXPECT_TRUE(Scan(*OpenView(), fresh, {}).empty());
    EXPECT_EQ(ReadNewest(KeyIn(fresh, "10003")), std::nullopt);
    ASSERT_TRUE(Reopen());
    EXPECT_TRUE(Scan(*OpenView(), fresh, {}).empty());
  }
}

TEST_P(StoreSuite, UpdatesGoOnWithWhatAnImporterHasLeft) {
  for (const int count : kCounts) {
    const KeyspaceId fresh = NewKeyspace();
    const Entries entries = MakeEntries(count, 'a');
    Import(store(), KeyIn(fresh, ""), entries);
    Delete(KeyIn(fresh, "10000"));
    PutDurably(KeyIn(fresh, "10001"), "changed");
    EXPECT_EQ(ReadDurable(KeyIn(fresh, "10000")), std::nullopt);
    EXPECT_EQ(ReadDurable(KeyIn(fresh, "10001")), "changed");
    ASSERT_TRUE(Reopen());
    EXPECT_EQ(ReadDurable(KeyIn(fresh, "10000")), std::nullopt);
    EXPECT_EQ(ReadDurable(KeyIn(fresh, "10001")), "changed");
    EXPECT_EQ(ReadDurable(KeyIn(fresh, "10002")), entries[2].second);
  }
}

TEST_P(StoreSuite, ImageDuringAnImportHoldsWhatHasFinishedAndStaysSo) {
  const KeyspaceId fresh = NewKeyspace();
  const Entries entries = MakeEntries(kCounts[1], 'a');
  const auto middle = entries.begin() + kCounts[1] / 2 + 100;
  {
    const std::unique_ptr<Importer> importer = store().BeginImport();
    ASSERT_TRUE(Append(*importer, KeyIn(fresh, ""), {entries.begin(), middle}).has_value());
    ASSERT_TRUE(importer->Finish().has_value());
    ASSERT_TRUE(store().Freeze("first", std::span(&fresh, 1)).has_value());
    ASSERT_TRUE(Append(*importer, KeyIn(fresh, ""), {middle, entries.end()}).has_value());
    ASSERT_TRUE(importer->Finish().has_value());
  }
  for (int round = 0; round < 2; ++round) {
    {
      const StoreResult<std::unique_ptr<View>> view = store().OpenImage("first", group());
      ASSERT_TRUE(view.has_value());
      EXPECT_EQ(Scan(**view, fresh, {}), Entries(entries.begin(), middle));
    }
    EXPECT_EQ(Scan(*OpenView(), fresh, {}), entries);
    ASSERT_TRUE(Reopen());
  }
}

TEST_P(StoreSuite, ImporterOfAClosedStoreFails) {
  for (const int count : kCounts) {
    const std::unique_ptr<Importer> importer = store().BeginImport();
    static_cast<void>(store().Close());
    StoreResult<void> outcome = Append(*importer, KeyOf(""), MakeEntries(count, 'a'));
    if (outcome) outcome = importer->Finish();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().code(), StatusCode::kUnavailable);
  }
}

}  // namespace gramme
