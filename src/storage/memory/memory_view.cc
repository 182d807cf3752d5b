#include "storage/memory/memory_view.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/check.h"
#include "base/result.h"

namespace gramme {
namespace {

// A scan copies this many entries at a time, so that `visit` runs without a lock and a reader of
// one entry does not pay for hundreds.
constexpr std::size_t kChunkEntryCountFirst = 16;
constexpr std::size_t kChunkEntryCountMax = 512;

}  // namespace

StoreResult<void> MemoryView::MeetFault() const {
  if (faults_ == nullptr) return {};
  const std::optional<StatusCode> fault = faults_->OnRead(tier_);
  if (!fault) return {};
  return StoreError(*fault, "injected into a read");
}

bool MemoryView::Shows(KeyspaceId keyspace) const {
  return !keyspaces_ || std::ranges::find(*keyspaces_, keyspace) != keyspaces_->end();
}

StoreResult<std::optional<std::string>> MemoryView::Get(const Key& key) const {
  GRAMME_RETURN_IF_ERROR(MeetFault());
  GRAMME_CHECK(group_.Owns(key.placement), "a key of another group");
  if (!Shows(key.keyspace)) return std::nullopt;
  const SharedValue value = group_.ReadAt(key, position_.commit_number());
  if (value == nullptr) return std::nullopt;
  return *value;
}

StoreResult<std::vector<std::optional<std::string>>> MemoryView::MultiGet(
    std::span<const Key> keys) const {
  std::vector<std::optional<std::string>> values;
  values.reserve(keys.size());
  for (const Key& key : keys) {
    GRAMME_TRY(values.emplace_back(), Get(key));
  }
  return values;
}

StoreResult<void> MemoryView::Scan(KeyspaceId keyspace, const KeyRange& range, Direction direction,
                                   ScanVisitor visit) const {
  KeyRange rest = range;
  for (std::size_t count = kChunkEntryCountFirst;;
       count = std::min(count * 4, kChunkEntryCountMax)) {
    GRAMME_RETURN_IF_ERROR(MeetFault());
    if (!Shows(keyspace)) return {};
    std::vector<VersionMap::Entry> chunk =
        group_.EntriesAt(keyspace, rest, direction, position_.commit_number(), count);
    for (const VersionMap::Entry& entry : chunk) {
      if (visit(entry.key, *entry.value) == ScanStep::kStop) return {};
    }
    if (chunk.size() < count) return {};
    if (direction == Direction::kForward) {
      rest.start = std::move(chunk.back().key);
      rest.start.push_back('\0');
    } else {
      rest.end = std::move(chunk.back().key);
    }
  }
}

}  // namespace gramme
