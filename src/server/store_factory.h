// Opens the store that the options ask for: in memory, or on disk by RocksDB.

#ifndef GRAMME_SERVER_STORE_FACTORY_H_
#define GRAMME_SERVER_STORE_FACTORY_H_

#include <memory>
#include <string>

#include "base/status.h"
#include "metrics/registry.h"
#include "model/arn.h"
#include "server/log.h"
#include "server/node_options.h"
#include "storage/store.h"

namespace gramme {

struct OpenedStore {
  std::unique_ptr<Store> store;
  ArnLabels labels;  // the directory's own, where it has some
};

// Log, registry and the system clock outlive the store. When the log of the store fails the process
// ends at once, with exit code 6 (5 for damage): recovery decides what holds. Errors: the store's,
// and kUnavailable where the directory was created with other labels than the options ask for.
StoreResult<OpenedStore> OpenStore(const NodeOptions& options, Log& log, Registry& registry);

}  // namespace gramme

#endif  // GRAMME_SERVER_STORE_FACTORY_H_
