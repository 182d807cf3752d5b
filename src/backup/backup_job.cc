#include "backup/backup_job.h"

#include <optional>
#include <utility>

#include "backup/backup_reader.h"
#include "backup/read_back.h"
#include "base/planted_bug.h"
#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

constexpr std::uint8_t kStateVersion = 1;  // part of the format

StoreResult<std::string> BackupIdOf(const Job& job) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(job.state, kStateVersion));
  std::string backup_id(in.Bytes());
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return backup_id;
}

// Nothing: the job has come to its end, and only its own record was not removed.
StoreResult<std::optional<BackupRecord>> ReadRecord(Store& store, std::string_view backup_id) {
  const Key key = BackupRecordKey(backup_id);
  GRAMME_TRY(const auto view, store.OpenView(store.GroupOf(key), ReadTier::kDisk));
  GRAMME_TRY(const std::optional<std::string> bytes, view->Get(key));
  if (!bytes) return std::nullopt;
  GRAMME_TRY(BackupRecord record, DecodeBackupRecord(*bytes));
  return record;
}

}  // namespace

struct BackupJobs::Work {
  enum class Phase { kBegin, kCopy, kVerify, kEnd, kImageIsGone, kOver };

  Phase phase = Phase::kBegin;
  std::string backup_id;
  BackupDescription backup;
  std::string image_id;
  // The image, one view for each group, in the order of their placements: so in key order.
  std::vector<std::unique_ptr<View>> views;
  std::size_t view_index = 0;
  std::optional<std::string> last_key;  // copied from the view
  std::unique_ptr<BackupDraft> draft;
  std::unique_ptr<BackupWriter> writer;
  std::unique_ptr<ReadBack> read_back;
  std::optional<BackupManifest> manifest;
  std::unique_ptr<BackupVerifier> verifier;  // of a backup that was published before
  bool is_told = false;

  // Closes the draft; what reads it first.
  void CloseDraft() {
    read_back.reset();
    writer.reset();
    draft.reset();
  }
};

BackupJobs::BackupJobs(Store& store, BackupStorage& storage, const BackupJobOptions& options,
                       EndListener on_end)
    : store_(store), storage_(storage), options_(options), on_end_(std::move(on_end)) {}

BackupJobs::~BackupJobs() = default;

std::string BackupJobs::StateOf(std::string_view backup_id) {
  RecordWriter out(kStateVersion);
  out.Bytes(backup_id);
  return std::move(out).Finish();
}

std::shared_ptr<BackupJobs::Work> BackupJobs::WorkOf(const std::string& job_id) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Work>& work = works_[job_id];
  if (work == nullptr) work = std::make_shared<Work>();
  return work;
}

// Whatever fails, the next step begins again from the image: a half-written draft is of no use.
StoreResult<StepOutcome> BackupJobs::Step(Job& job) {
  const std::shared_ptr<Work> work = WorkOf(job.id);
  auto outcome = Continue(*work, job);
  if (outcome == StepOutcome::kMore) return outcome;
  if (!outcome && (work->phase == Work::Phase::kEnd || work->phase == Work::Phase::kImageIsGone)) {
    return outcome;
  }
  const std::string backup_id = work->backup_id;
  work->CloseDraft();
  *work = Work();
  if (!outcome && !backup_id.empty()) {
    // Its space may be what is missing. Begin removes it otherwise.
    static_cast<void>(storage_.RemoveAbandoned(backup_id));
  }
  const std::lock_guard lock(mutex_);
  if (const auto found = works_.find(job.id); found != works_.end()) works_.erase(found);
  return outcome;
}

StoreResult<StepOutcome> BackupJobs::Continue(Work& work, Job& job) {
  switch (work.phase) {
    case Work::Phase::kBegin: GRAMME_RETURN_IF_ERROR(Begin(work, job)); break;
    case Work::Phase::kOver: return StepOutcome::kDone;
    case Work::Phase::kCopy: GRAMME_RETURN_IF_ERROR(Copy(work, job)); break;
    case Work::Phase::kVerify: GRAMME_RETURN_IF_ERROR(Verify(work)); break;
    case Work::Phase::kEnd: GRAMME_RETURN_IF_ERROR(End(work, job)); return StepOutcome::kDone;
    case Work::Phase::kImageIsGone:
      GRAMME_RETURN_IF_ERROR(GiveUp(work, job));
      return StepOutcome::kDone;
  }
  return StepOutcome::kMore;
}

StoreResult<void> BackupJobs::Begin(Work& work, Job& job) {
  GRAMME_TRY(work.backup_id, BackupIdOf(job));
  job.items_done = 0;
  job.bytes_done = 0;
  GRAMME_TRY(std::optional<BackupRecord> record, ReadRecord(store_, work.backup_id));
  if (!record) {
    work.phase = Work::Phase::kOver;
    return {};
  }
  work.image_id = std::move(record->image_id);
  GRAMME_TRY(const auto published, storage_.ReadManifest(work.backup_id));
  if (published) {
    auto manifest = DecodeManifest(*published);
    // Nobody has been told that it is whole, so it may be made again.
    if (!manifest) return storage_.Remove(work.backup_id);
    work.manifest = *std::move(manifest);
    work.verifier = std::make_unique<BackupVerifier>(storage_, *work.manifest);
    work.phase = Work::Phase::kVerify;
    return {};
  }
  work.backup = std::move(record->backup);
  GRAMME_RETURN_IF_ERROR(OpenViews(work));
  GRAMME_TRY(work.draft, storage_.Begin(work.backup_id));
  work.writer = std::make_unique<BackupWriter>(*work.draft, options_.writer);
  work.read_back = std::make_unique<ReadBack>(
      storage_, *work.draft, work.backup_id, std::make_shared<const Table>(work.backup.table),
      options_.step_bytes, options_.helper);
  work.phase = Work::Phase::kCopy;
  return {};
}

StoreResult<void> BackupJobs::OpenViews(Work& work) {
  work.views.clear();
  for (const Group& group : store_.Groups(KeyspaceId{work.backup.table.keyspace})) {
    GRAMME_TRY(auto view, BugIsPlanted("backup_from_live_view")
                              ? store_.OpenView(group.id, ReadTier::kDisk)
                              : store_.OpenImage(work.image_id, group.id));
    if (view == nullptr) {
      // Said once, as the failure of this step; the next one gives up.
      work.phase = Work::Phase::kImageIsGone;
      return StoreError(StatusCode::kCorruption,
                        "backup " + work.backup_id + " cannot be completed: its image is gone");
    }
    work.views.push_back(std::move(view));
  }
  return {};
}

StoreResult<void> BackupJobs::Copy(Work& work, Job& job) {
  std::uint64_t copied = 0;
  while (copied < options_.step_bytes && work.view_index < work.views.size()) {
    KeyRange range;
    if (work.last_key) range.start = *work.last_key + '\0';
    StoreResult<void> added;
    bool is_stopped = false;
    const auto visit = [&](std::string_view key, std::string_view value) {
      added = work.writer->Add(key, value);
      copied += key.size() + value.size();
      is_stopped = !added || copied >= options_.step_bytes;
      if (is_stopped) work.last_key = key;
      return is_stopped ? ScanStep::kStop : ScanStep::kContinue;
    };
    GRAMME_RETURN_IF_ERROR(work.views[work.view_index]->Scan(
        KeyspaceId{work.backup.table.keyspace}, range, Direction::kForward, visit));
    GRAMME_RETURN_IF_ERROR(added);
    if (is_stopped) continue;
    work.last_key.reset();
    ++work.view_index;
  }
  job.items_done = static_cast<std::uint64_t>(work.writer->counts().items);
  job.bytes_done = static_cast<std::uint64_t>(work.writer->counts().bytes);
  if (work.view_index == work.views.size()) {
    GRAMME_TRY(work.manifest, work.writer->FinishFiles(work.backup));
    work.phase = Work::Phase::kVerify;
  }
  for (BackupFile& file : work.writer->TakeEnded()) work.read_back->Add(std::move(file));
  return {};
}

StoreResult<void> BackupJobs::Verify(Work& work) {
  if (work.verifier != nullptr) return VerifyPublished(work);
  GRAMME_TRY(const bool is_all, work.read_back->Help());
  if (!is_all) return {};
  GRAMME_TRY(work.manifest->data_files, work.read_back->Finish(*work.manifest));
  GRAMME_TRY(work.backup, ReadDefinitions(storage_, *work.manifest));
  GRAMME_RETURN_IF_ERROR(work.draft->Publish(EncodeManifest(*work.manifest)));
  work.CloseDraft();
  work.views.clear();
  work.phase = Work::Phase::kEnd;
  return {};
}

StoreResult<void> BackupJobs::VerifyPublished(Work& work) {
  const auto is_done = work.verifier->Step(options_.step_bytes);
  if (!is_done) {
    if (is_done.error().code() == StatusCode::kCorruption) {
      GRAMME_RETURN_IF_ERROR(storage_.Remove(work.backup_id));
    }
    return std::unexpected(is_done.error());
  }
  if (!*is_done) return {};
  work.backup = work.verifier->description();
  work.phase = Work::Phase::kEnd;
  return {};
}

StoreResult<void> BackupJobs::End(Work& work, const Job& job) {
  GRAMME_RETURN_IF_ERROR(RemoveBackupRecord(store_, work.backup_id, job.id));
  // Once: it may be deleted from now on.
  if (!std::exchange(work.is_told, true)) on_end_(work.backup_id, &work.backup);
  return ReleaseBackupImage(store_, work.image_id);
}

StoreResult<void> BackupJobs::GiveUp(Work& work, const Job& job) {
  work.views.clear();
  GRAMME_RETURN_IF_ERROR(RemoveBackupRecord(store_, work.backup_id, job.id));
  on_end_(work.backup_id, nullptr);
  GRAMME_RETURN_IF_ERROR(storage_.RemoveAbandoned(work.backup_id));
  return ReleaseBackupImage(store_, work.image_id);
}

}  // namespace gramme
