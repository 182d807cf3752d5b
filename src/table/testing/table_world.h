// TableWorld: a store in memory, and on it a process with catalog and jobs that can crash and start
// again, in one thread from one seed. For the tests of tables and their jobs.

#ifndef GRAMME_TABLE_TESTING_TABLE_WORLD_H_
#define GRAMME_TABLE_TESTING_TABLE_WORLD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "base/random.h"
#include "model/attribute_value.h"
#include "storage/memory/memory_store.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"
#include "table/table_drop.h"

namespace gramme {

struct TableWorldOptions {
  std::uint64_t seed = 1;
  std::size_t group_count = 1;
  StoreFaults* faults = nullptr;
  Duration transition_delay{0};
};

// Fails what is queued, as a full disk does, when the next Await comes and a test asked for it.
class FullDiskStore : public MemoryStore {
 public:
  using MemoryStore::MemoryStore;
  StoreResult<void> Await(const Position& position) override;
  StoreResult<void> DropKeyspace(KeyspaceId keyspace) override;
  StoreResult<UpdateOutcome> Update(std::span<const Key> keys, std::span<const Guard> guards,
                                    const UpdateOptions& options, Decide decide) override;
  // Called before each Update but those that it makes itself.
  std::function<void(std::span<const Key> keys)> on_update;
  bool fail_next_await = false;
  // Called once, in the Await that comes after `await_count` others.
  std::function<void()> on_await;
  int await_count = 0;
  int dropped_keyspace_count = 0;
};

class TableWorld {
 public:
  explicit TableWorld(const TableWorldOptions& options = {});
  ~TableWorld();

  struct Process {
    explicit Process(TableWorld& world);

    SimulatedExecutor executor;
    Catalog catalog;
    Jobs jobs;
    std::vector<Status> failures;  // of job steps
  };

  Catalog& catalog() { return process_->catalog; }
  Jobs& jobs() { return process_->jobs; }
  SimulatedExecutor& executor() { return process_->executor; }
  const std::vector<Status>& failures() const { return process_->failures; }

  // Ends the process and what is not durable, and starts another one.
  void CrashAndStart();
  // Until no job is left; false if that takes too long.
  bool RunJobs();

  TableRef Find(std::string_view table_name) { return catalog().FreshView()->Find(table_name); }

  // On demand, string key `id`, not in the catalog.
  TableDescription NewDescription(std::string_view name);
  // The same, begun as CreateTable begins it.
  Result<CatalogEdit> Create(std::string_view name);
  Result<CatalogEdit> Drop(std::string_view name);
  // A GSI on string attribute `owner`, sort key `n` (a number), begun as UpdateTable begins it.
  Result<CatalogEdit> AddIndex(std::string_view table_name, std::string_view index_name);
  Result<CatalogEdit> DropIndex(std::string_view table_name, std::string_view index_name);

  // As UpdateTimeToLive begins it.
  Result<CatalogEdit> SetTimeToLive(std::string_view table_name, std::string_view attribute_name,
                                    bool is_enabled);

  // Writes or deletes under the newest description. False where that is refused.
  bool Put(std::string_view table_name, const Item& item);
  bool Delete(std::string_view table_name, std::string_view id);
  // Once in three times deletes the item that has the id of this one.
  void PutOrDelete(std::string_view table_name, const Item& item);

  // Entries of every index and all counters are what the items make of them. An explanation, or
  // nothing.
  std::string FindInconsistency(std::string_view table_name);
  // Keys of a keyspace, of all groups.
  std::size_t KeyCount(std::uint64_t keyspace);
  // Keys of the counters of a table.
  std::size_t CounterKeyCount(std::uint64_t table_number);

  SimulatedClock clock;
  SeededRandom random;
  FullDiskStore store;
  Settings settings;
  BeforeDrop before_drop;  // called if it is set

 private:
  bool Write(std::string_view table_name, bool is_put, const Item& item);

  std::unique_ptr<Process> process_;
};

}  // namespace gramme

#endif  // GRAMME_TABLE_TESTING_TABLE_WORLD_H_
