#include "table/catalog.h"

#include <optional>
#include <utility>

#include "base/result.h"
#include "model/limits.h"
#include "table/catalog_record.h"
#include "table/store_error.h"

namespace gramme {
namespace {

// A conflict is surely not applied, so an edit simply runs again; a store that conflicts this often
// is broken.
constexpr int kAttemptCountMax = 20;

StoreResult<TableRef> DecodeTable(std::string_view bytes) {
  GRAMME_TRY(TableDescription description, DecodeTableDescription(bytes));
  return std::make_shared<const Table>(std::move(description));
}

TableRef WithGeneration(const TableDescription& description, std::uint64_t generation) {
  TableDescription raised = description;
  raised.generation = generation;
  return std::make_shared<const Table>(std::move(raised));
}

ApiError NotFound(std::string_view table_name) {
  return Error(ErrorCode::kResourceNotFoundException,
               "Requested resource not found: Table: " + std::string(table_name) + " not found")
      .error();
}

}  // namespace

TableRef CatalogView::Find(std::string_view name_or_arn) const {
  std::string_view name = name_or_arn;
  if (LooksLikeArn(name_or_arn)) {
    const auto arn = ParseArn(name_or_arn);
    if (!arn || !arn->kind.empty()) return nullptr;
    name = arn->table_name;
  }
  const auto found = tables.find(name);
  return found == tables.end() ? nullptr : found->second;
}

Catalog::Catalog(Store& store) : store_(store), view_(std::make_shared<const CatalogView>()) {}

StoreResult<void> Catalog::Load() {
  const std::lock_guard lock(edit_mutex_);
  const Key somewhere = CatalogKey("");
  GRAMME_TRY(const auto stored,
             store_.OpenView(store_.GroupOf(somewhere), ReadTier::kDisk));
  auto view = std::make_shared<CatalogView>();
  view->position = stored->position();
  StoreResult<void> decoded;
  GRAMME_RETURN_IF_ERROR(stored->Scan(
      kCatalogKeyspace, CatalogRange(), Direction::kForward,
      [&](std::string_view, std::string_view value) {
        auto table = DecodeTable(value);
        if (!table) {
          decoded = std::unexpected(table.error());
          return ScanStep::kStop;
        }
        view->tables[(*table)->name()] = *table;
        return ScanStep::kContinue;
      }));
  GRAMME_RETURN_IF_ERROR(decoded);
  const std::lock_guard view_lock(view_mutex_);
  view_ = std::move(view);
  uncertain_.clear();
  return {};
}

std::shared_ptr<const CatalogView> Catalog::view() const {
  const std::lock_guard lock(view_mutex_);
  return view_;
}

std::shared_ptr<const CatalogView> Catalog::FreshView() const {
  {
    const std::lock_guard lock(edit_mutex_);
    // What cannot be resolved now stays uncertain, and is tried again by the next edit.
    static_cast<void>(ResolveUncertain());
  }
  return view();
}

Result<CatalogEdit> Catalog::CreateTable(TableDescription description, AddToBatch more) {
  const std::string name = description.name;
  return EditRecord(
      name, [&](const TableRef& current, WriteBatch& batch) -> Result<TableRef> {
        if (current != nullptr) {
          return Error(ErrorCode::kResourceInUseException, "Table already exists: " + name);
        }
        if (view()->tables.size() >= kTableCountMax) {
          return Error(ErrorCode::kLimitExceededException,
                       "Subscriber limit exceeded: the number of tables cannot exceed " +
                           std::to_string(kTableCountMax));
        }
        more(batch);
        return WithGeneration(description, 1);
      });
}

Result<CatalogEdit> Catalog::EditTable(std::string_view table_name, Edit edit, AddToBatch more) {
  return EditRecord(
      table_name, [&](const TableRef& current, WriteBatch& batch) -> Result<TableRef> {
        if (current == nullptr) return std::unexpected(NotFound(table_name));
        TableDescription description = current->description();
        GRAMME_RETURN_IF_ERROR(edit(description));
        more(batch);
        return WithGeneration(description, current->description().generation + 1);
      });
}

Result<CatalogEdit> Catalog::RemoveTable(std::string_view table_name, Edit check,
                                         AddToBatch more) {
  TableRef removed;
  GRAMME_TRY(CatalogEdit edit,
             EditRecord(table_name,
                        [&](const TableRef& current, WriteBatch& batch) -> Result<TableRef> {
                          if (current == nullptr) return std::unexpected(NotFound(table_name));
                          TableDescription description = current->description();
                          GRAMME_RETURN_IF_ERROR(check(description));
                          removed = std::make_shared<const Table>(std::move(description));
                          more(batch);
                          return TableRef();
                        }));
  edit.table = std::move(removed);
  return edit;
}

Result<CatalogEdit> Catalog::EditRecord(std::string_view table_name, RecordEdit edit) {
  const std::lock_guard lock(edit_mutex_);
  GRAMME_RETURN_IF_ERROR(FromStore(ResolveUncertain()));
  const Key key = CatalogKey(table_name);
  auto result = EditRecordOnce(key, edit);
  for (int attempt = 1; attempt < kAttemptCountMax && !result; ++attempt) {
    if (result.error().code != ErrorCode::kTransactionConflictException) break;
    result = EditRecordOnce(key, edit);
  }
  if (result) Install(table_name, result->table, result->position);
  return result;
}

Result<CatalogEdit> Catalog::EditRecordOnce(const Key& key, RecordEdit edit) {
  std::optional<ApiError> refusal;
  TableRef before;
  TableRef after;
  const auto decide = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    refusal.reset();
    before.reset();
    if (values[0]) {
      auto decoded = DecodeTable(*values[0]);
      if (!decoded) {
        refusal = ToApiError(decoded.error());
        return std::nullopt;
      }
      before = *decoded;
    }
    WriteBatch batch;
    auto edited = edit(before, batch);
    if (!edited) {
      refusal = std::move(edited).error();
      return std::nullopt;
    }
    after = *std::move(edited);
    if (after != nullptr) {
      batch.Put(key, EncodeTableDescription(after->description()));
      batch.SetGeneration(after->guard().id, after->guard().generation);
    } else {
      batch.Delete(key);
      batch.SetGeneration(before->guard().id, kGuardDropped);
    }
    return batch;
  };
  const auto outcome = store_.Update({&key, 1}, {}, UpdateOptions{}, decide);
  if (!outcome) {
    if (outcome.error().code() == StatusCode::kUnknown) {
      uncertain_.insert(key.bytes.substr(CatalogRange().start.size()));
    }
    return std::unexpected(ToApiError(outcome.error()));
  }
  if (refusal) return std::unexpected(*std::move(refusal));
  const std::uint64_t guard_id = after ? after->guard().id : before->guard().id;
  const std::uint64_t generation = after ? after->guard().generation : kGuardDropped;
  GRAMME_RETURN_IF_ERROR(FromStore(RaiseInOtherGroups(key, guard_id, generation)));
  return CatalogEdit{.table = after, .position = outcome->position};
}

// Each group refuses stale writes by its own copy of the generation.
StoreResult<void> Catalog::RaiseInOtherGroups(const Key& key, std::uint64_t guard_id,
                                              std::uint64_t generation) {
  const GroupId own = store_.GroupOf(key);
  for (const Group& group : store_.Groups(kCatalogKeyspace)) {
    if (group.id == own) continue;
    Key guard_key = {.keyspace = kCatalogKeyspace,
                     .placement = group.placement_first,
                     .bytes = "guard/" + std::to_string(guard_id)};
    const auto raise = [&](std::span<const CurrentValue>) {
      WriteBatch batch;
      batch.SetGeneration(guard_id, generation);
      return std::optional(std::move(batch));
    };
    GRAMME_TRY(const UpdateOutcome outcome,
               store_.Update({&guard_key, 1}, {}, UpdateOptions{}, raise));
    GRAMME_RETURN_IF_ERROR(store_.Await(outcome.position));
  }
  return {};
}

void Catalog::Install(std::string_view table_name, const TableRef& table,
                      const Position& position) const {
  auto next = std::make_shared<CatalogView>(*view());
  if (table != nullptr) {
    next->tables.insert_or_assign(std::string(table_name), table);
  } else if (const auto found = next->tables.find(table_name); found != next->tables.end()) {
    next->tables.erase(found);
  }
  next->position = position;
  const std::lock_guard lock(view_mutex_);
  view_ = std::move(next);
}

StoreResult<void> Catalog::ResolveUncertain() const {
  while (!uncertain_.empty()) {
    const std::string name = *uncertain_.begin();
    Position position;
    GRAMME_TRY(const TableRef table, ReadNewest(CatalogKey(name), position));
    Install(name, table, position);
    uncertain_.erase(uncertain_.begin());
  }
  return {};
}

// The newest queued value, which an Update alone can see.
StoreResult<TableRef> Catalog::ReadNewest(const Key& key, Position& position) const {
  StoreResult<TableRef> table = TableRef();
  const auto read = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    table = values[0] ? DecodeTable(*values[0]) : StoreResult<TableRef>(TableRef());
    return WriteBatch();
  };
  GRAMME_TRY(const UpdateOutcome outcome, store_.Update({&key, 1}, {}, UpdateOptions{}, read));
  position = outcome.position;
  return table;
}

}  // namespace gramme
