// Jobs: runs every job of this server, one bounded step at a time, on an Executor.
//
// A job begins as a record in the batch of the change that asks for it (AddTo), and runs once that
// change is durable (Start). After a crash Resume finds the records and goes on. A step does its
// own Updates and is safe to repeat: it may have happened already when it runs again. When a step
// says kDone the record is removed; a handler that must end in the same commit as its last effect
// puts RemoveFrom into that batch.
//
// Thread-safe. Steps of one job never overlap; steps of different jobs may.

#ifndef GRAMME_TABLE_JOBS_JOBS_H_
#define GRAMME_TABLE_JOBS_JOBS_H_

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "base/random.h"
#include "base/status.h"
#include "storage/store.h"
#include "table/jobs/job.h"

namespace gramme {

enum class StepOutcome {
  kMore,   // another step, at once; the job's changed fields are saved
  kLater,  // another step after kRetryDelay; for what must wait
  kDone,   // nothing left to do
};

class Jobs {
 public:
  // One step: at most some milliseconds of work. After an error it is tried again, after
  // kRetryDelay at first and up to kRetryDelayMax while it goes on failing: a job gives up only by
  // saying kDone.
  using Step = std::function<StoreResult<StepOutcome>(Job& job)>;
  // Told of every failed step: the job and why. For the log.
  using FailureListener = std::function<void(const Job& job, const Status& status)>;

  static constexpr Duration kRetryDelay = std::chrono::milliseconds(100);
  static constexpr Duration kRetryDelayMax = std::chrono::seconds(10);

  // Keeps the references; all outlive it.
  Jobs(Store& store, Executor& executor, Clock& clock, Random& random);
  // Stops as Stop() does.
  ~Jobs();

  // Before Resume and Start.
  void Register(std::string kind, Step step);
  void OnFailure(FailureListener listener);

  // A new job of a registered kind, not yet recorded anywhere.
  Job NewJob(std::string_view kind, std::string_view subject, std::string state) const;

  // Its record, for the batch of the change that asks for it, or that it makes.
  static void AddTo(WriteBatch& batch, const Job& job);
  static void RemoveFrom(WriteBatch& batch, const Job& job);

  // Begins running a job whose record is queued: the first step runs once `position` is durable
  // and `delay` has passed. If it never is durable, the job is forgotten. Again: no effect.
  void Start(Job job, const Position& position, Duration delay = Duration(0));

  // Finds every recorded job and runs it. Once, when everything is registered. Errors: the store's.
  StoreResult<void> Resume();

  // What is running or waiting, oldest first.
  std::vector<Job> List() const;
  bool IsRunning(std::string_view job_id) const;

  // No further step begins; waits for those that run. The records stay. Idempotent.
  void Stop();

 private:
  struct Running {
    Job job;
    int failure_count = 0;  // since the last step that succeeded
  };

  void Schedule(const std::string& job_id, Duration delay);
  void RunStep(const std::string& job_id);
  StoreResult<StepOutcome> TakeStep(Job& job);
  StoreResult<void> SaveOrRemove(const Job& job, bool remove);

  Store& store_;
  Executor& executor_;
  Clock& clock_;
  Random& random_;
  FailureListener on_failure_;
  std::map<std::string, Step, std::less<>> steps_;

  // What posted tasks share with this object, so that a task that outlives it does nothing.
  struct Life {
    std::mutex mutex;
    bool over = false;
  };
  std::shared_ptr<Life> life_ = std::make_shared<Life>();

  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::map<std::string, Running, std::less<>> running_;
  int steps_active_ = 0;
  bool stopping_ = false;
};

}  // namespace gramme

#endif  // GRAMME_TABLE_JOBS_JOBS_H_
