// Job: work that outlives the request that asked for it: a backfill, a backup, a restore, a drop. A
// value; its durable record is written in the same batch as the change that asked for it.

#ifndef GRAMME_TABLE_JOBS_JOB_H_
#define GRAMME_TABLE_JOBS_JOB_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"
#include "storage/key.h"

namespace gramme {

struct Job {
  std::string id;       // UUID
  std::string kind;     // which handler runs it: `index-backfill`, `table-drop`, …
  std::string subject;  // the name or ARN people know it by
  std::string state;    // the handler's own: what it works on and how far it is
  WallTime creation_time{};
  std::uint64_t items_done = 0;
  std::uint64_t items_total = 0;  // 0: not known
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
};

std::string EncodeJob(const Job& job);
// Errors: kCorruption.
StoreResult<Job> DecodeJob(std::string_view bytes);

// Where its record is kept.
Key JobKey(std::string_view job_id);

}  // namespace gramme

#endif  // GRAMME_TABLE_JOBS_JOB_H_
