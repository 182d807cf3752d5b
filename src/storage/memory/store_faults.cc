#include "storage/memory/store_faults.h"

namespace gramme {

std::optional<std::size_t> StoreFaults::OnConflict(std::size_t) { return std::nullopt; }

UpdateFault SeededStoreFaults::OnUpdate(ReadTier tier, bool has_guards) {
  const std::lock_guard lock(mutex_);
  if (!is_enabled_) return UpdateFault::kNone;
  if (tier == ReadTier::kMemory && Draw(rates_.would_block_one_in)) return UpdateFault::kWouldBlock;
  if (has_guards && Draw(rates_.stale_one_in)) return UpdateFault::kStale;
  if (Draw(rates_.conflict_one_in)) return UpdateFault::kConflict;
  if (Draw(rates_.overloaded_one_in)) return UpdateFault::kOverloaded;
  if (Draw(rates_.deadline_one_in)) return UpdateFault::kDeadline;
  if (Draw(rates_.out_of_space_one_in)) return UpdateFault::kOutOfSpace;
  if (Draw(rates_.unavailable_one_in)) return UpdateFault::kUnavailable;
  if (Draw(rates_.moved_one_in)) return UpdateFault::kMoved;
  if (Draw(rates_.unknown_one_in)) {
    return random_.OneIn(2) ? UpdateFault::kUnknownApplied : UpdateFault::kUnknownLost;
  }
  if (Draw(rates_.decide_again_one_in)) return UpdateFault::kDecideAgain;
  return UpdateFault::kNone;
}

std::optional<std::size_t> SeededStoreFaults::OnConflict(std::size_t key_count) {
  const std::lock_guard lock(mutex_);
  if (Draw(rates_.conflict_without_key_one_in)) return std::nullopt;
  return random_.Below(key_count);
}

std::optional<StatusCode> SeededStoreFaults::OnOpenView() {
  const std::lock_guard lock(mutex_);
  if (!is_enabled_) return std::nullopt;
  if (Draw(rates_.unavailable_one_in)) return StatusCode::kUnavailable;
  if (Draw(rates_.moved_one_in)) return StatusCode::kMoved;
  return std::nullopt;
}

std::optional<StatusCode> SeededStoreFaults::OnRead(ReadTier tier) {
  const std::lock_guard lock(mutex_);
  if (!is_enabled_) return std::nullopt;
  if (tier == ReadTier::kMemory && Draw(rates_.would_block_one_in)) return StatusCode::kWouldBlock;
  if (Draw(rates_.io_error_one_in)) return StatusCode::kIoError;
  return std::nullopt;
}

void SeededStoreFaults::Enable(bool enabled) {
  const std::lock_guard lock(mutex_);
  is_enabled_ = enabled;
}

}  // namespace gramme
