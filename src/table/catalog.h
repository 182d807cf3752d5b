// Catalog: the descriptions of all tables, kept in the store's catalog keyspace and, as an
// immutable view, in memory. Every request takes the view once. It knows no items.
//
// Edits run one after another, and each is durable before a view shows it: a queued edit can still
// be lost (a full disk), and then items would be written to a table that never was. So an edit
// waits for the disk; no network thread edits. It raises the generation in its own batch (storage
// guard), so that no write decided under an older view can be queued after it.
//
// An edit whose outcome the store could not tell is read again at once, or else by the next edit or
// fresh view; until then views show the table as it was.
//
// Thread-safe.

#ifndef GRAMME_TABLE_CATALOG_H_
#define GRAMME_TABLE_CATALOG_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/function_ref.h"
#include "model/api_error.h"
#include "model/arn.h"
#include "storage/store.h"
#include "table/catalog_tables.h"
#include "table/table.h"

namespace gramme {

struct CatalogView {
  CatalogTables tables;
  // The last edit it shows.
  Position position;

  // By table name or ARN; nullptr if absent.
  TableRef Find(std::string_view name_or_arn) const;
};

struct CatalogEdit {
  TableRef table;  // as it is now; for a removal, as it was
  Position position;
};

// Why a new table cannot have the name of this one: ResourceInUseException.
ApiError NameInUse(const TableDescription& table);

class Catalog {
 public:
  // Keeps the reference; the store outlives it.
  explicit Catalog(Store& store);

  // Reads every description. Once, before the first request.
  StoreResult<void> Load();

  // The newest view. Takes no lock and writes to no cache line of other threads unless there was an
  // edit since the thread last asked. Each thread keeps the view that it was given, so one that
  // falls idle keeps an old one alive.
  std::shared_ptr<const CatalogView> view() const;

  // A view that holds every edit begun before the call: for a request that was refused as stale.
  // Waits for an edit that runs.
  std::shared_ptr<const CatalogView> FreshView() const;

  // Adds a table; its generation becomes 1. `number` and `keyspace` are those of a keyspace that
  // the caller created for it. Errors: ResourceInUseException `Table already exists: <name>`, or
  // that it is being deleted; LimitExceededException; the store's. `more` adds to the same batch (a
  // job's record); it may run again, so it depends on fixed inputs.
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
  // What the last run of an edit decided.
  struct Decision {
    std::optional<ApiError> refusal;
    TableRef before;
    TableRef after;  // nullptr: removed
    bool is_made = false;
  };

  // Runs one edit of one record and installs what it made. The result's table is what the edit
  // returned, nullptr for a removal.
  Result<CatalogEdit> EditRecord(std::string_view table_name, RecordEdit edit);
  StoreResult<Position> Queue(const Key& key, RecordEdit edit, Decision& decision);
  // Makes a queued edit durable in every group. After an error it may or may not have happened.
  StoreResult<void> Settle(const Decision& decision, const Position& position);
  // What became of an edit that failed on the way.
  Result<CatalogEdit> Recover(std::string_view table_name, const Decision& decision,
                              const Status& failure);
  StoreResult<void> RaiseInOtherGroups(const Guard& guard) const;
  void Install(std::string_view table_name, const TableRef& table,
               const Position& position) const;
  void Show(std::shared_ptr<const CatalogView> view) const;
  // Reads again what an edit with an unknown outcome left. REQUIRES: edit_mutex_ is held.
  StoreResult<void> ResolveUncertain() const;
  StoreResult<TableRef> ReadNewest(const Key& key, Position& position) const;

  Store& store_;
  const std::uint64_t serial_;     // of this catalog, among all of the process
  mutable std::mutex edit_mutex_;  // held from an edit's Update to its installation
  mutable std::mutex view_mutex_;
  mutable std::shared_ptr<const CatalogView> view_;  // under view_mutex_
  mutable std::atomic<std::uint64_t> version_ = 1;   // changes after view_ does
  // By name, the number of the table that the edit found; under edit_mutex_.
  mutable std::map<std::string, std::optional<std::uint64_t>, std::less<>> uncertain_;
};

}  // namespace gramme

#endif  // GRAMME_TABLE_CATALOG_H_
