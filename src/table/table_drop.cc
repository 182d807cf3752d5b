#include "table/table_drop.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "encoding/record.h"
#include "table/catalog_record.h"
#include "table/change_log/stream_edits.h"
#include "table/counters.h"
#include "table/keyspace_removal.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md. Version 2 added the description.
constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kVersionBeforeRecovery = 1;

struct DropState {
  std::string table_name;
  std::uint64_t table_number = 0;
  std::vector<std::uint64_t> keyspaces;
  // EncodeTableDescription of what the table was, if it had point-in-time recovery and that has not
  // seen it yet; or empty.
  std::string description;
};

std::string Encode(const DropState& state) {
  RecordWriter out(kVersion);
  out.Bytes(state.table_name);
  out.Unsigned(state.table_number);
  out.Unsigned(state.keyspaces.size());
  for (const std::uint64_t keyspace : state.keyspaces) out.Unsigned(keyspace);
  out.Bytes(state.description);
  return std::move(out).Finish();
}

StoreResult<DropState> Decode(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  DropState state;
  state.table_name = in.Bytes();
  state.table_number = in.Unsigned();
  const std::uint64_t count = in.Unsigned();
  for (std::uint64_t i = 0; i < count && !in.AtEnd(); ++i) {
    state.keyspaces.push_back(in.Unsigned());
  }
  if (in.version() > kVersionBeforeRecovery) state.description = in.Bytes();
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return state;
}

DropState StateOf(const TableDescription& table) {
  DropState state = {
      .table_name = table.name, .table_number = table.number, .keyspaces = {}, .description = {}};
  state.keyspaces.push_back(table.keyspace);
  for (const IndexDescription& index : table.indexes) state.keyspaces.push_back(index.keyspace);
  if (table.time_to_live) state.keyspaces.push_back(table.time_to_live->keyspace);
  // The log of a stream is dropped with the stream's record, once the retention has passed.
  if (table.change_log && !table.stream) state.keyspaces.push_back(table.change_log->keyspace);
  if (table.point_in_time_recovery) state.description = EncodeTableDescription(table);
  return state;
}

// The table was edited since the job began, so the commit that removes it says in the job's record
// what it was at its end. Another table may have the name by now: only the one with the job's
// number is removed.
StoreResult<void> RemoveRecord(const DropState& state, Job job, Catalog& catalog) {
  const auto check = [&](TableDescription& table) -> Result<void> {
    if (table.number != state.table_number) {
      return Error(ErrorCode::kResourceNotFoundException, "");
    }
    job.state = Encode(StateOf(table));
    return {};
  };
  const auto edit = catalog.RemoveTable(state.table_name, check,
                                        [&](WriteBatch& batch) { Jobs::AddTo(batch, job); });
  if (!edit && edit.error().code != ErrorCode::kResourceNotFoundException) {
    return StoreError(StatusCode::kUnavailable, "cannot remove a table's record");
  }
  return {};
}

// From the job's record, durable: a step that failed has not seen what it wrote there. Nothing: the
// record is gone, and all that it stood for.
StoreResult<std::optional<DropState>> ReadState(Store& store, const Job& job) {
  std::string bytes;
  GRAMME_TRY(const bool is_there, store.Read(JobKey(job.id), ReadTier::kDisk,
                                             [&](std::string_view value) { bytes = value; }));
  if (!is_there) return std::nullopt;
  GRAMME_TRY(const Job stored, DecodeJob(bytes));
  GRAMME_TRY(DropState state, Decode(stored.state));
  return state;
}

// Durable when it returns.
StoreResult<void> SaveState(const DropState& state, Job job, Store& store) {
  job.state = Encode(state);
  const Key key = JobKey(job.id);
  const auto decide = [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> {
    WriteBatch batch;
    Jobs::AddTo(batch, job);
    return batch;
  };
  GRAMME_TRY(const UpdateOutcome outcome, store.Update({&key, 1}, {}, UpdateOptions{}, decide));
  return store.Await(outcome.position);
}

StoreResult<StepOutcome> DropTable(const Job& job, Store& store, Catalog& catalog,
                                   const BeforeDrop& before_drop) {
  GRAMME_TRY(const DropState begun, Decode(job.state));
  GRAMME_RETURN_IF_ERROR(RemoveRecord(begun, job, catalog));
  GRAMME_TRY(std::optional<DropState> state, ReadState(store, job));
  if (!state) return StepOutcome::kDone;
  if (before_drop && !state->description.empty()) {
    GRAMME_TRY(const TableDescription removed, DecodeTableDescription(state->description));
    GRAMME_RETURN_IF_ERROR(before_drop(removed, job.creation_time));
    // Never again: the next time the table might be half gone.
    state->description.clear();
    GRAMME_RETURN_IF_ERROR(SaveState(*state, job, store));
  }
  GRAMME_RETURN_IF_ERROR(
      RemoveKeyspaces(store, state->keyspaces, CounterRange(state->table_number)));
  return StepOutcome::kDone;
}

}  // namespace

void RegisterTableDrop(Jobs& jobs, Store& store, Catalog& catalog, BeforeDrop before_drop) {
  jobs.Register(std::string(kTableDropJob),
                [&store, &catalog, before_drop = std::move(before_drop)](Job& job) {
                  return DropTable(job, store, catalog, before_drop);
                });
}

Result<CatalogEdit> BeginTableDrop(std::string_view table_name, Catalog::Edit check,
                                   Catalog& catalog, Jobs& jobs, const Settings& settings) {
  Job job = jobs.NewJob(kTableDropJob, table_name, "");
  const auto mark = [&](TableDescription& table) -> Result<void> {
    GRAMME_RETURN_IF_ERROR(check(table));
    if (HasEnabledStream(table)) {
      GRAMME_RETURN_IF_ERROR(DisableStream(job.creation_time, table));
    }
    job.state = Encode(StateOf(table));
    table.status = TableStatus::kDeleting;
    return {};
  };
  const auto record = [&](WriteBatch& batch) { Jobs::AddTo(batch, job); };
  const bool at_once = settings.transition_delay == Duration(0);
  GRAMME_TRY(CatalogEdit edit, at_once ? catalog.RemoveTable(table_name, mark, record)
                                       : catalog.EditTable(table_name, mark, record));
  jobs.Start(std::move(job), edit.position, settings.transition_delay);
  return edit;
}

}  // namespace gramme
