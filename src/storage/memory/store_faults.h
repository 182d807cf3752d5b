// StoreFaults: which faults the memory store meets, for the simulation. Each is one that store.h
// allows at that place, so whoever stands on a Store must live with all of them.

#ifndef GRAMME_STORAGE_MEMORY_STORE_FAULTS_H_
#define GRAMME_STORAGE_MEMORY_STORE_FAULTS_H_

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/random.h"
#include "base/status.h"
#include "storage/store.h"

namespace gramme {

// What happens to one Update besides its own outcome.
enum class UpdateFault {
  kNone,
  kWouldBlock,
  kStale,  // as if a guard had been old: deciding again must do no harm
  kConflict,
  kOverloaded,
  kDeadline,
  kOutOfSpace,
  kUnavailable,
  kMoved,
  kUnknownApplied,  // the Update happens and the answer is lost
  kUnknownLost,     // the Update does not happen and the caller cannot know
  kDecideAgain,     // `decide` runs on older values first, then twice: it must be pure
};

// Asked by the store, perhaps under its locks, on any thread: implementations are thread-safe and
// call no store. The store keeps a pointer; the faults outlive it.
class StoreFaults {
 public:
  virtual ~StoreFaults() = default;

  // kWouldBlock only for tier kMemory, kStale only when `has_guards`.
  virtual UpdateFault OnUpdate(ReadTier tier, bool has_guards) = 0;
  // Which of the `key_count` keys of an Update that met kConflict it is about; nothing: the store
  // does not tell. Called after OnUpdate. REQUIRES: at least one key.
  virtual std::optional<std::size_t> OnConflict(std::size_t key_count);
  // kMoved, kUnavailable, or nothing.
  virtual std::optional<StatusCode> OnOpenView() = 0;
  // For Get, MultiGet and each part of a Scan: kWouldBlock (tier kMemory only), kIoError,
  // kCorruption, or nothing.
  virtual std::optional<StatusCode> OnRead(ReadTier tier) = 0;
};

// A fault once in so many calls on average; 0: never.
struct StoreFaultRates {
  std::uint64_t would_block_one_in = 8;
  std::uint64_t stale_one_in = 50;
  std::uint64_t conflict_one_in = 100;
  std::uint64_t conflict_without_key_one_in = 4;  // of the conflicts
  std::uint64_t overloaded_one_in = 200;
  std::uint64_t deadline_one_in = 0;
  std::uint64_t out_of_space_one_in = 0;
  std::uint64_t unavailable_one_in = 200;
  std::uint64_t moved_one_in = 200;
  std::uint64_t unknown_one_in = 200;
  std::uint64_t decide_again_one_in = 4;
  std::uint64_t io_error_one_in = 0;
};

// Draws the faults from a seed. Thread-safe; reproducible when calls come in one order.
class SeededStoreFaults : public StoreFaults {
 public:
  SeededStoreFaults(std::uint64_t seed, const StoreFaultRates& rates)
      : random_(seed), rates_(rates) {}

  UpdateFault OnUpdate(ReadTier tier, bool has_guards) override;
  std::optional<std::size_t> OnConflict(std::size_t key_count) override;
  std::optional<StatusCode> OnOpenView() override;
  std::optional<StatusCode> OnRead(ReadTier tier) override;

  // No faults until it is switched on again: for set-up and for the last check of a run.
  void Enable(bool enabled);

 private:
  bool Draw(std::uint64_t one_in) { return one_in != 0 && random_.OneIn(one_in); }

  std::mutex mutex_;
  SeededRandom random_;
  StoreFaultRates rates_;
  bool is_enabled_ = true;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_MEMORY_STORE_FAULTS_H_
