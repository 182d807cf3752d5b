#include "storage/queued_importer.h"

#include <string>

#include "base/result.h"

namespace gramme {
namespace {

// Enough that the store always has the next piece, little enough that the write of a request hardly
// waits behind them.
constexpr std::size_t kQueuedPieceCountMax = 4;

}  // namespace

StoreResult<void> QueuedImporter::Append(const Key& key, std::string_view value) {
  const std::size_t byte_count = key.bytes.size() + value.size();
  if (!piece_.empty() && (piece_byte_count_ + byte_count > piece_bytes_ ||
                          store_.GroupOf(piece_.front().key) != store_.GroupOf(key))) {
    GRAMME_RETURN_IF_ERROR(Flush());
  }
  piece_byte_count_ += byte_count;
  piece_.push_back({.key = key, .value = std::string(value)});
  return {};
}

StoreResult<void> QueuedImporter::Flush() {
  if (piece_.empty()) return {};
  if (queued_.size() == kQueuedPieceCountMax) {
    GRAMME_RETURN_IF_ERROR(store_.Await(queued_.front()));
    queued_.pop_front();
  }
  GRAMME_TRY(const Position position, store_.Import(piece_));
  queued_.push_back(position);
  piece_.clear();
  piece_byte_count_ = 0;
  return {};
}

StoreResult<void> QueuedImporter::Finish() {
  GRAMME_RETURN_IF_ERROR(Flush());
  // Each: one that failed for lack of space is not the last.
  for (const Position& position : queued_) GRAMME_RETURN_IF_ERROR(store_.Await(position));
  queued_.clear();
  return {};
}

}  // namespace gramme
