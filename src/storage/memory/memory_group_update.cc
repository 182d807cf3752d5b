// How an Update of the memory store is decided and applied; memory_group.cc has the rest.

#include <string>
#include <utility>
#include <variant>

#include "base/big_endian.h"
#include "base/check.h"
#include "base/result.h"
#include "storage/memory/memory_group.h"

namespace gramme {
namespace {

constexpr std::size_t kCounterByteCount = 8;

std::string LittleEndian(std::uint64_t number) {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(number >> shift));
  return bytes;
}

std::uint64_t FromLittleEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t index = kCounterByteCount; index-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[index]);
  }
  return number;
}

std::string GuardKey(std::uint64_t guard_id) { return "guard/" + BigEndian64(guard_id); }

// Writes the operations of one batch under one commit number, in their order.
class BatchWriter {
 public:
  BatchWriter(MemoryGroup& group, VersionMap& versions, std::uint64_t commit_number,
              WallTime commit_time)
      : group_(group),
        versions_(versions),
        commit_number_(commit_number),
        commit_time_(commit_time) {}

  void operator()(const PutOperation& put) {
    Write(put.key.keyspace, put.key.placement, put.key.bytes, put.value);
  }
  void operator()(const DeleteOperation& deletion) {
    CheckPlacement(deletion.key.placement);
    versions_.Write(commit_number_, deletion.key.keyspace, deletion.key.bytes, nullptr);
  }
  void operator()(const PutStampedOperation& put) {
    const auto micros = static_cast<std::uint64_t>(commit_time_.time_since_epoch().count());
    Write(put.keyspace, put.placement, put.prefix + BigEndian64(micros) + put.suffix, put.value);
  }
  void operator()(const AddOperation& add) {
    const SharedValue old = versions_.ReadNewest(add.counter.keyspace, add.counter.bytes).value;
    // Unsigned, so that a sum past the end wraps as two's complement does.
    const std::uint64_t sum =
        (old == nullptr ? 0 : FromLittleEndian(*old)) + static_cast<std::uint64_t>(add.delta);
    Write(add.counter.keyspace, add.counter.placement, add.counter.bytes, LittleEndian(sum));
  }
  void operator()(const SetGenerationOperation& set) {
    const std::string key = GuardKey(set.guard_id);
    const SharedValue old = versions_.ReadNewest(kStoreKeyspace, key).value;
    if (old != nullptr && FromLittleEndian(*old) >= set.generation) return;
    versions_.Write(commit_number_, kStoreKeyspace, key,
                    std::make_shared<const std::string>(LittleEndian(set.generation)));
  }

 private:
  void CheckPlacement(std::uint64_t placement) const {
    GRAMME_CHECK(group_.Owns(placement), "a batch that writes into another group");
  }
  void Write(KeyspaceId keyspace, std::uint64_t placement, std::string_view bytes,
             std::string value) {
    CheckPlacement(placement);
    versions_.Write(commit_number_, keyspace, bytes,
                    std::make_shared<const std::string>(std::move(value)));
  }

  MemoryGroup& group_;
  VersionMap& versions_;
  const std::uint64_t commit_number_;
  const WallTime commit_time_;
};

// What `decide` says to `values`, which it may look at during the call only.
std::optional<WriteBatch> Run(Decide decide, const std::vector<SharedValue>& values) {
  std::vector<CurrentValue> current;
  current.reserve(values.size());
  for (const SharedValue& value : values) {
    current.push_back(value == nullptr ? CurrentValue() : CurrentValue(*value));
  }
  return decide(current);
}

StoreResult<void> RefuseAsConflict(StoreFaults& faults, std::size_t key_count) {
  const std::optional<std::size_t> key =
      key_count == 0 ? std::nullopt : faults.OnConflict(key_count);
  if (!key) return StoreError(StatusCode::kConflict, "injected");
  return std::unexpected(Status::ConflictOver(*key, "injected"));
}

// The error of a fault that keeps the Update from being tried at all.
StoreResult<void> RefuseBy(UpdateFault fault, StoreFaults* faults, std::size_t key_count) {
  switch (fault) {
    case UpdateFault::kNone:
    case UpdateFault::kUnknownApplied:
    case UpdateFault::kDecideAgain:
      return {};
    case UpdateFault::kWouldBlock:
      return StoreError(StatusCode::kWouldBlock, "injected");
    case UpdateFault::kStale:
      return StoreError(StatusCode::kStale, "injected");
    case UpdateFault::kConflict:
      return RefuseAsConflict(*faults, key_count);
    case UpdateFault::kOverloaded:
      return StoreError(StatusCode::kOverloaded, "injected");
    case UpdateFault::kDeadline:
      return StoreError(StatusCode::kDeadline, "injected");
    case UpdateFault::kOutOfSpace:
      return StoreError(StatusCode::kOutOfSpace, "injected");
    case UpdateFault::kUnavailable:
      return StoreError(StatusCode::kUnavailable, "injected");
    case UpdateFault::kMoved:
      return StoreError(StatusCode::kMoved, "injected");
    case UpdateFault::kUnknownLost:
      return StoreError(StatusCode::kUnknown, "injected; not applied");
  }
  return {};
}

}  // namespace

StoreResult<UpdateOutcome> MemoryGroup::Update(std::span<const Key> keys,
                                               std::span<const Guard> guards,
                                               const UpdateOptions& options, Decide decide) {
  const UpdateFault fault = options_.faults == nullptr
                                ? UpdateFault::kNone
                                : options_.faults->OnUpdate(options.tier, !guards.empty());
  GRAMME_RETURN_IF_ERROR(RefuseBy(fault, options_.faults, keys.size()));
  const std::lock_guard writer(writer_mutex_);
  GRAMME_RETURN_IF_ERROR(CheckAdmission(options));
  GRAMME_RETURN_IF_ERROR(CheckGuards(guards));
  if (fault == UpdateFault::kDecideAgain) TryPurity(keys, decide);
  GRAMME_TRY(const UpdateOutcome outcome, DecideAndCommit(keys, decide));
  if (fault == UpdateFault::kUnknownApplied && outcome.committed) {
    return StoreError(StatusCode::kUnknown, "injected; applied");
  }
  return outcome;
}

StoreResult<void> MemoryGroup::CheckAdmission(const UpdateOptions& options) const {
  GRAMME_RETURN_IF_ERROR(CheckOwned());
  if (options.deadline && options_.clock->MonotonicNow() >= *options.deadline) {
    return StoreError(StatusCode::kDeadline, "waited too long for its turn");
  }
  const std::shared_lock data(mutex_);
  if (queue_byte_count_ >= options_.queue_byte_count_max) {
    return StoreError(StatusCode::kOverloaded, "the queue is full");
  }
  return {};
}

StoreResult<void> MemoryGroup::CheckGuards(std::span<const Guard> guards) const {
  const std::shared_lock data(mutex_);
  for (const Guard& guard : guards) {
    const SharedValue value = versions_.ReadNewest(kStoreKeyspace, GuardKey(guard.id)).value;
    const std::uint64_t generation = value == nullptr ? 0 : FromLittleEndian(*value);
    if (generation > guard.generation || generation == kGuardDropped) {
      return StoreError(StatusCode::kStale, "decided under an older generation");
    }
  }
  return {};
}

StoreResult<void> MemoryGroup::CheckCounters(const WriteBatch& batch) const {
  const std::shared_lock data(mutex_);
  for (const WriteBatch::Operation& operation : batch.operations()) {
    const auto* const add = std::get_if<AddOperation>(&operation);
    if (add == nullptr) continue;
    const SharedValue old = versions_.ReadNewest(add->counter.keyspace, add->counter.bytes).value;
    if (old != nullptr && old->size() != kCounterByteCount) {
      return StoreError(StatusCode::kCorruption, "a counter that is not 8 bytes");
    }
  }
  return {};
}

MemoryGroup::ReadSet MemoryGroup::ReadNewest(std::span<const Key> keys) const {
  ReadSet read;
  read.values.reserve(keys.size());
  const std::shared_lock data(mutex_);
  for (const Key& key : keys) {
    VersionMap::Newest newest = versions_.ReadNewest(key.keyspace, key.bytes);
    read.commit_number = std::max(read.commit_number, newest.commit_number);
    read.values.push_back(std::move(newest.value));
  }
  return read;
}

StoreResult<UpdateOutcome> MemoryGroup::DecideAndCommit(std::span<const Key> keys, Decide decide) {
  const ReadSet read = ReadNewest(keys);
  const std::optional<WriteBatch> batch = Run(decide, read.values);
  if (!batch) {
    return UpdateOutcome{.committed = false,
                         .position = Position(group_.id, epoch_, read.commit_number)};
  }
  GRAMME_RETURN_IF_ERROR(CheckCounters(*batch));
  return Commit(batch->byte_count(), [&](std::uint64_t number) { Apply(number, *batch); });
}

void MemoryGroup::Apply(std::uint64_t commit_number, const WriteBatch& batch) {
  BatchWriter writer(*this, versions_, commit_number, last_time_);
  for (const WriteBatch::Operation& operation : batch.operations()) std::visit(writer, operation);
}

void MemoryGroup::TryPurity(std::span<const Key> keys, Decide decide) const {
  std::vector<SharedValue> durable;
  {
    const std::shared_lock data(mutex_);
    for (const Key& key : keys) {
      durable.push_back(versions_.ReadAt(key.keyspace, key.bytes, durable_number_));
    }
  }
  Run(decide, durable);
  const ReadSet read = ReadNewest(keys);
  GRAMME_CHECK(Run(decide, read.values) == Run(decide, read.values), "`decide` is not pure");
}

}  // namespace gramme
