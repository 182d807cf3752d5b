#include "storage/rocksdb/value_cache.h"

#include <cstdlib>
#include <limits>
#include <string>

#include "base/check.h"

namespace gramme {
namespace {

struct HeldValue {
  std::uint64_t commit_number = 0;
  std::string bytes;
};

void DeleteHeldValue(const rocksdb::Slice&, void* value) { delete static_cast<HeldValue*>(value); }

}  // namespace

// calloc: the pages of slots that nobody uses take no memory.
ValueCache::ValueCache(std::size_t byte_count_max)
    : values_(rocksdb::NewLRUCache(byte_count_max)),
      slots_(static_cast<Slot*>(std::calloc(kSlotCount, sizeof(Slot))), std::free) {
  GRAMME_CHECK(slots_ != nullptr, "no memory for the value cache");
}

bool ValueCache::IsCurrent(const CacheKey& key, std::uint64_t commit_number) const {
  const std::atomic_ref written(SlotOf(key.hash).written);
  const auto& removed = removed_[static_cast<std::uint64_t>(key.keyspace) % kKeyspaceSlotCount];
  return commit_number >= written.load(std::memory_order_acquire) &&
         commit_number >= removed.load(std::memory_order_acquire);
}

bool ValueCache::Show(const CacheKey& key, ValueVisitor visit) const {
  rocksdb::Cache::Handle* const handle = values_->Lookup(key.encoded.view());
  if (handle == nullptr) return false;
  const auto& held = *static_cast<const HeldValue*>(values_->Value(handle));
  const bool is_current = IsCurrent(key, held.commit_number);
  if (is_current) visit(held.bytes);
  values_->Release(handle, /*erase_if_last_ref=*/!is_current);
  return is_current;
}

void ValueCache::Offer(const CacheKey& key, std::string_view value, std::uint64_t commit_number) {
  if (value.size() > kCachedValueBytesMax || key.keyspace == kStoreKeyspace) return;
  // Races only mistake a first offer for a second one, or the other way round.
  const std::atomic_ref offered(SlotOf(key.hash).offered);
  const auto tag = static_cast<std::uint32_t>(key.hash >> 32) | 1;
  if (offered.load(std::memory_order_relaxed) != tag) {
    return offered.store(tag, std::memory_order_relaxed);
  }
  offered.store(0, std::memory_order_relaxed);
  if (!IsCurrent(key, commit_number)) return;
  auto held = std::make_unique<HeldValue>(commit_number, std::string(value));
  const std::size_t charge = sizeof(HeldValue) + held->bytes.capacity();
  // Without a handle it succeeds always: what finds no room is deleted.
  values_->Insert(key.encoded.view(), held.release(), charge, DeleteHeldValue)
      .PermitUncheckedError();
}

void ValueCache::NoteWrite(std::uint64_t key_hash, std::uint64_t commit_number) {
  std::atomic_ref(SlotOf(key_hash).written).store(commit_number, std::memory_order_release);
}

void ValueCache::NoteRemoval(KeyspaceId keyspace, std::uint64_t commit_number) {
  removed_[static_cast<std::uint64_t>(keyspace) % kKeyspaceSlotCount].store(
      commit_number, std::memory_order_release);
}

void ValueCache::Close() {
  for (auto& removed : removed_) removed.store(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace gramme
