#include "table/testing/table_world.h"

#include <memory>
#include <utility>

#include "base/check.h"
#include "base/result.h"
#include "table/counters.h"
#include "table/index/index_backfill.h"
#include "table/index/index_drop.h"
#include "table/item/item_writer.h"
#include "table/scrub/table_check.h"
#include "table/table_creation.h"
#include "table/time_to_live/time_to_live_change.h"

namespace gramme {
namespace {

constexpr int kStartAttemptCountMax = 1000;

MemoryStoreOptions StoreOptions(const TableWorldOptions& options, Clock& clock) {
  return {.group_count = options.group_count,
          .durability = MemoryDurability::kManual,
          .clock = &clock,
          .faults = options.faults};
}

void Visit(Store& store, std::uint64_t keyspace, const KeyRange& range, ScanVisitor visit) {
  for (const Group& group : store.Groups(KeyspaceId{keyspace})) {
    const auto view = store.OpenView(group.id, ReadTier::kDisk);
    GRAMME_CHECK(view.has_value(), "a view");
    const auto scanned = (*view)->Scan(KeyspaceId{keyspace}, range, Direction::kForward, visit);
    GRAMME_CHECK(scanned.has_value(), "a scan");
  }
}

}  // namespace

StoreResult<void> FullDiskStore::DropKeyspace(KeyspaceId keyspace) {
  ++dropped_keyspace_count;
  return MemoryStore::DropKeyspace(keyspace);
}

StoreResult<UpdateOutcome> FullDiskStore::Update(std::span<const Key> keys,
                                                 std::span<const Guard> guards,
                                                 const UpdateOptions& options, Decide decide) {
  if (const auto called = std::exchange(on_update, nullptr)) {
    called(keys);
    on_update = called;
  }
  return MemoryStore::Update(keys, guards, options, decide);
}

StoreResult<void> FullDiskStore::Await(const Position& position) {
  if (std::exchange(fail_next_await, false)) FailQueued(StatusCode::kOutOfSpace);
  if (on_await && await_count-- == 0) std::exchange(on_await, nullptr)();
  return MemoryStore::Await(position);
}

TableWorld::Process::Process(TableWorld& world)
    : executor(world.clock, world.random),
      catalog(world.store),
      jobs(world.store, executor, world.clock, world.random) {
  jobs.OnFailure([this](const Job&, const Status& status) { failures.push_back(status); });
  RegisterTableActivation(jobs, catalog);
  RegisterTableDrop(jobs, world.store, catalog,
                    [&world](const TableDescription& removed, WallTime deletion_time) {
                      return world.before_drop ? world.before_drop(removed, deletion_time)
                                               : StoreResult<void>();
                    });
  RegisterIndexBackfill(jobs, world.store, catalog);
  RegisterIndexDrop(jobs, world.store, catalog);
  int attempts = 0;
  while (!catalog.Load()) GRAMME_CHECK(++attempts < kStartAttemptCountMax, "loads");
  while (!jobs.Resume()) GRAMME_CHECK(++attempts < kStartAttemptCountMax, "resumes");
}

TableWorld::TableWorld(const TableWorldOptions& options)
    : random(options.seed), store(StoreOptions(options, clock)) {
  settings.labels = {.region = "us-east-1", .account_id = "000000000000"};
  settings.transition_delay = options.transition_delay;
  process_ = std::make_unique<Process>(*this);
}

TableWorld::~TableWorld() = default;

void TableWorld::CrashAndStart() {
  process_.reset();
  store.Crash();
  process_ = std::make_unique<Process>(*this);
}

bool TableWorld::RunJobs() {
  for (int i = 0; i < 100'000; ++i) {
    store.FlushAll();
    if (jobs().List().empty()) return true;
    if (!executor().RunOne()) return false;
  }
  return false;
}

TableDescription TableWorld::NewDescription(std::string_view name) {
  TableDescription table;
  table.name = name;
  table.key_schema = {{.attribute_name = "id", .key_type = KeyType::kHash}};
  table.attribute_definitions = {{.attribute_name = "id"}};
  table.billing_mode = BillingMode::kPayPerRequest;
  return table;
}

Result<CatalogEdit> TableWorld::Create(std::string_view name) {
  TableDescription table = NewDescription(name);
  GRAMME_CHECK(GiveIdentity(table, store, clock, random).has_value(), "an identity");
  return BeginTable(std::move(table), catalog(), jobs(), settings);
}

Result<CatalogEdit> TableWorld::Drop(std::string_view name) {
  const auto check = [](TableDescription&) -> Result<void> { return {}; };
  return BeginTableDrop(name, check, catalog(), jobs(), settings);
}

Result<CatalogEdit> TableWorld::AddIndex(std::string_view table_name, std::string_view index_name) {
  const auto keyspace = store.CreateKeyspace();
  GRAMME_CHECK(keyspace.has_value(), "a keyspace");
  IndexDescription index = {
      .name = std::string(index_name),
      .key_schema = {{.attribute_name = "owner", .key_type = KeyType::kHash},
                     {.attribute_name = "n", .key_type = KeyType::kRange}},
      .projection = {.type = ProjectionType::kInclude, .non_key_attributes = {"color"}},
      .is_global = true,
      .status = IndexStatus::kCreating,
      .backfilling = true,
      .keyspace = static_cast<std::uint64_t>(*keyspace)};
  const Job job = NewIndexBackfill(Find(table_name)->description(), index, jobs());
  GRAMME_TRY(const CatalogEdit edit,
             catalog().EditTable(
                 table_name,
                 [&](TableDescription& table) -> Result<void> {
                   table.indexes.push_back(index);
                   table.attribute_definitions = {
                       {.attribute_name = "id"},
                       {.attribute_name = "owner"},
                       {.attribute_name = "n", .attribute_type = AttributeType::kNumber}};
                   table.status = TableStatus::kUpdating;
                   return {};
                 },
                 [&](WriteBatch& batch) { Jobs::AddTo(batch, job); }));
  jobs().Start(job, edit.position);
  return edit;
}

Result<CatalogEdit> TableWorld::DropIndex(std::string_view table_name,
                                          std::string_view index_name) {
  const TableRef current = Find(table_name);
  const Job job =
      NewIndexDrop(current->description(), *current->description().FindIndex(index_name), jobs());
  GRAMME_TRY(const CatalogEdit edit, catalog().EditTable(
                                         table_name,
                                         [&](TableDescription& table) -> Result<void> {
                                           for (IndexDescription& index : table.indexes) {
                                             if (index.name != index_name) continue;
                                             index.status = IndexStatus::kDeleting;
                                             index.backfilling = false;
                                           }
                                           table.status = TableStatus::kUpdating;
                                           return {};
                                         },
                                         [&](WriteBatch& batch) { Jobs::AddTo(batch, job); }));
  jobs().Start(job, edit.position, settings.transition_delay);
  return edit;
}

Result<CatalogEdit> TableWorld::SetTimeToLive(std::string_view table_name,
                                              std::string_view attribute_name, bool is_enabled) {
  const TimeToLiveChange change = {.attribute_name = std::string(attribute_name),
                                   .is_enabled = is_enabled};
  return BeginTimeToLiveChange(Find(table_name), change, store, catalog(), jobs(), settings);
}

bool TableWorld::Write(std::string_view table_name, bool is_put, const Item& item) {
  const TableRef table = Find(table_name);
  if (table == nullptr) return false;
  WriteAction action = {
      .kind = is_put ? WriteKind::kPut : WriteKind::kDelete, .table = table, .item = &item};
  GRAMME_CHECK(BindAction(action).has_value(), "a valid item");
  return WriteItem(store, ReadTier::kDisk, action).change.has_value();
}

bool TableWorld::Put(std::string_view table_name, const Item& item) {
  return Write(table_name, true, item);
}

bool TableWorld::Delete(std::string_view table_name, std::string_view id) {
  return Write(table_name, false, {{"id", std::string(id)}});
}

void TableWorld::PutOrDelete(std::string_view table_name, const Item& item) {
  if (random.OneIn(3)) {
    Write(table_name, false, {{"id", item.at("id")}});
  } else {
    Put(table_name, item);
  }
}

std::string TableWorld::FindInconsistency(std::string_view table_name) {
  store.FlushAll();
  const TableRef table = Find(table_name);
  std::string found;
  const auto note = [&](const ScrubFinding& finding) {
    if (found.empty()) found = ToText(finding);
  };
  for (const Group& group : store.Groups(table->keyspace())) {
    const auto view = store.OpenView(group.id, ReadTier::kDisk);
    GRAMME_CHECK(view.has_value(), "a view");
    const auto checked = TableCheck(**view, *table).CheckAll(group, note);
    if (!checked) return checked.error().message();
  }
  return found;
}

std::size_t TableWorld::KeyCount(std::uint64_t keyspace) {
  store.FlushAll();
  std::size_t count = 0;
  Visit(store, keyspace, {}, [&](std::string_view, std::string_view) {
    ++count;
    return ScanStep::kContinue;
  });
  return count;
}

std::size_t TableWorld::CounterKeyCount(std::uint64_t table_number) {
  store.FlushAll();
  std::size_t count = 0;
  Visit(store, static_cast<std::uint64_t>(kCounterKeyspace), CounterRange(table_number),
        [&](std::string_view, std::string_view) {
          ++count;
          return ScanStep::kContinue;
        });
  return count;
}

}  // namespace gramme
