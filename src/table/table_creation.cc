#include "table/table_creation.h"

#include <utility>

#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

constexpr std::uint8_t kVersion = 1;  // part of the format, see docs/internals/formats.md

std::string EncodeState(const TableDescription& table) {
  RecordWriter out(kVersion);
  out.Bytes(table.name);
  out.Unsigned(table.number);
  return std::move(out).Finish();
}

void SetStatus(TableDescription& table, TableStatus status) {
  table.status = status;
  for (IndexDescription& index : table.indexes) {
    if (!index.is_global) continue;
    index.status = status == TableStatus::kActive ? IndexStatus::kActive : IndexStatus::kCreating;
  }
}

StoreResult<StepOutcome> Activate(const Job& job, Catalog& catalog) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(job.state, kVersion));
  const std::string name(in.Bytes());
  const std::uint64_t number = in.Unsigned();
  GRAMME_RETURN_IF_ERROR(in.Finish());
  const auto edit = catalog.EditTable(
      name,
      [&](TableDescription& table) -> Result<void> {
        // Another table may have the name by now.
        if (table.number == number && table.status == TableStatus::kCreating) {
          SetStatus(table, TableStatus::kActive);
        }
        return {};
      },
      [&](WriteBatch& batch) { Jobs::RemoveFrom(batch, job); });
  if (!edit && edit.error().code != ErrorCode::kResourceNotFoundException) {
    return StoreError(StatusCode::kUnavailable, "cannot activate a table");
  }
  return StepOutcome::kDone;
}

}  // namespace

void RegisterTableActivation(Jobs& jobs, Catalog& catalog) {
  jobs.Register(std::string(kTableActivationJob),
                [&catalog](Job& job) { return Activate(job, catalog); });
}

StoreResult<void> GiveIdentity(TableDescription& table, Store& store, Clock& clock,
                               Random& random) {
  GRAMME_TRY(const KeyspaceId items, store.CreateKeyspace());
  table.keyspace = static_cast<std::uint64_t>(items);
  table.number = table.keyspace;
  table.id = NewUuid(random);
  // Whole milliseconds, as the wire shows them.
  table.creation_time = std::chrono::floor<std::chrono::milliseconds>(clock.WallNow());
  for (IndexDescription& index : table.indexes) {
    GRAMME_TRY(const KeyspaceId entries, store.CreateKeyspace());
    index.keyspace = static_cast<std::uint64_t>(entries);
  }
  return {};
}

Result<CatalogEdit> BeginTable(TableDescription table, Catalog& catalog, Jobs& jobs,
                               const Settings& settings) {
  const Duration delay = settings.transition_delay;
  if (delay == Duration(0)) {
    SetStatus(table, TableStatus::kActive);
    return catalog.CreateTable(std::move(table), [](WriteBatch&) {});
  }
  SetStatus(table, TableStatus::kCreating);
  Job job = jobs.NewJob(kTableActivationJob, table.name, EncodeState(table));
  GRAMME_TRY(CatalogEdit edit,
             catalog.CreateTable(std::move(table),
                                 [&](WriteBatch& batch) { Jobs::AddTo(batch, job); }));
  jobs.Start(std::move(job), edit.position, delay);
  return edit;
}

}  // namespace gramme
