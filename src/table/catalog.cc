#include "table/catalog.h"

#include <optional>
#include <utility>

#include "base/result.h"
#include "model/limits.h"
#include "table/catalog_record.h"
#include "table/change_log/stream_record.h"
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

// Runs an Update of one key again while another writer wins.
StoreResult<UpdateOutcome> UpdateKey(Store& store, const Key& key, Decide decide) {
  auto outcome = store.Update({&key, 1}, {}, UpdateOptions{}, decide);
  for (int attempt = 1; attempt < kAttemptCountMax && !outcome; ++attempt) {
    if (outcome.error().code() != StatusCode::kConflict) break;
    outcome = store.Update({&key, 1}, {}, UpdateOptions{}, decide);
  }
  return outcome;
}

// A conflict is between items to clients; here it is only a store that is too busy.
ApiError EditError(const Status& status) {
  const bool is_conflict = status.code() == StatusCode::kConflict;
  return ToApiError(is_conflict ? Status(StatusCode::kUnavailable, status.message()) : status);
}

bool IsSame(const TableRef& a, const TableRef& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return EncodeTableDescription(a->description()) == EncodeTableDescription(b->description());
}

std::uint64_t NextSerial() {
  static std::atomic<std::uint64_t> last = 0;
  return last.fetch_add(1) + 1;
}

// What a thread was last given.
struct SeenView {
  std::uint64_t catalog = 0;
  std::uint64_t version = 0;
  std::shared_ptr<const CatalogView> view;
};

// The same view behind a reference count of its own, so that threads do not write to one cache line
// with every request.
std::shared_ptr<const CatalogView> WithOwnCount(std::shared_ptr<const CatalogView> view) {
  const auto holder = std::make_shared<std::shared_ptr<const CatalogView>>(std::move(view));
  return {holder, holder->get()};
}

ApiError NotFound(std::string_view table_name) {
  return Error(ErrorCode::kResourceNotFoundException,
               "Requested resource not found: Table: " + std::string(table_name) + " not found")
      .error();
}

}  // namespace

ApiError NameInUse(const TableDescription& table) {
  if (IsBeingRestored(table)) {
    return Error(ErrorCode::kResourceInUseException, "Table is being used: " + table.name).error();
  }
  const bool is_going = table.status == TableStatus::kDeleting;
  return Error(ErrorCode::kResourceInUseException,
               is_going ? "Attempt to change a resource which is still in use: Table is being "
                          "deleted: " + table.name
                        : "Table already exists: " + table.name)
      .error();
}

TableRef CatalogView::Find(std::string_view name_or_arn) const {
  std::string_view name = name_or_arn;
  if (LooksLikeArn(name_or_arn)) {
    const auto arn = ParseArn(name_or_arn);
    if (!arn || !arn->kind.empty()) return nullptr;
    name = arn->table_name;
  }
  return tables.Find(name);
}

Catalog::Catalog(Store& store)
    : store_(store), serial_(NextSerial()), view_(std::make_shared<const CatalogView>()) {}

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
      [&](std::string_view key, std::string_view value) {
        auto table = DecodeTable(value);
        if (table && CatalogKey((*table)->name()).bytes != key) {
          table = StoreError(StatusCode::kCorruption, "it describes another table");
        }
        if (!table) {
          decoded = StoreError(table.error().code(), "the catalog record " + std::string(key) +
                                                         ": " + table.error().message());
          return ScanStep::kStop;
        }
        view->tables = view->tables.With(*table);
        return ScanStep::kContinue;
      }));
  GRAMME_RETURN_IF_ERROR(decoded);
  Show(std::move(view));
  uncertain_.clear();
  return {};
}

std::shared_ptr<const CatalogView> Catalog::view() const {
  thread_local SeenView seen;
  // Read before the view, so that a view is never taken for newer than it is.
  const std::uint64_t version = version_.load(std::memory_order_acquire);
  if (seen.catalog != serial_ || seen.version != version) {
    std::shared_ptr<const CatalogView> newest;
    {
      const std::lock_guard lock(view_mutex_);
      newest = view_;
    }
    seen = {.catalog = serial_, .version = version, .view = WithOwnCount(std::move(newest))};
  }
  return seen.view;
}

void Catalog::Show(std::shared_ptr<const CatalogView> view) const {
  {
    const std::lock_guard lock(view_mutex_);
    view_.swap(view);
  }
  version_.fetch_add(1, std::memory_order_acq_rel);
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
        if (current != nullptr) return std::unexpected(NameInUse(current->description()));
        if (view()->tables.size() >= kTableCountMax) {
          return Error(ErrorCode::kLimitExceededException,
                       "Subscriber limit exceeded: the number of tables cannot exceed " +
                           std::to_string(kTableCountMax));
        }
        more(batch);
        AppendStreamRecord(nullptr, description, batch);
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
        AppendStreamRecord(&current->description(), description, batch);
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
                          AppendStreamRecord(&current->description(), description, batch);
                          removed = std::make_shared<const Table>(std::move(description));
                          more(batch);
                          return TableRef();
                        }));
  edit.table = std::move(removed);
  return edit;
}

Result<CatalogEdit> Catalog::EditRecord(std::string_view table_name, RecordEdit edit) {
  const std::lock_guard lock(edit_mutex_);
  if (const auto resolved = ResolveUncertain(); !resolved) {
    return std::unexpected(EditError(resolved.error()));
  }
  Decision decision;
  const auto queued = Queue(CatalogKey(table_name), edit, decision);
  if (!queued) {
    if (queued.error().code() != StatusCode::kUnknown) {
      return std::unexpected(EditError(queued.error()));
    }
    return Recover(table_name, decision, queued.error());
  }
  if (decision.refusal) return std::unexpected(*std::move(decision.refusal));
  if (const auto settled = Settle(decision, *queued); !settled) {
    return Recover(table_name, decision, settled.error());
  }
  Install(table_name, decision.after, *queued);
  return CatalogEdit{.table = decision.after, .position = *queued};
}

StoreResult<Position> Catalog::Queue(const Key& key, RecordEdit edit, Decision& decision) {
  const auto decide = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    decision = {};
    if (values[0]) {
      auto decoded = DecodeTable(*values[0]);
      if (!decoded) {
        decision.refusal = ToApiError(decoded.error());
        return std::nullopt;
      }
      decision.before = *std::move(decoded);
    }
    WriteBatch batch;
    auto edited = edit(decision.before, batch);
    if (!edited) {
      decision.refusal = std::move(edited).error();
      return std::nullopt;
    }
    decision.after = *std::move(edited);
    if (decision.after != nullptr) {
      batch.Put(key, EncodeTableDescription(decision.after->description()));
      batch.SetGeneration(decision.after->guard().id, decision.after->guard().generation);
    } else {
      batch.Delete(key);
      batch.SetGeneration(decision.before->guard().id, kGuardDropped);
    }
    decision.is_made = true;
    return batch;
  };
  GRAMME_TRY(const UpdateOutcome outcome, UpdateKey(store_, key, decide));
  return outcome.position;
}

// The record first: were another group's copy ahead of it after a crash, every write there would be
// stale for ever.
StoreResult<void> Catalog::Settle(const Decision& decision, const Position& position) {
  GRAMME_RETURN_IF_ERROR(store_.Await(position));
  if (decision.after != nullptr) return RaiseInOtherGroups(decision.after->guard());
  return RaiseInOtherGroups({.id = decision.before->guard().id, .generation = kGuardDropped});
}

Result<CatalogEdit> Catalog::Recover(std::string_view table_name, const Decision& decision,
                                     const Status& failure) {
  std::optional<std::uint64_t>& found = uncertain_[std::string(table_name)];
  if (decision.before != nullptr) found = decision.before->guard().id;
  if (!ResolveUncertain()) {
    return std::unexpected(ToApiError(Status(StatusCode::kUnknown, failure.message())));
  }
  const std::shared_ptr<const CatalogView> resolved = view();
  if (decision.is_made && IsSame(resolved->Find(table_name), decision.after)) {
    return CatalogEdit{.table = decision.after, .position = resolved->position};
  }
  // It surely did not happen.
  const bool is_unknown = failure.code() == StatusCode::kUnknown;
  return std::unexpected(
      EditError(is_unknown ? Status(StatusCode::kUnavailable, failure.message()) : failure));
}

// Each group refuses stale writes by its own copy of the generation. Repeating it changes nothing.
StoreResult<void> Catalog::RaiseInOtherGroups(const Guard& guard) const {
  const GroupId own = store_.GroupOf(CatalogKey(""));
  for (const Group& group : store_.Groups(kCatalogKeyspace)) {
    if (group.id == own) continue;
    const Key guard_key = {.keyspace = kCatalogKeyspace,
                           .placement = group.placement_first,
                           .bytes = "guard/" + std::to_string(guard.id)};
    const auto raise = [&](std::span<const CurrentValue>) {
      WriteBatch batch;
      batch.SetGeneration(guard.id, guard.generation);
      return std::optional(std::move(batch));
    };
    GRAMME_TRY(const UpdateOutcome outcome, UpdateKey(store_, guard_key, raise));
    GRAMME_RETURN_IF_ERROR(store_.Await(outcome.position));
  }
  return {};
}

void Catalog::Install(std::string_view table_name, const TableRef& table,
                      const Position& position) const {
  auto next = std::make_shared<CatalogView>(*view());
  next->tables =
      table != nullptr ? next->tables.With(table) : next->tables.Without(table_name);
  next->position = position;
  Show(std::move(next));
}

StoreResult<void> Catalog::ResolveUncertain() const {
  while (!uncertain_.empty()) {
    const auto& [name, number] = *uncertain_.begin();
    Position position;
    GRAMME_TRY(const TableRef table, ReadNewest(CatalogKey(name), position));
    if (table != nullptr) GRAMME_RETURN_IF_ERROR(RaiseInOtherGroups(table->guard()));
    if (number && (table == nullptr || table->guard().id != *number)) {
      GRAMME_RETURN_IF_ERROR(RaiseInOtherGroups({.id = *number, .generation = kGuardDropped}));
    }
    Install(name, table, position);
    uncertain_.erase(uncertain_.begin());
  }
  return {};
}

// The newest queued value, which an Update alone can see; durable when it returns.
StoreResult<TableRef> Catalog::ReadNewest(const Key& key, Position& position) const {
  StoreResult<TableRef> table = TableRef();
  const auto read = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    table = values[0] ? DecodeTable(*values[0]) : StoreResult<TableRef>(TableRef());
    return WriteBatch();
  };
  GRAMME_TRY(const UpdateOutcome outcome, UpdateKey(store_, key, read));
  GRAMME_RETURN_IF_ERROR(store_.Await(outcome.position));
  position = outcome.position;
  return table;
}

}  // namespace gramme
