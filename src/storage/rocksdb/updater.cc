#include "storage/rocksdb/updater.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "storage/rocksdb/published_view.h"

namespace gramme {
namespace {

// Far beyond what an Update takes; it ends one that never finds its keys unchanged.
constexpr Duration kDefaultPatience = std::chrono::seconds(10);

}  // namespace

struct Updater::Read {
  std::optional<OverlayEntry> queued;
  bool committed = false;  // there is a committed value, in `value`
  rocksdb::PinnableSlice value;

  CurrentValue Current() const {
    if (queued) return queued->value;
    if (committed) return value.ToStringView();
    return std::nullopt;
  }
};

// One try: nothing is kept from it when it has to be repeated.
class Updater::Attempt {
 public:
  Attempt(Updater& updater, std::span<const Key> keys)
      : updater_(updater), keys_(keys), lock_(updater.locks_, keys), reads_(keys.size()) {}

  // The outcome, or nothing: try again.
  StoreResult<std::optional<UpdateOutcome>> Run(std::span<const Guard> guards, ReadTier tier,
                                                Decide decide) {
    GRAMME_RETURN_IF_ERROR(updater_.queue_.Admit());
    const std::uint64_t epoch = updater_.queue_.epoch();
    lock_.NoteVersions();
    for (std::size_t i = 0; i < keys_.size(); ++i) GRAMME_RETURN_IF_ERROR(ReadKey(i, tier));
    lock_.Lock();
    GRAMME_TRY(const bool current, ReadChangedKeys(tier));
    if (!current) return std::optional<UpdateOutcome>();
    std::vector<CurrentValue> values;
    values.reserve(reads_.size());
    for (const Read& read : reads_) values.push_back(read.Current());
    std::optional<WriteBatch> batch = decide(values);
    if (!batch) return Refused(epoch);
    return Queue(*std::move(batch), guards, epoch);
  }

 private:
  StoreResult<void> ReadKey(std::size_t index, ReadTier tier) {
    Read& read = reads_[index];
    // The overlay first: what leaves it is committed by then.
    read.queued = updater_.overlay_.Find(keys_[index]);
    if (read.queued) return {};
    read.value.Reset();
    GRAMME_TRY(read.committed, ReadCommitted(updater_.db_, keys_[index], tier, read.value));
    return {};
  }

  // Under the lock: reads again what has changed, from memory. False: it is not in memory.
  StoreResult<bool> ReadChangedKeys(ReadTier tier) {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (!lock_.ChangedSince(i)) continue;
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

  StoreResult<std::optional<UpdateOutcome>> Queue(WriteBatch batch, std::span<const Guard> guards,
                                                  std::uint64_t epoch) {
    std::vector<KeyLocks::Stripe*> written;
    for (const WriteBatch::Operation& operation : batch.operations()) {
      if (const auto* put = std::get_if<PutOperation>(&operation)) {
        written.push_back(&updater_.locks_.StripeOf(put->key.keyspace, put->key.bytes));
      } else if (const auto* removed = std::get_if<DeleteOperation>(&operation)) {
        written.push_back(&updater_.locks_.StripeOf(removed->key.keyspace, removed->key.bytes));
      }
    }
    QueuedCommit commit;
    commit.batch = std::move(batch);
    GRAMME_TRY(const auto place, updater_.queue_.Enqueue(std::move(commit), guards, epoch));
    // After the overlay has the values and before the lock goes: whoever noted the new version
    // finds them there, whoever noted the old one notices.
    for (KeyLocks::Stripe* stripe : written) stripe->NoteWrite();
    if (!place) return std::optional<UpdateOutcome>();
    return std::optional(UpdateOutcome{
        .committed = true, .position = PositionOf(place->number), .commit_time = place->time});
  }

  Updater& updater_;
  std::span<const Key> keys_;
  KeyLockSet lock_;
  std::vector<Read> reads_;
};

StoreResult<UpdateOutcome> Updater::Run(std::span<const Key> keys, std::span<const Guard> guards,
                                        const UpdateOptions& options, Decide decide) {
  const MonotonicTime deadline =
      options.deadline.value_or(clock_.MonotonicNow() + kDefaultPatience);
  while (true) {
    if (clock_.MonotonicNow() >= deadline) {
      return StoreError(StatusCode::kDeadline, "the deadline passed before the Update was decided");
    }
    Attempt attempt(*this, keys);
    GRAMME_TRY(std::optional<UpdateOutcome> outcome, attempt.Run(guards, options.tier, decide));
    if (outcome) return *outcome;
    metrics_.NoteRetry();
  }
}

}  // namespace gramme
