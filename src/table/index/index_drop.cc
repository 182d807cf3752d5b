#include "table/index/index_drop.h"

#include <utility>

#include "base/result.h"
#include "encoding/record.h"
#include "table/attribute_use.h"
#include "table/counters.h"
#include "table/keyspace_removal.h"

namespace gramme {
namespace {

constexpr std::uint8_t kVersion = 1;  // part of the format, see docs/internals/formats.md

struct DropState {
  std::string table_name;
  std::uint64_t table_number = 0;
  std::uint64_t index_keyspace = 0;
};

std::string Encode(const DropState& state) {
  RecordWriter out(kVersion);
  out.Bytes(state.table_name);
  out.Unsigned(state.table_number);
  out.Unsigned(state.index_keyspace);
  return std::move(out).Finish();
}

StoreResult<DropState> Decode(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  DropState state;
  state.table_name = in.Bytes();
  state.table_number = in.Unsigned();
  state.index_keyspace = in.Unsigned();
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return state;
}

StoreResult<void> RemoveFromTable(const DropState& state, Catalog& catalog) {
  const auto edit = catalog.EditTable(
      state.table_name,
      [&](TableDescription& table) -> Result<void> {
        if (table.number != state.table_number) return {};
        if (table.time_to_live && table.time_to_live->keyspace == state.index_keyspace) {
          table.time_to_live.reset();
        }
        const std::size_t removed_count = std::erase_if(
            table.indexes,
            [&](const IndexDescription& index) { return index.keyspace == state.index_keyspace; });
        if (removed_count == 0) return {};
        // Attribute definitions that only this index used go with it.
        RemoveUnusedDefinitions(table);
        if (table.status == TableStatus::kUpdating) table.status = TableStatus::kActive;
        return {};
      },
      [](WriteBatch&) {});
  if (!edit && edit.error().code != ErrorCode::kResourceNotFoundException) {
    return StoreError(StatusCode::kUnavailable, "cannot remove an index");
  }
  return {};
}

}  // namespace

void RegisterIndexDrop(Jobs& jobs, Store& store, Catalog& catalog) {
  jobs.Register(std::string(kIndexDropJob), [&](Job& job) -> StoreResult<StepOutcome> {
    GRAMME_TRY(const DropState state, Decode(job.state));
    GRAMME_RETURN_IF_ERROR(RemoveFromTable(state, catalog));
    GRAMME_RETURN_IF_ERROR(RemoveKeyspaces(store, {&state.index_keyspace, 1},
                                           CounterRange(state.table_number, state.index_keyspace)));
    return StepOutcome::kDone;
  });
}

Job NewIndexDrop(const TableDescription& table, const IndexDescription& index, const Jobs& jobs) {
  return jobs.NewJob(kIndexDropJob, table.name + "/index/" + index.name,
                     Encode({.table_name = table.name,
                             .table_number = table.number,
                             .index_keyspace = index.keyspace}));
}

Job NewTimeToLiveDrop(const TableDescription& table, const Jobs& jobs) {
  return jobs.NewJob(kIndexDropJob, table.name + "/time-to-live",
                     Encode({.table_name = table.name,
                             .table_number = table.number,
                             .index_keyspace = table.time_to_live->keyspace}));
}

}  // namespace gramme
