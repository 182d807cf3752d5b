// TableProcess: what a server has below its operations, on a disk that may lose its power: a
// RocksDB store, the catalog, the jobs, the sweep of what expired. One table, `Things`, with the
// indexes of ItemWorld, a stream and, most of the time, a time to live.

#ifndef GRAMME_TESTS_CRASH_INDEX_TABLE_PROCESS_H_
#define GRAMME_TESTS_CRASH_INDEX_TABLE_PROCESS_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/executor.h"
#include "base/random.h"
#include "model/api_error.h"
#include "model/table_description.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"
#include "table/time_to_live/expiry_sweep.h"

namespace gramme {

inline constexpr std::string_view kTableName = "Things";

// Thread-safe, but for the edits and the sweep: one thread at a time. No thread uses it any more
// when it goes.
class TableProcess {
 public:
  // Runs no jobs yet.
  explicit TableProcess(std::unique_ptr<RocksDbStore> store);

  // Reads the catalog. Errors: the store's.
  StoreResult<void> Load() { return catalog_.Load(); }
  // Goes on with the jobs that were recorded. Errors: the store's.
  StoreResult<void> ResumeJobs() { return jobs_.Resume(); }
  bool HasJobs() const { return !jobs_.List().empty(); }

  RocksDbStore& store() { return *store_; }
  Catalog& catalog() { return catalog_; }
  Group group() const { return store_->Groups(kCatalogKeyspace).front(); }
  // nullptr before CreateTable.
  TableRef Find() const { return catalog_.view()->Find(kTableName); }

  // Each as an operation begins it. Errors: the catalog's, the store's.
  Result<void> CreateTable();
  // On `E` with `L` or `R` as its sort key. The result is its keyspace.
  Result<std::uint64_t> AddIndex(std::string_view name, Random& random);
  Result<void> DropIndex(std::string_view name);
  Result<void> SetTimeToLive(bool is_enabled);
  // Deletes some of what is due.
  StoreResult<void> SweepSome() { return sweep_.Step(); }

 private:
  const std::unique_ptr<RocksDbStore> store_;
  const Settings settings_;
  Catalog catalog_;
  ExpirySweep sweep_;
  ThreadPool pool_;
  Jobs jobs_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_INDEX_TABLE_PROCESS_H_
