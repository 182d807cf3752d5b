#include "storage/rocksdb/updater.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "storage/rocksdb/published_view.h"

namespace gramme {
namespace {

// Far beyond what an Update takes; it ends one that never finds its keys unchanged.
constexpr Duration kDefaultPatience = std::chrono::seconds(10);

// What a thread keeps between two Updates: enough for an item of usual size.
constexpr std::size_t kKeptReadCountMax = 4;
constexpr std::size_t kKeptValueBytesMax = 16 << 10;

}  // namespace

// What was read for one key.
struct Updater::Read {
  std::uint64_t hash = 0;
  KeyLocks::Stripe* stripe = nullptr;
  std::uint64_t version = 0;  // of the stripe, before reading
  std::optional<OverlayEntry> queued;
  bool committed = false;  // there is a committed value, in `value`
  rocksdb::PinnableSlice value;

  CurrentValue Current() const {
    if (queued) return queued->value;
    if (committed) return value.ToStringView();
    return std::nullopt;
  }
  // Whether the key may have a newer value than the one read. REQUIRES: the stripe is locked.
  bool IsStale() const { return stripe->version.load(std::memory_order_acquire) != version; }
};

// What an Update needs for as long as it runs, kept for the thread's next one.
struct Updater::Scratch {
  std::vector<Read> reads;
  std::vector<CurrentValue> values;

  // REQUIRES: nothing is read from the values any more.
  void Clear() {
    values.clear();
    if (reads.size() > kKeptReadCountMax) return reads.clear();
    for (Read& read : reads) {
      read.queued.reset();
      if (read.value.GetSelf()->capacity() > kKeptValueBytesMax) {
        read.value = rocksdb::PinnableSlice();
      } else {
        read.value.Reset();
      }
    }
  }
};

// One try: nothing is kept from it when it has to be repeated.
class Updater::Attempt {
 public:
  Attempt(Updater& updater, std::span<const Key> keys, Scratch& scratch)
      : updater_(updater), keys_(keys), scratch_(scratch) {
    if (scratch_.reads.size() < keys.size()) scratch_.reads.resize(keys.size());
    reads_ = std::span(scratch_.reads).first(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      reads_[i].hash = HashKey(keys[i].keyspace, keys[i].bytes);
      reads_[i].stripe = &updater.locks_.StripeOf(reads_[i].hash);
      lock_.Add(*reads_[i].stripe);
    }
  }
  ~Attempt() {
    lock_.Unlock();
    scratch_.Clear();
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  // The outcome, or nothing: try again.
  StoreResult<std::optional<UpdateOutcome>> Run(std::span<const Guard> guards, ReadTier tier,
                                                Decide decide) {
    if (const StoreResult<void> admitted = updater_.queue_.Admit(); !admitted) {
      if (admitted.error().code() != StatusCode::kOverloaded) {
        return std::unexpected(admitted.error());
      }
      // A full queue is waited for, where one may wait; nothing is locked yet.
      if (tier == ReadTier::kMemory) {
        return StoreError(StatusCode::kWouldBlock, admitted.error().message());
      }
      GRAMME_RETURN_IF_ERROR(updater_.queue_.WaitForRoom());
    }
    const std::uint64_t epoch = updater_.queue_.epoch();
    for (Read& read : reads_) read.version = read.stripe->version.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < keys_.size(); ++i) GRAMME_RETURN_IF_ERROR(ReadKey(i, tier));
    lock_.Lock();
    GRAMME_TRY(const bool current, ReadChangedKeys(tier));
    if (!current) return std::optional<UpdateOutcome>();
    scratch_.values.clear();
    for (const Read& read : reads_) scratch_.values.push_back(read.Current());
    std::optional<WriteBatch> batch = decide(scratch_.values);
    if (!batch) return Refused(epoch);
    return Queue(std::make_shared<QueuedCommit>(*std::move(batch)), guards, epoch);
  }

 private:
  StoreResult<void> ReadKey(std::size_t index, ReadTier tier) {
    Read& read = reads_[index];
    // The overlay first: what leaves it is committed by then.
    read.queued = updater_.overlay_.Find(keys_[index], read.hash);
    if (read.queued) return {};
    read.value.Reset();
    GRAMME_TRY(read.committed, ReadCommitted(updater_.db_, keys_[index], tier, read.value));
    return {};
  }

  // Under the lock: reads again what has changed, from memory. False: it is not in memory.
  StoreResult<bool> ReadChangedKeys(ReadTier tier) {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (!reads_[i].IsStale()) continue;
      const StoreResult<void> read = ReadKey(i, ReadTier::kMemory);
      if (read) continue;
      if (read.error().code() == StatusCode::kWouldBlock && tier == ReadTier::kDisk) return false;
      return std::unexpected(read.error());
    }
    return true;
  }

  StoreResult<std::optional<UpdateOutcome>> Refused(std::uint64_t epoch) {
    // Refused for a value whose commit has failed meanwhile: that was no reason.
    if (updater_.queue_.epoch() != epoch) return std::optional<UpdateOutcome>();
    std::uint64_t seen = 0;
    for (const Read& read : reads_) {
      if (read.queued) seen = std::max(seen, read.queued->commit->number);
    }
    return std::optional(UpdateOutcome{.committed = false, .position = PositionOf(seen)});
  }

  StoreResult<std::optional<UpdateOutcome>> Queue(const std::shared_ptr<QueuedCommit>& commit,
                                                  std::span<const Guard> guards,
                                                  std::uint64_t epoch) {
    commit->Prepare();
    GRAMME_TRY(const auto place, updater_.queue_.Enqueue(commit, guards, epoch));
    // After the overlay has the values and before the lock goes: whoever noted the new version
    // finds them there, whoever noted the old one notices.
    for (const QueuedWrite& write : std::as_const(*commit).writes()) {
      // A stamped key is new, and no Update names it.
      if (std::holds_alternative<PutStampedOperation>(*write.operation)) continue;
      updater_.locks_.StripeOf(write.hash).NoteWrite();
    }
    if (!place) return std::optional<UpdateOutcome>();
    return std::optional(UpdateOutcome{
        .committed = true, .position = PositionOf(place->number), .commit_time = place->time});
  }

  Updater& updater_;
  std::span<const Key> keys_;
  Scratch& scratch_;
  std::span<Read> reads_;
  KeyLockSet lock_;
};

StoreResult<UpdateOutcome> Updater::Run(std::span<const Key> keys, std::span<const Guard> guards,
                                        const UpdateOptions& options, Decide decide) {
  static thread_local Scratch scratch;
  std::optional<MonotonicTime> deadline = options.deadline;
  while (true) {
    if (deadline && clock_.MonotonicNow() >= *deadline) {
      return StoreError(StatusCode::kDeadline, "the deadline passed before the Update was decided");
    }
    {
      Attempt attempt(*this, keys, scratch);
      GRAMME_TRY(std::optional<UpdateOutcome> outcome, attempt.Run(guards, options.tier, decide));
      if (outcome) return *outcome;
    }
    metrics_.NoteRetry();
    // The first try needs no clock.
    if (!deadline) deadline = clock_.MonotonicNow() + kDefaultPatience;
  }
}

}  // namespace gramme
