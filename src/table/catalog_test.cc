#include "table/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "model/limits.h"
#include "model/testing/random_values.h"
#include "table/catalog_record.h"
#include "table/testing/table_world.h"

namespace gramme {
namespace {

constexpr auto kNothingMore = [](WriteBatch&) {};

// One fault for the next Update that is asked about, then none.
class OneFault : public StoreFaults {
 public:
  UpdateFault OnUpdate(ReadTier, bool) override {
    if (skip_count > 0 && next != UpdateFault::kNone) {
      --skip_count;
      return UpdateFault::kNone;
    }
    const UpdateFault fault = next;
    if (--left_count <= 0) next = UpdateFault::kNone;
    return fault;
  }
  std::optional<StatusCode> OnOpenView() override { return std::nullopt; }
  std::optional<StatusCode> OnRead(ReadTier) override { return std::nullopt; }

  UpdateFault next = UpdateFault::kNone;
  int skip_count = 0;
  int left_count = 1;
};

ErrorCode CodeOf(const Result<CatalogEdit>& result) {
  return result ? ErrorCode::kInternalServerError : result.error().code;
}

Result<void> Protect(TableDescription& table) {
  table.deletion_protection_enabled = true;
  return {};
}

// A write under `table`, decided in the group of `placement`.
StatusCode WriteUnder(TableWorld& world, const TableRef& table, std::uint64_t placement) {
  const Key key = {.keyspace = table->keyspace(), .placement = placement, .bytes = "x"};
  const Guard guard = table->guard();
  const auto outcome = world.store.Update({&key, 1}, {&guard, 1}, {}, [](auto) {
    return std::optional(WriteBatch());
  });
  return outcome ? StatusCode::kUnavailable : outcome.error().code();
}

TEST(CatalogTest, CreatesEditsAndRemoves) {
  TableWorld world;
  const auto created = world.Create("Music");
  ASSERT_TRUE(created);
  EXPECT_EQ(created->table->description().generation, 1U);
  EXPECT_EQ(world.catalog().view()->Find("Music"), created->table);
  EXPECT_EQ(world.catalog().view()->Find("arn:aws:dynamodb:us-east-1:000000000000:table/Music"),
            created->table);
  EXPECT_EQ(
      world.catalog().view()->Find("arn:aws:dynamodb:us-east-1:000000000000:table/Music/index/x"),
      nullptr);
  const auto edited = world.catalog().EditTable("Music", &Protect, kNothingMore);
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->table->description().generation, 2U);
  EXPECT_TRUE(edited->table->description().deletion_protection_enabled);
  const auto removed = world.catalog().RemoveTable(
      "Music", [](TableDescription&) -> Result<void> { return {}; }, kNothingMore);
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->table->name(), "Music");
  EXPECT_EQ(world.catalog().view()->Find("Music"), nullptr);
  EXPECT_EQ(CodeOf(world.catalog().EditTable("Music", &Protect, kNothingMore)),
            ErrorCode::kResourceNotFoundException);
}

TEST(CatalogTest, RefusesASecondTableOfAName) {
  TableWorld world({.transition_delay = std::chrono::seconds(1)});
  ASSERT_TRUE(world.Create("Music"));
  auto again = world.Create("Music");
  EXPECT_EQ(CodeOf(again), ErrorCode::kResourceInUseException);
  EXPECT_EQ(again.error().message, "Table already exists: Music");
  ASSERT_TRUE(world.Drop("Music"));
  again = world.Create("Music");
  EXPECT_EQ(CodeOf(again), ErrorCode::kResourceInUseException);
  EXPECT_EQ(again.error().message,
            "Attempt to change a resource which is still in use: Table is being deleted: Music");
}

TEST(CatalogTest, HasALimitOfTables) {
  TableWorld world;
  for (std::size_t i = 0; i < kTableCountMax; ++i) {
    ASSERT_TRUE(world.Create("Table" + std::to_string(i)));
  }
  const auto refused = world.Create("Another");
  EXPECT_EQ(CodeOf(refused), ErrorCode::kLimitExceededException);
  EXPECT_EQ(refused.error().message,
            "Subscriber limit exceeded: the number of tables cannot exceed 2500");
  ASSERT_TRUE(world.Drop("Table0"));
  world.RunJobs();
  EXPECT_TRUE(world.Create("Another"));
}

TEST(CatalogTest, ARefusedEditChangesNothing) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  const auto before = world.catalog().view();
  const auto refuse = [](TableDescription& table) -> Result<void> {
    table.tags["a"] = "b";
    return Error(ErrorCode::kLimitExceededException, "no");
  };
  EXPECT_EQ(CodeOf(world.catalog().EditTable("Music", refuse, kNothingMore)),
            ErrorCode::kLimitExceededException);
  EXPECT_EQ(world.catalog().view(), before);
  world.CrashAndStart();
  EXPECT_TRUE(world.Find("Music")->description().tags.empty());
}

TEST(CatalogTest, ViewsStayAsTheyWere) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  const auto view = world.catalog().view();
  const TableRef table = view->Find("Music");
  ASSERT_TRUE(world.catalog().EditTable("Music", &Protect, kNothingMore));
  ASSERT_TRUE(world.Create("Films"));
  ASSERT_TRUE(world.Drop("Music"));
  EXPECT_EQ(view->tables.size(), 1U);
  EXPECT_EQ(view->Find("Music"), table);
  EXPECT_FALSE(table->description().deletion_protection_enabled);
}

TEST(CatalogTest, EveryThreadSeesAnEditOnceItIsAnswered) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  std::atomic<std::uint64_t> answered = 1;
  std::atomic<bool> is_over = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      std::uint64_t seen = 0;
      while (!is_over) {
        const std::uint64_t least = answered;
        const auto view = world.catalog().view();
        const std::uint64_t generation = view->Find("Music")->description().generation;
        EXPECT_GE(generation, least);
        EXPECT_GE(generation, seen);
        seen = generation;
      }
    });
  }
  for (int i = 0; i < 500; ++i) {
    const auto edit = world.catalog().EditTable("Music", &Protect, kNothingMore);
    ASSERT_TRUE(edit);
    answered = edit->table->description().generation;
  }
  is_over = true;
  for (std::thread& reader : readers) reader.join();
}

TEST(CatalogTest, TwoCatalogsInOneThreadAreNotMixedUp) {
  TableWorld one;
  TableWorld other;
  ASSERT_TRUE(one.Create("Music"));
  ASSERT_TRUE(other.Create("Films"));
  EXPECT_NE(one.catalog().view()->Find("Music"), nullptr);
  EXPECT_EQ(other.catalog().view()->Find("Music"), nullptr);
  EXPECT_EQ(one.catalog().view()->Find("Films"), nullptr);
}

TEST(CatalogTest, EveryGroupRefusesWritesUnderAnOlderDescription) {
  TableWorld world({.group_count = 3});
  ASSERT_TRUE(world.Create("Music"));
  const TableRef before = world.Find("Music");
  for (const Group& group : world.store.Groups(before->keyspace())) {
    EXPECT_NE(WriteUnder(world, before, group.placement_first), StatusCode::kStale);
  }
  ASSERT_TRUE(world.catalog().EditTable("Music", &Protect, kNothingMore));
  const TableRef after = world.Find("Music");
  for (const Group& group : world.store.Groups(before->keyspace())) {
    EXPECT_EQ(WriteUnder(world, before, group.placement_first), StatusCode::kStale);
    EXPECT_NE(WriteUnder(world, after, group.placement_first), StatusCode::kStale);
  }
  ASSERT_TRUE(world.Drop("Music"));
  for (const Group& group : world.store.Groups(before->keyspace())) {
    EXPECT_EQ(WriteUnder(world, after, group.placement_first), StatusCode::kStale);
  }
}

TEST(CatalogTest, AnswersAreDurableEdits) {
  for (const std::size_t group_count : {1U, 4U}) {
    TableWorld world({.group_count = group_count});
    ASSERT_TRUE(world.Create("Music"));
    ASSERT_TRUE(world.Create("Films"));
    ASSERT_TRUE(world.catalog().EditTable("Films", &Protect, kNothingMore));
    world.CrashAndStart();
    ASSERT_NE(world.Find("Music"), nullptr);
    ASSERT_NE(world.Find("Films"), nullptr);
    EXPECT_TRUE(world.Find("Films")->description().deletion_protection_enabled);
    EXPECT_EQ(world.Find("Films")->description().generation, 2U);
    EXPECT_EQ(world.catalog().view()->tables.size(), 2U);
  }
}

TEST(CatalogTest, ATableThatTheDiskHadNoSpaceForNeverWas) {
  TableWorld world;
  world.store.fail_next_await = true;
  EXPECT_FALSE(world.Create("Music"));
  EXPECT_EQ(world.Find("Music"), nullptr);
  EXPECT_TRUE(world.jobs().List().empty());
  ASSERT_TRUE(world.Create("Music"));
  world.store.fail_next_await = true;
  EXPECT_FALSE(world.catalog().EditTable("Music", &Protect, kNothingMore));
  EXPECT_FALSE(world.Find("Music")->description().deletion_protection_enabled);
  EXPECT_EQ(world.Find("Music")->description().generation, 1U);
  world.store.fail_next_await = true;
  EXPECT_FALSE(world.Drop("Music"));
  ASSERT_NE(world.Find("Music"), nullptr);
  EXPECT_TRUE(world.Put("Music", {{"id", std::string("1")}}));
}

TEST(CatalogTest, RunsAgainAfterAConflict) {
  OneFault faults;
  TableWorld world({.faults = &faults});
  faults.left_count = 5;
  faults.next = UpdateFault::kConflict;
  ASSERT_TRUE(world.Create("Music"));
  // A store that conflicts for ever is only busy.
  faults.left_count = 1000;
  faults.next = UpdateFault::kConflict;
  EXPECT_EQ(CodeOf(world.catalog().EditTable("Music", &Protect, kNothingMore)),
            ErrorCode::kServiceUnavailable);
}

TEST(CatalogTest, FindsOutWhatBecameOfAnEditWithoutAnAnswer) {
  OneFault faults;
  TableWorld world({.faults = &faults});
  faults.next = UpdateFault::kUnknownApplied;
  EXPECT_TRUE(world.Create("Music"));
  EXPECT_NE(world.Find("Music"), nullptr);
  faults.next = UpdateFault::kUnknownLost;
  EXPECT_EQ(CodeOf(world.Create("Films")), ErrorCode::kServiceUnavailable);
  EXPECT_EQ(world.Find("Films"), nullptr);
  faults.next = UpdateFault::kUnknownLost;
  EXPECT_FALSE(world.catalog().EditTable("Music", &Protect, kNothingMore));
  EXPECT_EQ(world.Find("Music")->description().generation, 1U);
  faults.next = UpdateFault::kUnknownApplied;
  EXPECT_TRUE(world.catalog().EditTable("Music", &Protect, kNothingMore));
  EXPECT_EQ(world.Find("Music")->description().generation, 2U);
  faults.next = UpdateFault::kUnknownLost;
  EXPECT_FALSE(world.Drop("Music"));
  EXPECT_NE(world.Find("Music"), nullptr);
  faults.next = UpdateFault::kUnknownApplied;
  EXPECT_TRUE(world.Drop("Music"));
  EXPECT_EQ(world.Find("Music"), nullptr);
}

// The edit is queued in the catalog's group and cannot reach another one: it happens in the end.
TEST(CatalogTest, AnEditThatReachedOneGroupReachesAll) {
  OneFault faults;
  TableWorld world({.group_count = 3, .faults = &faults});
  ASSERT_TRUE(world.Create("Music"));
  const TableRef before = world.Find("Music");
  faults.skip_count = 2;
  faults.left_count = 2;  // the group, and the first try to find out
  faults.next = UpdateFault::kUnavailable;
  static_cast<void>(world.catalog().EditTable("Music", &Protect, kNothingMore));
  faults.next = UpdateFault::kNone;
  EXPECT_EQ(world.Find("Music")->description().generation, 2U);
  for (const Group& group : world.store.Groups(before->keyspace())) {
    EXPECT_EQ(WriteUnder(world, before, group.placement_first), StatusCode::kStale);
  }
}

// Edits under every fault, some crashes: the view is what the store has, and what was answered
// holds.
TEST(CatalogTest, HoldsUnderFaults) {
  const std::uint64_t seed = TestSeed();
  SeededStoreFaults faults(seed, {});
  TableWorld world({.seed = seed, .group_count = 1 + seed % 3, .faults = &faults});
  for (int i = 0; i < 2000; ++i) {
    const std::string name = "T" + std::to_string(world.random.Below(6));
    const TableRef before = world.Find(name);
    switch (world.random.Below(4)) {
      case 0: {
        TableDescription table = world.NewDescription(name);
        table.number = table.keyspace = static_cast<std::uint64_t>(*world.store.CreateKeyspace());
        if (world.catalog().CreateTable(table, kNothingMore)) {
          EXPECT_EQ(world.Find(name)->description().number, table.number);
        }
        break;
      }
      case 1:
        if (world.catalog().RemoveTable(
                name, [](TableDescription&) -> Result<void> { return {}; }, kNothingMore)) {
          EXPECT_EQ(world.Find(name), nullptr);
        }
        break;
      case 2: {
        const auto edit = world.catalog().EditTable(name, &Protect, kNothingMore);
        if (edit) {
          EXPECT_EQ(world.Find(name)->guard(), edit->table->guard());
        }
        break;
      }
      default:
        if (world.random.OneIn(20)) world.CrashAndStart();
    }
    if (i % 100 != 0) continue;
    faults.Enable(false);
    const auto shown = world.catalog().FreshView();
    world.CrashAndStart();
    const auto loaded = world.catalog().view();
    ASSERT_EQ(shown->tables.size(), loaded->tables.size());
    for (const TableRef& table : loaded->tables) {
      ASSERT_EQ(shown->Find(table->name())->guard(), table->guard());
      for (const Group& group : world.store.Groups(table->keyspace())) {
        EXPECT_NE(WriteUnder(world, table, group.placement_first), StatusCode::kStale);
      }
    }
    faults.Enable(true);
  }
}

TEST(CatalogTest, NamesADamagedRecord) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  const auto overwrite = [&](std::string value) {
    const Key key = CatalogKey("Music");
    const auto outcome = world.store.Update({&key, 1}, {}, {}, [&](auto) {
      WriteBatch batch;
      batch.Put(key, value);
      return std::optional(batch);
    });
    ASSERT_TRUE(outcome && world.store.Await(outcome->position));
  };
  TableDescription other = world.NewDescription("Films");
  for (const std::string& value : {std::string("damage"), EncodeTableDescription(other)}) {
    overwrite(value);
    Catalog catalog(world.store);
    const auto loaded = catalog.Load();
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code(), StatusCode::kCorruption);
    EXPECT_THAT(loaded.error().message(), testing::HasSubstr("table/Music"));
  }
  overwrite("damage");
  EXPECT_EQ(CodeOf(world.catalog().EditTable("Music", &Protect, kNothingMore)),
            ErrorCode::kInternalServerError);
}

}  // namespace
}  // namespace gramme
