#include "backup/read_back.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "backup/backup_reader.h"
#include "base/result.h"

namespace gramme {
namespace {

// One file. Used by one thread at a time.
class FileCheck {
 public:
  FileCheck(std::string backup_id, BackupFile file, TableRef table)
      : file_(std::move(file)), items_(std::move(table), ItemDepth::kKeys) {
    alone_.id = std::move(backup_id);
    alone_.data_files = {file_};
  }
  FileCheck(const FileCheck&) = delete;
  FileCheck& operator=(const FileCheck&) = delete;

  // True when the file is checked.
  StoreResult<bool> Step(const BackupStorage& storage, BackupDraft& draft,
                         std::uint64_t step_bytes) {
    if (!cursor_) {
      GRAMME_RETURN_IF_ERROR(draft.Finish(file_.name));
      cursor_.emplace(storage, alone_);
    }
    for (std::uint64_t done = 0; done < step_bytes;) {
      GRAMME_TRY(const auto block, cursor_->Next());
      if (!block) {
        file_.sha256 = cursor_->last_sha256();
        return true;
      }
      GRAMME_RETURN_IF_ERROR(items_.Check(*block));
      done += block->byte_count;
    }
    return false;
  }

  const BackupFile& file() const { return file_; }
  const ItemCheck& items() const { return items_; }

 private:
  BackupFile file_;
  BackupManifest alone_;
  ItemCheck items_;
  std::optional<BackupCursor> cursor_;  // borrows `alone_`
};

enum class Phase { kWaiting, kTaken, kChecked };

struct CheckedFile {
  CheckedFile(std::string backup_id, BackupFile file, TableRef table)
      : check(std::move(backup_id), std::move(file), std::move(table)) {}

  FileCheck check;
  Phase phase = Phase::kWaiting;
};

}  // namespace

struct ReadBack::State {
  const BackupStorage& storage;
  BackupDraft& draft;
  const std::string backup_id;
  const TableRef table;
  const std::uint64_t step_bytes;
  Executor* const helper;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::unique_ptr<CheckedFile>> files;
  std::optional<Status> failure;
  bool is_task_posted = false;
  bool is_over = false;

  // The functions below need the mutex.

  CheckedFile* FindIn(Phase phase) {
    const auto found =
        std::ranges::find(files, phase, [](const auto& file) { return file->phase; });
    return found == files.end() ? nullptr : found->get();
  }

  // Leaves the mutex for as long as it works.
  void StepOn(CheckedFile& file, std::unique_lock<std::mutex>& lock) {
    file.phase = Phase::kTaken;
    lock.unlock();
    const auto is_checked = file.check.Step(storage, draft, step_bytes);
    lock.lock();
    file.phase = is_checked && *is_checked ? Phase::kChecked : Phase::kWaiting;
    if (!is_checked && !failure) failure = is_checked.error();
    changed.notify_all();
  }
};

ReadBack::ReadBack(const BackupStorage& storage, BackupDraft& draft, std::string backup_id,
                   TableRef table, std::uint64_t step_bytes, Executor* helper)
    : state_(new State{.storage = storage,
                       .draft = draft,
                       .backup_id = std::move(backup_id),
                       .table = std::move(table),
                       .step_bytes = step_bytes,
                       .helper = helper}) {}

ReadBack::~ReadBack() {
  std::unique_lock lock(state_->mutex);
  state_->is_over = true;
  state_->changed.wait(lock, [this] { return state_->FindIn(Phase::kTaken) == nullptr; });
}

void ReadBack::Add(BackupFile file) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->files.push_back(
        std::make_unique<CheckedFile>(state_->backup_id, std::move(file), state_->table));
    if (state_->helper == nullptr || std::exchange(state_->is_task_posted, true)) return;
  }
  state_->helper->Post([state = state_] { RunTask(state); });
}

void ReadBack::RunTask(const std::shared_ptr<State>& state) {
  {
    std::unique_lock lock(state->mutex);
    CheckedFile* const file = state->FindIn(Phase::kWaiting);
    if (state->is_over || state->failure || file == nullptr) {
      state->is_task_posted = false;
      return;
    }
    state->StepOn(*file, lock);
  }
  state->helper->Post([state] { RunTask(state); });
}

StoreResult<bool> ReadBack::Help() {
  std::unique_lock lock(state_->mutex);
  CheckedFile* const file = state_->FindIn(Phase::kWaiting);
  if (!state_->failure && file != nullptr) {
    state_->StepOn(*file, lock);
  } else {
    // Each file that is left is being read by a task, which will say so.
    state_->changed.wait(lock, [this] {
      return state_->failure || state_->FindIn(Phase::kTaken) == nullptr ||
             state_->FindIn(Phase::kWaiting) != nullptr;
    });
  }
  if (state_->failure) return std::unexpected(*state_->failure);
  return state_->FindIn(Phase::kWaiting) == nullptr && state_->FindIn(Phase::kTaken) == nullptr;
}

StoreResult<std::vector<BackupFile>> ReadBack::Finish(const BackupManifest& manifest) {
  const std::lock_guard lock(state_->mutex);
  std::vector<BackupFile> files;
  Counts counts;
  const std::string* last_key = nullptr;
  for (const auto& file : state_->files) {
    const FileCheck& check = file->check;
    if (last_key != nullptr && check.items().first_key() <= *last_key) {
      return StoreError(StatusCode::kCorruption,
                        fmt::format("{}: its items are out of order", check.file().name));
    }
    last_key = &check.items().last_key();
    counts.items += check.items().counts().items;
    counts.bytes += check.items().counts().bytes;
    files.push_back(check.file());
    files.back().marks_sha256.clear();
  }
  GRAMME_RETURN_IF_ERROR(CheckCounts(counts, manifest));
  return files;
}

}  // namespace gramme
