#include "backup/testing/backup_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "encoding/item_encoding.h"
#include "model/arn.h"
#include "table/counters.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"
#include "table/item/write_action.h"
#include "table/table_creation.h"
#include "table/table_drop.h"
#include "table/transaction/transaction.h"

namespace gramme {
namespace {

constexpr std::size_t kTaskCountMax = 20'000;

using Entries = std::map<std::string, std::string>;

Entries EntriesOf(MemoryStore& store, KeyspaceId keyspace) {
  Entries entries;
  for (const Group& group : store.Groups(keyspace)) {
    const auto view = store.OpenView(group.id, ReadTier::kDisk);
    EXPECT_TRUE(view.has_value());
    const auto visit = [&](std::string_view key, std::string_view value) {
      entries.emplace(key, value);
      return ScanStep::kContinue;
    };
    EXPECT_TRUE((*view)->Scan(keyspace, {}, Direction::kForward, visit).has_value());
  }
  return entries;
}

// Half of the work of reading back is done by tasks of its own, in any order with the steps.
BackupJobOptions OptionsWithHelper(BackupJobOptions options, Executor& executor) {
  options.helper = &executor;
  return options;
}

}  // namespace

BackupWorld::Process::Process(BackupWorld& world)
    : executor(world.clock, world.random),
      catalog(world.store),
      jobs(world.store, executor, world.clock, world.random),
      backups(
          {world.store, catalog, jobs, world.storage, world.clock, world.random, world.settings},
          OptionsWithHelper(world.options.jobs, executor)),
      recovery(
          {world.store, catalog, jobs, world.storage, world.clock, world.random, world.settings},
          backups, world.options.recovery) {
  RegisterTableDrop(jobs, world.store, catalog,
                    [this](const TableDescription& removed, WallTime deletion_time) {
                      return recovery.KeepDeleted(removed, deletion_time);
                    });
  RegisterTableActivation(jobs, catalog);
  jobs.OnFailure([this](const Job&, const Status& status) { failures.push_back(status); });
}

BackupWorld::BackupWorld(const BackupWorldOptions& world_options)
    : random(world_options.seed),
      store({.group_count = world_options.group_count,
             .durability = MemoryDurability::kManual,
             .clock = &clock,
             .faults = world_options.faults}),
      options(world_options) {
  CrashAndStart();
}

BackupWorld::~BackupWorld() = default;

void BackupWorld::CrashAndStart() {
  process_.reset();
  store.Crash();
  process_.emplace(*this);
  ASSERT_TRUE(process_->catalog.Load().has_value());
  const auto loaded = process_->backups.Load();
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message();
  ASSERT_TRUE(process_->jobs.Resume().has_value());
}

bool BackupWorld::RunJobs() {
  for (std::size_t i = 0; i < kTaskCountMax; ++i) {
    store.FlushAll();
    if (process_->jobs.List().empty()) return true;
    if (!RunOneTask()) return false;
  }
  return false;
}

TableRef BackupWorld::MakeTable(std::string_view name) {
  TableDescription table;
  table.name = name;
  table.key_schema = {{"id", KeyType::kHash}, {"n", KeyType::kRange}};
  table.attribute_definitions = {{"id", AttributeType::kString},
                                 {"n", AttributeType::kNumber},
                                 {"color", AttributeType::kString},
                                 {"owner", AttributeType::kString}};
  table.indexes = {{.name = "by-color",
                    .key_schema = {{"id", KeyType::kHash}, {"color", KeyType::kRange}},
                    .projection = {.type = ProjectionType::kKeysOnly, .non_key_attributes = {}}},
                   {.name = "by-owner",
                    .key_schema = {{"owner", KeyType::kHash}, {"n", KeyType::kRange}},
                    .is_global = true}};
  table.billing_mode = BillingMode::kPayPerRequest;
  table.billing_mode_given = true;
  table.tags = {{"stage", "test"}};
  table.deletion_protection_enabled = true;
  return MakeTable(std::move(table));
}

TableRef BackupWorld::MakeTable(TableDescription table) {
  const std::string name = table.name;
  EXPECT_TRUE(GiveIdentity(table, store, clock, random).has_value());
  const auto edit = BeginTable(std::move(table), process_->catalog, process_->jobs, settings);
  EXPECT_TRUE(edit.has_value()) << edit.error().message;
  store.FlushAll();
  return Find(name);
}

void BackupWorld::Write(std::string_view table_name, const std::vector<Item>& puts,
                        const std::vector<Item>& deleted_keys) {
  const TableRef table = process_->catalog.FreshView()->Find(table_name);
  TransactionWrite write;
  write.now = clock.WallNow();
  const auto add = [&](WriteKind kind, const Item& item) {
    WriteAction action = {.kind = kind, .table = table, .item = &item};
    action.index_in_commit = static_cast<std::uint32_t>(write.actions.size());
    const auto bound = BindAction(action);
    ASSERT_TRUE(bound.has_value()) << bound.error().message;
    write.actions.push_back(std::move(action));
  };
  for (const Item& item : puts) add(WriteKind::kPut, item);
  for (const Item& key : deleted_keys) add(WriteKind::kDelete, key);
  const TransactionOutcome outcome = RunTransaction(store, ReadTier::kDisk, write);
  ASSERT_TRUE(outcome.result.has_value()) << outcome.result.error().message;
  store.FlushAll();
}

void BackupWorld::Drop(std::string_view table_name) {
  const auto dropped = BeginTableDrop(
      table_name, [](TableDescription&) -> Result<void> { return {}; }, process_->catalog,
      process_->jobs, settings);
  ASSERT_TRUE(dropped.has_value()) << dropped.error().message;
  ASSERT_TRUE(RunJobs());
}

void BackupWorld::Put(const TableRef& table, const Item& item) {
  const auto key = KeyOfItem(*table, item);
  ASSERT_TRUE(key.has_value()) << key.error().message;
  std::vector<KeyValue> entries = {{.key = *key, .value = EncodeItem(item)}};
  std::vector<Counts> counts(table->description().indexes.size() + 1);
  AppendEntriesOf(table->description(), *key, item, ItemSizeBytes(item), entries, counts);
  const auto decide = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    WriteBatch batch;
    if (values[0]) return batch;  // the tests never replace items
    for (const KeyValue& entry : entries) batch.Put(entry.key, entry.value);
    const TableDescription& description = table->description();
    AddCounts(batch, description.number, description.keyspace, key->placement, counts[0]);
    for (std::size_t i = 0; i < description.indexes.size(); ++i) {
      AddCounts(batch, description.number, description.indexes[i].keyspace, key->placement,
                counts[i + 1]);
    }
    return batch;
  };
  const Guard guard = table->guard();
  ASSERT_TRUE(store.Update({&*key, 1}, {&guard, 1}, UpdateOptions{}, decide).has_value());
  store.FlushAll();
}

void BackupWorld::Fill(const TableRef& table, std::size_t item_count) {
  for (std::size_t i = 0; i < item_count; ++i) {
    Item item = SampleItem("item-" + std::to_string(random.Below(1'000'000)),
                           static_cast<std::int64_t>(random.Below(100)) - 50);
    if (random.OneIn(3)) item.erase("color");
    if (random.OneIn(3)) item.erase("owner");
    item["text"] = std::string(random.Below(200), 'x');
    Put(table, item);
  }
}

StoredItems BackupWorld::ItemsOf(const TableRef& table) {
  StoredItems items;
  for (const auto& [key, value] : EntriesOf(store, table->keyspace())) {
    auto item = DecodeItem(value);
    EXPECT_TRUE(item.has_value());
    items.emplace(key, *std::move(item));
  }
  return items;
}

std::string BackupWorld::FindInconsistency(const TableRef& table) {
  const TableDescription& description = table->description();
  std::vector<Counts> counts(description.indexes.size() + 1);
  std::map<KeyspaceId, Entries> expected;
  for (const auto& [bytes, item] : ItemsOf(table)) {
    const auto key = KeyOfItem(*table, item);
    if (!key || key->bytes != bytes) return "an item under another key";
    std::vector<KeyValue> entries;
    AppendEntriesOf(description, *key, item, ItemSizeBytes(item), entries, counts);
    for (const KeyValue& entry : entries) {
      expected[entry.key.keyspace].emplace(entry.key.bytes, entry.value);
    }
  }
  const auto differs = [&](std::uint64_t keyspace, const Counts& wanted) {
    const auto got = ReadCounts(store, ReadTier::kDisk, description.number, keyspace);
    return !got || *got != wanted;
  };
  if (differs(description.keyspace, counts[0])) return "wrong counts of the table";
  for (std::size_t i = 0; i < description.indexes.size(); ++i) {
    const IndexDescription& index = description.indexes[i];
    const KeyspaceId keyspace{index.keyspace};
    if (EntriesOf(store, keyspace) != expected[keyspace]) return "wrong entries of " + index.name;
    if (differs(index.keyspace, counts[i + 1])) return "wrong counts of " + index.name;
  }
  return "";
}

std::string BackupWorld::MakeBackup(std::string_view table_name, std::string_view backup_name) {
  const auto created = backups().Create(table_name, backup_name);
  EXPECT_TRUE(created.has_value()) << created.error().message;
  EXPECT_TRUE(RunJobs());
  const auto found = backups().Find(created->id);
  EXPECT_TRUE(found && found->status == BackupStatus::kAvailable);
  return created->id;
}

RestoreRequest BackupWorld::RestoreOf(std::string_view backup_id, std::string_view target) {
  const auto backup = backups().Find(backup_id);
  return {.backup_id = std::string(backup_id),
          .backup_arn = backup ? backup->arn : "arn",
          .target_table_name = std::string(target),
          .overrides = {}};
}

Item SampleItem(std::string_view id, std::int64_t n) {
  return {{"id", std::string(id)},
          {"n", Number::FromInt(n)},
          {"color", std::string(n % 2 == 0 ? "red" : "blue")},
          {"owner", std::string("owner-") + std::to_string(n % 3)}};
}

}  // namespace gramme
