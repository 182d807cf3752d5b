#include "server/store_factory.h"

#include <unistd.h>

#include <fmt/format.h>

#include "base/result.h"
#include "http/listen_address.h"
#include "server/exit_code.h"
#include "server/version.h"
#include "storage/memory/memory_store.h"
#include "storage/rocksdb/rocksdb_store.h"

namespace gramme {
namespace {

ArnLabels WantedLabels(const NodeOptions& options) {
  return {.region = options.region.value_or(kDefaultRegion),
          .account_id = options.account_id.value_or(kDefaultAccountId)};
}

// Region and account are inside ARNs that users keep, so they never change.
StoreResult<void> CheckLabel(std::string_view name, const std::optional<std::string>& wanted,
                             const std::string& kept) {
  if (!wanted || *wanted == kept) return {};
  return StoreError(StatusCode::kUnavailable,
                    fmt::format("the data directory was created with {} {}, not {}", name, kept,
                                *wanted));
}

[[noreturn]] void EndProcess(const Status& status, Log& log) {
  const bool is_damage = status.code() == StatusCode::kCorruption;
  log.Write(LogLevel::kError, "log_failure",
            "the write-ahead log failed; the process ends and recovery decides at the next start",
            {{"cause", status.message()}});
  _exit(static_cast<int>(is_damage ? ExitCode::kDataIntegrity : ExitCode::kLogFailure));
}

}  // namespace

StoreResult<OpenedStore> OpenStore(const NodeOptions& options, Log& log, Registry& registry) {
  if (!options.data_directory) {
    return OpenedStore{.store = std::make_unique<MemoryStore>(),
                       .labels = WantedLabels(options)};
  }
  const ArnLabels wanted = WantedLabels(options);
  RocksDbOptions rocksdb;
  rocksdb.directory = *options.data_directory;
  rocksdb.creating_version = kVersion;
  rocksdb.region = wanted.region;
  rocksdb.account_id = wanted.account_id;
  if (!options.addresses.empty()) {
    rocksdb.endpoint = FormatListenAddress(options.addresses.front());
  }
  rocksdb.memory_bytes = options.memory_bytes;
  rocksdb.durability = options.is_relaxed ? Durability::kRelaxed : Durability::kAlways;
  rocksdb.metrics = &registry;
  rocksdb.on_fatal = [&log](const Status& status) { EndProcess(status, log); };
  rocksdb.on_warning = [&log](std::string_view warning) {
    log.Write(LogLevel::kWarning, "recovery", warning);
  };
  GRAMME_TRY(auto store, RocksDbStore::Open(rocksdb));
  const StoreIdentity identity = store->identity();
  GRAMME_RETURN_IF_ERROR(CheckLabel("region", options.region, identity.region));
  GRAMME_RETURN_IF_ERROR(CheckLabel("account id", options.account_id, identity.account_id));
  return OpenedStore{.store = std::move(store),
                     .labels = {.region = identity.region, .account_id = identity.account_id}};
}

}  // namespace gramme
