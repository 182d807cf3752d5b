// Catalog: the descriptions of all tables, kept in the store's catalog keyspace and, as an immutable
// view, in memory. Every request takes the view once. It knows no items.
//
// Edits run one after another. An edit's record is in the store's queue when the call returns and
// visible to new views; it is durable once its position is released, so whoever answers from a view
// depends on view.position. An edit that changes what a write must do raises the generation in the
// same batch (storage guard), so that no write decided under an older view can be queued after it.
//
// A refusal may come from an edit that is not durable yet: whoever answers with one depends on
// view()->position, taken after the call.
//
// Thread-safe.

#ifndef GRAMME_TABLE_CATALOG_H_
#define GRAMME_TABLE_CATALOG_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/function_ref.h"
#include "model/api_error.h"
#include "model/arn.h"
#include "storage/store.h"
#include "table/table.h"

namespace gramme {

struct CatalogView {
  std::map<std::string, TableRef, std::less<>> tables;  // by name, in order
  // The last edit it shows.
  Position position;

  // By table name or ARN; nullptr if absent.
  TableRef Find(std::string_view name_or_arn) const;
};

struct CatalogEdit {
  TableRef table;  // as it is now; for a removal, as it was
  Position position;
};

class Catalog {
 public:
  // Keeps the reference; the store outlives it.
  explicit Catalog(Store& store);

  // Reads every description. Once, before the first request.
  StoreResult<void> Load();

  std::shared_ptr<const CatalogView> view() const;

  // A view that holds every edit begun before the call: for a request that was refused as stale.
  std::shared_ptr<const CatalogView> FreshView() const;

  // Adds a table; its generation becomes 1. `number` and `keyspace` are those of a keyspace that the
  // caller created for it. Errors: ResourceInUseException `Table already exists: <name>`,
  // LimitExceededException; the store's. `more` adds to the same batch (a job's record); it may run
  // again, so it depends on fixed inputs.
  using AddToBatch = FunctionRef<void(WriteBatch&)>;
  Result<CatalogEdit> CreateTable(TableDescription description, AddToBatch more);

  // Changes a table's description. `edit` sees the current one, may refuse, and says what to write;
  // it may run again and depends on its argument and fixed inputs only. Every edit raises the
  // generation: a write in flight decides again, which costs it microseconds.
  // Errors: ResourceNotFoundException where absent; what `edit` returns; the store's.
  using Edit = FunctionRef<Result<void>(TableDescription& description)>;
  Result<CatalogEdit> EditTable(std::string_view table_name, Edit edit, AddToBatch more);

  // Removes the record; its guard refuses every later write. `check` may refuse, as above. The
  // keyspaces stay: dropping them is a job's.
  Result<CatalogEdit> RemoveTable(std::string_view table_name, Edit check, AddToBatch more);

 private:
  using RecordEdit = FunctionRef<Result<TableRef>(const TableRef& current, WriteBatch& batch)>;
  // Runs one edit of one record and installs what it made. The result's table is what the edit
  // returned, nullptr for a removal.
  Result<CatalogEdit> EditRecord(std::string_view table_name, RecordEdit edit);
  Result<CatalogEdit> EditRecordOnce(const Key& key, RecordEdit edit);
  StoreResult<void> RaiseInOtherGroups(const Key& key, std::uint64_t guard_id,
                                       std::uint64_t generation);
  void Install(std::string_view table_name, const TableRef& table,
               const Position& position) const;
  // Reads again what an edit with an unknown outcome left. REQUIRES: edit_mutex_ is held.
  StoreResult<void> ResolveUncertain() const;
  StoreResult<TableRef> ReadNewest(const Key& key, Position& position) const;

  Store& store_;
  mutable std::mutex edit_mutex_;  // held from an edit's Update to its installation
  mutable std::mutex view_mutex_;
  mutable std::shared_ptr<const CatalogView> view_;
  mutable std::set<std::string, std::less<>> uncertain_;  // names; under edit_mutex_
};

}  // namespace gramme

#endif  // GRAMME_TABLE_CATALOG_H_
