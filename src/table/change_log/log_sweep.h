// The sweep of change logs: removes what no reader may ask for any more. Records go when their
// commit is older than the retention; a closed shard goes the retention after it was closed; a
// stream that was disabled, or whose table was deleted, goes with its log the retention after that.
//
// Safe to repeat and to be cut off anywhere: what is left is found by the next sweep.

#ifndef GRAMME_TABLE_CHANGE_LOG_LOG_SWEEP_H_
#define GRAMME_TABLE_CHANGE_LOG_LOG_SWEEP_H_

#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "base/status.h"
#include "storage/store.h"
#include "table/catalog.h"

namespace gramme {

// How long streams keep what happened, after they are disabled too. DynamoDB's figure.
inline constexpr Duration kStreamRetention = std::chrono::hours(24);

struct LogSweep {
  std::size_t trimmed_shard_count = 0;
  std::size_t removed_stream_count = 0;
  std::uint64_t log_bytes = 0;  // on disk, of the logs that are left, approximately
};

// For a job: waits for the disk. Errors: the store's; what was done until then stays done.
StoreResult<LogSweep> SweepChangeLogs(Store& store, Catalog& catalog, WallTime now,
                                      Duration retention = kStreamRetention);

}  // namespace gramme

#endif  // GRAMME_TABLE_CHANGE_LOG_LOG_SWEEP_H_
