#include "table/jobs/jobs.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/result.h"

namespace gramme {

Jobs::Jobs(Store& store, Executor& executor, Clock& clock, Random& random)
    : store_(store), executor_(executor), clock_(clock), random_(random) {}

Jobs::~Jobs() {
  Stop();
  const std::lock_guard lock(life_->mutex);
  life_->over = true;
}

void Jobs::Register(std::string kind, Step step) {
  steps_.insert_or_assign(std::move(kind), std::move(step));
}

void Jobs::OnFailure(FailureListener listener) { on_failure_ = std::move(listener); }

Job Jobs::NewJob(std::string_view kind, std::string_view subject, std::string state) const {
  GRAMME_CHECK(steps_.contains(kind), "a job of an unregistered kind");
  return {.id = NewUuid(random_),
          .kind = std::string(kind),
          .subject = std::string(subject),
          .state = std::move(state),
          .creation_time = clock_.WallNow()};
}

void Jobs::AddTo(WriteBatch& batch, const Job& job) { batch.Put(JobKey(job.id), EncodeJob(job)); }

void Jobs::RemoveFrom(WriteBatch& batch, const Job& job) { batch.Delete(JobKey(job.id)); }

void Jobs::Start(Job job, const Position& position, Duration delay) {
  const std::string id = job.id;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || running_.contains(id)) return;
    running_.emplace(id, Running{.job = std::move(job)});
  }
  store_.Release(position, [this, life = life_, id, delay](StoreResult<void> durable) {
    const std::lock_guard life_lock(life->mutex);
    if (life->over) return;
    if (durable) {
      Schedule(id, delay);
    } else {
      const std::lock_guard lock(mutex_);
      running_.erase(id);
    }
  });
}

StoreResult<void> Jobs::Resume() {
  std::vector<Job> found;
  StoreResult<void> decoded;
  {
    GRAMME_TRY(const auto view, store_.OpenView(store_.GroupOf(JobKey("")), ReadTier::kDisk));
    const auto visit = [&](std::string_view, std::string_view value) {
      auto job = DecodeJob(value);
      if (!job) {
        decoded = std::unexpected(job.error());
        return ScanStep::kStop;
      }
      found.push_back(*std::move(job));
      return ScanStep::kContinue;
    };
    GRAMME_RETURN_IF_ERROR(view->Scan(kJobKeyspace, {}, Direction::kForward, visit));
  }
  GRAMME_RETURN_IF_ERROR(decoded);
  for (Job& job : found) {
    const std::string id = job.id;
    {
      const std::lock_guard lock(mutex_);
      // Its steps would overlap.
      if (!running_.try_emplace(id, Running{.job = std::move(job)}).second) continue;
    }
    Schedule(id, Duration(0));
  }
  return {};
}

std::vector<Job> Jobs::List() const {
  std::vector<Job> jobs;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, running] : running_) jobs.push_back(running.job);
  }
  std::ranges::stable_sort(jobs, {}, &Job::creation_time);
  return jobs;
}

bool Jobs::IsRunning(std::string_view job_id) const {
  const std::lock_guard lock(mutex_);
  return running_.contains(job_id);
}

void Jobs::Stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  idle_.wait(lock, [this] { return steps_active_ == 0; });
}

void Jobs::Schedule(const std::string& job_id, Duration delay) {
  const auto run = [this, life = life_, job_id] {
    {
      const std::lock_guard life_lock(life->mutex);
      if (life->over) return;
      // Counted while the life is locked, so that the destructor waits for the step.
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      ++steps_active_;
    }
    RunStep(job_id);
    const std::lock_guard lock(mutex_);
    --steps_active_;
    idle_.notify_all();
  };
  if (delay > Duration(0)) {
    executor_.PostAfter(delay, run);
  } else {
    executor_.Post(run);
  }
}

void Jobs::RunStep(const std::string& job_id) {
  Job job;
  {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(job_id);
    if (found == running_.end()) return;
    job = found->second.job;
  }
  const StoreResult<StepOutcome> outcome = TakeStep(job);
  Duration delay = kRetryDelay;
  if (!outcome && on_failure_) on_failure_(job, outcome.error());
  {
    const std::lock_guard lock(mutex_);
    if (outcome == StepOutcome::kDone) {
      running_.erase(job_id);
      return;
    }
    Running& running = running_[job_id];
    if (outcome) {
      running = {.job = std::move(job)};
      if (*outcome == StepOutcome::kMore) delay = Duration(0);
    } else {
      for (int i = 0; i < running.failure_count && delay < kRetryDelayMax; ++i) delay *= 2;
      delay = std::min(delay, kRetryDelayMax);
      ++running.failure_count;
    }
  }
  Schedule(job_id, delay);
}

// A record is saved after the step's effects and before the next step's, so a crash repeats at most
// one step.
StoreResult<StepOutcome> Jobs::TakeStep(Job& job) {
  const auto step = steps_.find(job.kind);
  if (step == steps_.end()) {
    return StoreError(StatusCode::kUnavailable, "no handler for jobs of kind " + job.kind);
  }
  const std::string before = EncodeJob(job);
  GRAMME_TRY(const StepOutcome outcome, step->second(job));
  if (outcome == StepOutcome::kDone) {
    GRAMME_RETURN_IF_ERROR(SaveOrRemove(job, true));
  } else if (EncodeJob(job) != before) {
    GRAMME_RETURN_IF_ERROR(SaveOrRemove(job, false));
  }
  return outcome;
}

// A saved record need not be durable: the next one holds what it held. That it is gone must be, for
// nothing would remove it any more.
StoreResult<void> Jobs::SaveOrRemove(const Job& job, bool remove) {
  const Key key = JobKey(job.id);
  const auto decide = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    // A record that is gone was removed in the commit of its last effect.
    if (!values[0]) return std::nullopt;
    WriteBatch batch;
    remove ? RemoveFrom(batch, job) : AddTo(batch, job);
    return batch;
  };
  GRAMME_TRY(const UpdateOutcome outcome, store_.Update({&key, 1}, {}, UpdateOptions{}, decide));
  return remove ? store_.Await(outcome.position) : StoreResult<void>();
}

}  // namespace gramme
