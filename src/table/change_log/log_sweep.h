// The sweep of change logs: removes what nobody may ask for any more. Streams ask for the
// retention: for records of younger commits, for a closed shard as long after it was closed, for a
// stream that was disabled, or whose table was deleted, as long after that. Point-in-time recovery
// asks for every record since its log start. What either asks for stays.
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

// For a job: waits for the disk. Errors: the first one met, of the store or kCorruption. Each log
// is swept for itself: what is wrong with one (a damaged record of a stream leaves all of its
// table's logs as they are) does not keep the others from being swept.
StoreResult<LogSweep> SweepChangeLogs(Store& store, Catalog& catalog, WallTime now,
                                      Duration retention = kStreamRetention);

}  // namespace gramme

#endif  // GRAMME_TABLE_CHANGE_LOG_LOG_SWEEP_H_
