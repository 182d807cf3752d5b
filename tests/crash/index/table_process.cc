#include "tests/crash/index/table_process.h"

#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "table/change_log/stream_edits.h"
#include "table/index/index_backfill.h"
#include "table/index/index_drop.h"
#include "table/store_error.h"
#include "table/table_creation.h"
#include "table/testing/item_world.h"
#include "table/time_to_live/time_to_live_change.h"

namespace gramme {
namespace {

constexpr AttributeDefinition kExtraDefinition = {.attribute_name = "E"};

Result<std::uint64_t> NewKeyspace(Store& store) {
  const auto keyspace = store.CreateKeyspace();
  if (!keyspace) return std::unexpected(ToApiError(keyspace.error()));
  return static_cast<std::uint64_t>(*keyspace);
}

void Define(TableDescription& table) {
  for (const AttributeDefinition& definition : table.attribute_definitions) {
    if (definition == kExtraDefinition) return;
  }
  table.attribute_definitions.push_back(kExtraDefinition);
}

}  // namespace

TableProcess::TableProcess(std::unique_ptr<RocksDbStore> store)
    : store_(std::move(store)),
      settings_{.labels = {.region = "us-east-1", .account_id = "000000000000"}},
      catalog_(*store_),
      sweep_(*store_, catalog_, SystemClock()),
      pool_(1),
      jobs_(*store_, pool_, SystemClock(), SystemRandom()) {
  RegisterIndexBackfill(jobs_, *store_, catalog_);
  RegisterIndexDrop(jobs_, *store_, catalog_);
}

Result<void> TableProcess::CreateTable() {
  TableDescription table = ItemWorld().description();
  const auto identity = GiveIdentity(table, *store_, SystemClock(), SystemRandom());
  if (!identity) return std::unexpected(ToApiError(identity.error()));
  GRAMME_TRY(const std::uint64_t log_keyspace, NewKeyspace(*store_));
  GRAMME_RETURN_IF_ERROR(EnableStream({.view_type = StreamViewType::kNewAndOldImages,
                                       .now = SystemClock().WallNow(),
                                       .log_keyspace = log_keyspace,
                                       .groups = store_->Groups(KeyspaceId{log_keyspace})},
                                      table));
  GRAMME_RETURN_IF_ERROR(BeginTable(std::move(table), catalog_, jobs_, settings_));
  return SetTimeToLive(true);
}

Result<std::uint64_t> TableProcess::AddIndex(std::string_view name, Random& random) {
  GRAMME_TRY(const std::uint64_t keyspace, NewKeyspace(*store_));
  const bool projects_all = random.OneIn(2);
  const IndexDescription index = {
      .name = std::string(name),
      .key_schema = {{.attribute_name = "E", .key_type = KeyType::kHash},
                     {.attribute_name = random.OneIn(2) ? "L" : "R", .key_type = KeyType::kRange}},
      .projection = {.type = projects_all ? ProjectionType::kAll : ProjectionType::kKeysOnly,
                     .non_key_attributes = {}},
      .is_global = true,
      .status = IndexStatus::kCreating,
      .backfilling = true,
      .keyspace = keyspace};
  const Job job = NewIndexBackfill(Find()->description(), index, jobs_);
  const auto add = [&](TableDescription& table) -> Result<void> {
    Define(table);
    table.indexes.push_back(index);
    table.status = TableStatus::kUpdating;
    return {};
  };
  GRAMME_TRY(const CatalogEdit edit, catalog_.EditTable(kTableName, add, [&](WriteBatch& batch) {
    Jobs::AddTo(batch, job);
  }));
  jobs_.Start(job, edit.position);
  return keyspace;
}

Result<void> TableProcess::DropIndex(std::string_view name) {
  const TableRef before = Find();
  const Job job =
      NewIndexDrop(before->description(), *before->description().FindIndex(name), jobs_);
  const auto mark = [&](TableDescription& table) -> Result<void> {
    for (IndexDescription& index : table.indexes) {
      if (index.name != name) continue;
      index.status = IndexStatus::kDeleting;
      index.backfilling = false;
    }
    table.status = TableStatus::kUpdating;
    return {};
  };
  GRAMME_TRY(const CatalogEdit edit, catalog_.EditTable(kTableName, mark, [&](WriteBatch& batch) {
    Jobs::AddTo(batch, job);
  }));
  jobs_.Start(job, edit.position);
  return {};
}

Result<void> TableProcess::SetTimeToLive(bool is_enabled) {
  GRAMME_RETURN_IF_ERROR(BeginTimeToLiveChange(catalog_.FreshView()->Find(kTableName),
                                               {.attribute_name = "T", .is_enabled = is_enabled},
                                               *store_, catalog_, jobs_, settings_));
  return {};
}

}  // namespace gramme
