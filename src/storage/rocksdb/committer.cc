#include "storage/rocksdb/committer.h"

#include <fmt/format.h>
#include <rocksdb/perf_level.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/planted_bug.h"
#include "base/result.h"
#include "storage/rocksdb/key_locks.h"
#include "storage/rocksdb/rocksdb_status.h"

namespace gramme {
namespace {

// How old the watermark may be after a loss of power.
constexpr Duration kWatermarkSyncInterval = std::chrono::seconds(1);
constexpr Duration kResumeInterval = std::chrono::milliseconds(500);
constexpr Duration kIdlePatience = std::chrono::seconds(60);

}  // namespace

Committer::Committer(CommitterParts parts)
    : parts_(std::move(parts)),
      builder_(*parts_.db, parts_.state.next_keyspace),
      commit_number_(parts_.state.commit_number),
      commit_time_(parts_.state.commit_time) {
  Publish();
}

Committer::~Committer() {
  if (thread_.joinable()) {
    parts_.queue.Close();
    thread_.join();
  }
}

void Committer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Committer::Run() {
  // RocksDB counts each comparison of two keys, for nobody.
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  while (true) {
    std::optional<Round> round = parts_.queue.Take(Patience());
    const bool took_any = round.has_value();
    if (took_any) Commit(*round);
    if (took_any && failed_) parts_.queue.Keep(*std::move(round));
    DoDueWork();
    if (!took_any && parts_.queue.Finished()) return;
  }
}

void Committer::Commit(const Round& round) {
  const MonotonicTime started = SystemClock().MonotonicNow();
  const StoreResult<rocksdb::WriteBatch*> batch = builder_.Build(round);
  if (!batch) return Fail(batch.error());
  if (BugIsPlanted("answer_before_sync")) parts_.gate.Advance(round.commits.back()->number);
  const bool synced = parts_.durability == Durability::kAlways;
  rocksdb::WriteOptions options;
  options.sync = synced && !BugIsPlanted("sync_off");
  const rocksdb::Status status = parts_.db->Write(options, *batch);
  if (!status.ok()) {
    if (!status.IsNoSpace() || parts_.log_guard->sync_failed()) {
      return Fail(FromRocksDb(status, "writing the log"));
    }
    log_failed_ = true;
    builder_.Forget();
    parts_.metrics.NoteOutOfSpace();
    return parts_.queue.FailForSpace(round);
  }
  NoteCommitted(round, synced);
  parts_.metrics.NoteRound(round, SystemClock().MonotonicNow() - started);
}

void Committer::NoteCommitted(const Round& round, bool synced) {
  commit_number_ = round.commits.back()->number;
  commit_time_ = round.commits.back()->time;
  if (synced) {
    if (const auto written = WriteWatermark(/*clean_stop=*/false); !written) {
      return Fail(written.error());
    }
  } else {
    unsynced_ = true;
  }
  const bool is_told_late = BugIsPlanted("cache_told_late");
  if (!is_told_late) NoteWrites(round);
  Publish();
  parts_.queue.Complete(round);
  if (is_told_late) NoteWrites(round);
}

void Committer::NoteWrites(const Round& round) {
  const std::uint64_t number = round.commits.back()->number;
  for (const auto& commit : round.commits) {
    if (commit->removal) parts_.values.NoteRemoval(commit->removal->keyspace, number);
    for (const QueuedWrite& write : std::as_const(*commit).writes()) {
      parts_.values.NoteWrite(write.hash, number);
    }
    for (const WriteBatch::Operation& operation : commit->batch.operations()) {
      if (const auto* added = std::get_if<AddOperation>(&operation)) {
        parts_.values.NoteWrite(HashKey(added->counter.keyspace, added->counter.bytes), number);
      }
    }
  }
}

void Committer::Publish() {
  auto fresh = std::make_shared<const PublishedView>(parts_.db, commit_number_, commit_time_);
  // The old one may end here: outside the lock, since that takes RocksDB's own.
  const std::lock_guard lock(published_mutex_);
  published_.swap(fresh);
}

std::shared_ptr<const PublishedView> Committer::Published() const {
  const std::lock_guard lock(published_mutex_);
  return published_;
}

StoreResult<void> Committer::WriteWatermark(bool clean_stop) {
  watermark_dirty_ = true;
  return parts_.watermark->Write({.commit_number = commit_number_,
                                  .sequence = parts_.db->GetLatestSequenceNumber(),
                                  .clean_stop = clean_stop,
                                  .relaxed = parts_.durability == Durability::kRelaxed,
                                  .boot_id = parts_.boot_id});
}

Duration Committer::Patience() const {
  if (parts_.queue.out_of_space() || parts_.log_guard->stands_still()) return kResumeInterval;
  if (unsynced_) return parts_.flush_interval;
  return watermark_dirty_ ? kWatermarkSyncInterval : kIdlePatience;
}

StoreResult<void> Committer::SyncRelaxed() {
  // A synced write of the last commit's record makes everything before it in the log durable.
  rocksdb::WriteOptions options;
  options.sync = true;
  GRAMME_RETURN_IF_ERROR(
      CheckRocksDb(parts_.db->Put(options, LastCommitKey(), LastCommit()), "syncing the log"));
  unsynced_ = false;
  return WriteWatermark(/*clean_stop=*/false);
}

bool Committer::TryToResume() {
  const bool stood_still = parts_.log_guard->TakeStandstill();
  if (!stood_still && !parts_.queue.out_of_space()) return true;
  // Nothing of a failed append is readable, and RocksDB goes on in a fresh log.
  const auto resume = [&] { return log_failed_ ? ResumeInFreshLog() : parts_.db->Resume().ok(); };
  if (!parts_.log_guard->sync_failed() && resume()) {
    log_failed_ = false;
    parts_.queue.ResumeForSpace();
    return true;
  }
  if (stood_still) parts_.log_guard->NoteStandstill();
  return false;
}

// RocksDB 7.8 leaves the log in which a write has failed only where there is something to flush,
// and aborts when it touches that log again. What is put here past the log is flushed by the second
// call, which is no idle one: after the first, RocksDB still takes itself for stopped.
bool Committer::ResumeInFreshLog() {
  rocksdb::WriteOptions past_the_log;
  past_the_log.disableWAL = true;
  return parts_.db->Resume().ok() &&
         parts_.db->Put(past_the_log, LastCommitKey(), LastCommit()).ok() &&
         parts_.db->Resume().ok();
}

std::string Committer::LastCommit() const {
  const std::array<std::uint64_t, 2> fields = {
      commit_number_, static_cast<std::uint64_t>(commit_time_.time_since_epoch().count())};
  return EncodeStoreRecord(fields);
}

void Committer::DoDueWork() {
  if (failed_) return;
  if (!TryToResume() && parts_.queue.out_of_space()) return;
  const MonotonicTime now = SystemClock().MonotonicNow();
  if (unsynced_ && now - log_synced_at_ >= parts_.flush_interval) {
    log_synced_at_ = now;
    if (const auto done = SyncRelaxed(); !done) {
      if (done.error().code() != StatusCode::kOutOfSpace) return Fail(done.error());
      log_failed_ = true;
    }
  }
  if (watermark_dirty_ && now - watermark_synced_at_ >= kWatermarkSyncInterval) {
    watermark_synced_at_ = now;
    watermark_dirty_ = false;
    if (const auto synced = parts_.watermark->Sync(); !synced) return Fail(synced.error());
  }
}

void Committer::Fail(const Status& status) {
  if (failed_.exchange(true)) return;
  parts_.queue.Fail(status);
  if (parts_.on_fatal) parts_.on_fatal(status);
  parts_.gate.Stop(Status(StatusCode::kUnknown, "the log has failed: " + status.message()));
}

StoreResult<void> Committer::Stop() {
  if (thread_.joinable()) thread_.join();
  {
    const std::lock_guard lock(published_mutex_);
    published_.reset();
  }
  if (failed_) return StoreError(StatusCode::kIoError, "the log has failed");
  parts_.gate.Stop(Status(StatusCode::kUnavailable, "the store is closed"));
  if (parts_.queue.out_of_space()) return StoreError(StatusCode::kOutOfSpace, "the disk is full");
  if (unsynced_) GRAMME_RETURN_IF_ERROR(SyncRelaxed());
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(parts_.db->Flush(rocksdb::FlushOptions()), "flushing"));
  GRAMME_RETURN_IF_ERROR(WriteWatermark(/*clean_stop=*/true));
  return parts_.watermark->Sync();
}

void Committer::LetGo() {
  parts_.watermark.reset();
  parts_.db.reset();
}

}  // namespace gramme
