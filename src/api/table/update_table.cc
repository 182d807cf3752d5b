#include "api/table/update_table.h"

#include <algorithm>
#include <set>
#include <utility>

#include "api/table/describe.h"
#include "api/table/stream_change.h"
#include "api/table/table_edits.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "table/index/index_backfill.h"
#include "table/index/index_drop.h"
#include "table/store_error.h"

namespace gramme {
namespace {

using IndexUpdates = std::vector<GlobalSecondaryIndexUpdate>;

std::unexpected<ApiError> OneBuildAtATime() {
  return Error(ErrorCode::kLimitExceededException,
               "Subscriber limit exceeded: Only 1 online index can be created or deleted "
               "simultaneously per table");
}

Result<void> ValidateIndexUpdates(const IndexUpdates& updates) {
  std::set<std::string_view> names;
  for (const GlobalSecondaryIndexUpdate& update : updates) {
    const int action_count =
        (update.update ? 1 : 0) + (update.create ? 1 : 0) + (update.remove ? 1 : 0);
    if (action_count == 0) {
      return ValidationError(
          "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, "
          "GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null");
    }
    if (action_count > 1) {
      return ValidationError(
          "One or more parameter values were invalid: Only one global secondary index action is "
          "allowed per GlobalSecondaryIndexUpdate object");
    }
    const std::string& name = update.update   ? update.update->index_name
                              : update.create ? update.create->index_name
                                              : update.remove->index_name;
    if (!names.insert(name).second) {
      return ValidationError(
          "One or more parameter values were invalid: Only one global secondary index update per "
          "index is allowed simultaneously. Index: " +
          name);
    }
  }
  const auto builds = std::ranges::count_if(updates, [](const GlobalSecondaryIndexUpdate& update) {
    return update.create || update.remove;
  });
  if (builds > 1) return OneBuildAtATime();
  return {};
}

// The one index that the request creates or deletes.
const GlobalSecondaryIndexUpdate* FindBuild(const UpdateTableRequest& request) {
  if (!request.global_secondary_index_updates) return nullptr;
  for (const GlobalSecondaryIndexUpdate& update : *request.global_secondary_index_updates) {
    if (update.create || update.remove) return &update;
  }
  return nullptr;
}

bool UpdatesIndexes(const UpdateTableRequest& request) {
  return request.global_secondary_index_updates &&
         std::ranges::any_of(*request.global_secondary_index_updates,
                             [](const auto& update) { return update.update.has_value(); });
}

// Billing mode and throughput of the table: the service takes its time for them.
bool ChangesTableCapacity(const UpdateTableRequest& request) {
  return request.billing_mode || request.provisioned_throughput;
}

bool ChangesCapacity(const UpdateTableRequest& request) {
  return ChangesTableCapacity(request) || request.on_demand_throughput || UpdatesIndexes(request);
}

// What goes together in one request.
Result<void> ValidateCombination(const UpdateTableRequest& request) {
  const bool builds = FindBuild(request) != nullptr;
  const bool changes_stream = request.stream_specification.has_value();
  if (request.deletion_protection_enabled &&
      (builds || changes_stream || ChangesCapacity(request))) {
    return InvalidParameters(
        "DeletionProtection modification must be the only operation in the request");
  }
  if (builds && request.provisioned_throughput) {
    return InvalidParameters("You cannot create or delete index while updating table IOPS");
  }
  if (builds && changes_stream) {
    return InvalidParameters("You cannot create or delete index while changing stream status");
  }
  if (changes_stream &&
      (request.provisioned_throughput || request.billing_mode == BillingMode::kProvisioned)) {
    return InvalidParameters("You cannot modify stream status while updating table IOPS");
  }
  if (request.on_demand_throughput &&
      (builds || changes_stream || request.provisioned_throughput || UpdatesIndexes(request))) {
    return InvalidParameters(
        "OnDemandThroughput can only be combined with BillingMode in an UpdateTable "
        "request");
  }
  return {};
}

Result<void> ValidateNewIndex(const UpdateTableRequest& request,
                              const GlobalSecondaryIndexShape& index) {
  if (!request.attribute_definitions || request.attribute_definitions->empty()) {
    return InvalidParameters("AttributeDefinitions is not specified for index: " +
                             index.index_name);
  }
  GRAMME_RETURN_IF_ERROR(ValidateNewIndexKeys(index, *request.attribute_definitions));
  return ValidateGlobalIndex(index);
}

// While an index is built or dropped, no other is; an index that is still being filled may be
// dropped. Everything else goes on.
Result<void> CheckState(const GlobalSecondaryIndexUpdate* build, const TableDescription& table) {
  if (!IsBuildingIndex(table)) return CheckActive(table);
  if (build == nullptr) return {};
  const IndexDescription* index =
      build->remove ? table.FindIndex(build->remove->index_name) : nullptr;
  if (index != nullptr && index->status != IndexStatus::kActive) return {};
  return OneBuildAtATime();
}

// One UpdateTable: what is fixed before the edit, and the edit.
class TableUpdate {
 public:
  TableUpdate(const UpdateTableRequest& request, OperationContext& context)
      : request_(request), engine_(context.engine), build_(FindBuild(request)) {}

  Result<CatalogEdit> Run(const TableRef& table) {
    now_ = engine_.clock.WallNow();
    if (build_ != nullptr && build_->create) {
      GRAMME_TRY(const KeyspaceId keyspace, FromStore(engine_.store.CreateKeyspace()));
      index_keyspace_ = static_cast<std::uint64_t>(keyspace);
    }
    if (request_.stream_specification) {
      GRAMME_TRY(stream_change_,
                 StreamChange::Plan(*request_.stream_specification, now_, table->name(), engine_));
    }
    GRAMME_TRY(CatalogEdit edit,
               engine_.catalog.EditTable(
                   table->name(), [&](TableDescription& description) { return Edit(description); },
                   [&](WriteBatch& batch) {
                     if (job_) Jobs::AddTo(batch, *job_);
                   }));
    if (job_) {
      engine_.jobs.Start(*std::move(job_), edit.position, engine_.settings.transition_delay);
    }
    return edit;
  }

  // The table as it was before the edit. REQUIRES: Run() was successful.
  const TableDescription& before() const { return before_; }

 private:
  // May run again, so the job keeps its id and time.
  Result<void> Edit(TableDescription& table) {
    job_.reset();
    GRAMME_RETURN_IF_ERROR(EditOnce(table));
    if (!job_) return {};
    if (job_id_.empty()) job_id_ = job_->id;
    job_->id = job_id_;
    job_->creation_time = now_;
    return {};
  }

  Result<void> EditOnce(TableDescription& table) {
    GRAMME_RETURN_IF_ERROR(CheckState(build_, table));
    before_ = table;
    if (request_.deletion_protection_enabled) {
      table.deletion_protection_enabled = *request_.deletion_protection_enabled;
    }
    if (stream_change_) GRAMME_RETURN_IF_ERROR(stream_change_->Apply(table));
    if (ChangesCapacity(request_)) {
      GRAMME_RETURN_IF_ERROR(EditCapacity(request_, now_, table));
    }
    if (build_ == nullptr) return {};
    if (build_->create) {
      GRAMME_RETURN_IF_ERROR(AddIndex(request_, *build_->create, index_keyspace_, table));
      job_ = NewIndexBackfill(table, table.indexes.back(), engine_.jobs);
      return {};
    }
    GRAMME_RETURN_IF_ERROR(MarkIndexDeleted(build_->remove->index_name, table));
    job_ = NewIndexDrop(table, *table.FindIndex(build_->remove->index_name), engine_.jobs);
    return {};
  }

  const UpdateTableRequest& request_;
  Engine& engine_;
  const GlobalSecondaryIndexUpdate* build_;
  WallTime now_{};
  std::uint64_t index_keyspace_ = 0;
  std::optional<StreamChange> stream_change_;
  std::string job_id_;
  std::optional<Job> job_;
  TableDescription before_;
};

// What takes no time is over by the next DescribeTable, but is answered as the service does: as
// UPDATING, with the throughput that there was.
void ShowUpdating(const UpdateTableRequest& request, const TableDescriptionShape& before,
                  TableDescriptionShape& shape) {
  if (ChangesTableCapacity(request)) {
    shape.table_status = TableStatusName(TableStatus::kUpdating);
    shape.provisioned_throughput = before.provisioned_throughput;
  }
  if (request.stream_specification) shape.table_status = TableStatusName(TableStatus::kUpdating);
  for (const auto& update : request.global_secondary_index_updates.value_or(IndexUpdates())) {
    if (!update.update) continue;
    const auto find = [&](auto& indexes) {
      return std::ranges::find(indexes, update.update->index_name,
                               &IndexDescriptionShape::index_name);
    };
    const auto index = find(*shape.global_secondary_indexes);
    index->index_status = IndexStatusName(IndexStatus::kUpdating);
    index->provisioned_throughput = find(*before.global_secondary_indexes)->provisioned_throughput;
  }
}

}  // namespace

Result<NoPlan> UpdateTable::Validate(const UpdateTableRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  const auto& updates = request.global_secondary_index_updates;
  if (!request.deletion_protection_enabled && !request.stream_specification &&
      !ChangesCapacity(request) && (!updates || updates->empty())) {
    return ValidationError(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
        "MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
        "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required");
  }
  if (updates) {
    if (updates->empty()) return InvalidParameters("List of GlobalSecondaryIndexUpdates is empty");
    GRAMME_RETURN_IF_ERROR(ValidateIndexUpdates(*updates));
  }
  GRAMME_RETURN_IF_ERROR(ValidateCombination(request));
  GRAMME_RETURN_IF_ERROR(ValidateStreamChange(request.stream_specification));
  if (const auto* build = FindBuild(request); build != nullptr && build->create) {
    GRAMME_RETURN_IF_ERROR(ValidateNewIndex(request, *build->create));
  }
  return NoPlan{};
}

std::vector<Access> UpdateTable::Resources(const UpdateTableRequest& request, const NoPlan&) {
  return {{.action = "UpdateTable", .resource = request.table_name}};
}

Result<UpdateTableResponse> UpdateTable::Run(const UpdateTableRequest& request, const NoPlan&,
                                             OperationContext& context) {
  GRAMME_TRY(const TableRef table, FindSettledTable(request.table_name, *context.catalog_view));
  TableUpdate update(request, context);
  const auto edit = update.Run(table);
  context.DependOn(context.engine.catalog.view()->position);
  if (!edit) return std::unexpected(edit.error());
  GRAMME_TRY(TableDescriptionShape shape, Describe(edit->table->description(), context));
  ShowUpdating(request, DescribeEmpty(update.before(), context.engine.settings.labels), shape);
  return UpdateTableResponse{.table_description = std::move(shape)};
}

}  // namespace gramme
