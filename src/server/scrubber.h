// Scrubber: scrubs a node in the background, pass after pass (scrub_pass.h), with at most a fifth
// of one core: after each slice of work it rests four times as long as that took.
//
// A finding is an event of the log and counted; it never stops anything. Neither a restart nor a
// pass that could not go on is remembered: the next pass looks at everything again.

#ifndef GRAMME_SERVER_SCRUBBER_H_
#define GRAMME_SERVER_SCRUBBER_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/executor.h"
#include "metrics/registry.h"
#include "server/log.h"
#include "server/scrub_pass.h"

namespace gramme {

struct ScrubberParts {
  Store& store;
  const Catalog& catalog;
  const BackupStorage& backups;
  Executor& executor;
  Clock& clock;
  Registry& registry;
  Log& log;
};

struct ScrubberOptions {
  Duration delay{0};  // until the first pass
  // From the end of a pass to the start of the next one.
  Duration interval = std::chrono::hours(24);
};

// Runs on the executor, which stops before it goes.
class Scrubber {
 public:
  // A slice of work ends with the step that takes it past this.
  static constexpr Duration kSlice = std::chrono::milliseconds(20);
  // Rest for each part of work.
  static constexpr int kRestFactor = 4;
  // Findings of one pass that are told one by one; the others are counted.
  static constexpr std::uint64_t kLoggedFindingCountMax = 100;

  Scrubber(const ScrubberParts& parts, const ScrubberOptions& options);
  Scrubber(const Scrubber&) = delete;
  Scrubber& operator=(const Scrubber&) = delete;

  // Begins. Once.
  void Start();

 private:
  void RunSlice();
  void Report(const ScrubFinding& finding);
  void EndPass(const std::optional<Status>& failure);

  const ScrubberParts parts_;
  const ScrubberOptions options_;
  std::optional<ScrubPass> pass_;
  Gauge& running_;
  Gauge& last_end_;
  Counter& bytes_;
  Counter& findings_;
};

}  // namespace gramme

#endif  // GRAMME_SERVER_SCRUBBER_H_
