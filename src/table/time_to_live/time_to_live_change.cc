#include "table/time_to_live/time_to_live_change.h"

#include <utility>

#include "base/result.h"
#include "table/index/index_backfill.h"
#include "table/index/index_drop.h"
#include "table/store_error.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

// As the service puts it for UpdateTimeToLive, in other words than for the table itself. It lets
// the change of a table that is being deleted pass, to no effect; here that is refused.
Result<void> CheckStatus(const TableDescription& table) {
  const bool is_deleting = table.status == TableStatus::kDeleting;
  if (table.status != TableStatus::kCreating && !is_deleting) return {};
  return Error(ErrorCode::kResourceInUseException,
               "Attempt to change a resource which is still in use: Table " + table.name +
                   " is being " + (is_deleting ? "deleted" : "created"));
}

// What the table has comes before what it is in the middle of.
Result<void> CheckChange(const TableDescription& table, const TimeToLiveChange& change) {
  GRAMME_RETURN_IF_ERROR(CheckStatus(table));
  const TimeToLiveStatus status =
      table.time_to_live ? table.time_to_live->status : TimeToLiveStatus::kDisabled;
  const bool is_active = MaintainedTimeToLive(table) != nullptr;
  if (!is_active && !change.is_enabled) return ValidationError("TimeToLive is already disabled");
  if (is_active && table.time_to_live->attribute_name != change.attribute_name) {
    return ValidationError(
        "TimeToLive is active on a different AttributeName: current AttributeName is " +
        table.time_to_live->attribute_name);
  }
  if (is_active && change.is_enabled) return ValidationError("TimeToLive is already enabled");
  if (status == TimeToLiveStatus::kEnabling || status == TimeToLiveStatus::kDisabling) {
    return ValidationError("Time to live has been modified multiple times within a fixed interval");
  }
  return {};
}

}  // namespace

Result<CatalogEdit> BeginTimeToLiveChange(const TableRef& table, const TimeToLiveChange& change,
                                          Store& store, Catalog& catalog, Jobs& jobs,
                                          const Settings& settings) {
  // Before a keyspace is made for nothing.
  GRAMME_RETURN_IF_ERROR(CheckChange(table->description(), change));
  std::uint64_t keyspace = 0;
  if (change.is_enabled) {
    GRAMME_TRY(const KeyspaceId created, FromStore(store.CreateKeyspace()));
    keyspace = static_cast<std::uint64_t>(created);
  }
  const std::string_view kind = change.is_enabled ? kIndexBackfillJob : kIndexDropJob;
  Job job = jobs.NewJob(kind, table->name(), "");
  const auto edit = [&](TableDescription& current) -> Result<void> {
    GRAMME_RETURN_IF_ERROR(CheckChange(current, change));
    if (change.is_enabled) {
      current.time_to_live = {.attribute_name = change.attribute_name,
                              .status = TimeToLiveStatus::kEnabling,
                              .keyspace = keyspace,
                              .last_change_time = job.creation_time};
    } else {
      current.time_to_live->status = TimeToLiveStatus::kDisabling;
      current.time_to_live->last_change_time = job.creation_time;
    }
    const Job fresh =
        change.is_enabled ? NewTimeToLiveBackfill(current, jobs) : NewTimeToLiveDrop(current, jobs);
    // The edit may run again, and the job stays the same.
    job.subject = fresh.subject;
    job.state = fresh.state;
    return {};
  };
  GRAMME_TRY(CatalogEdit edited, catalog.EditTable(table->name(), edit, [&](WriteBatch& batch) {
    Jobs::AddTo(batch, job);
  }));
  jobs.Start(std::move(job), edited.position, settings.transition_delay);
  return edited;
}

}  // namespace gramme
