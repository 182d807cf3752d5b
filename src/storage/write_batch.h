// WriteBatch: the changes that one Update makes, all or none. A value; built by `decide`.

#ifndef GRAMME_STORAGE_WRITE_BATCH_H_
#define GRAMME_STORAGE_WRITE_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "storage/key.h"

namespace gramme {

struct PutOperation {
  Key key;
  std::string value;

  friend bool operator==(const PutOperation&, const PutOperation&) = default;
};

struct DeleteOperation {
  Key key;

  friend bool operator==(const DeleteOperation&, const DeleteOperation&) = default;
};

// The stored key is `prefix | commit time in microseconds, 8 bytes big-endian | suffix`. No two
// commits of a group have one time, and a later commit has a later one, so such keys are ordered as
// the commits are.
struct PutStampedOperation {
  KeyspaceId keyspace{};
  std::uint64_t placement = 0;
  std::string prefix;
  std::string suffix;
  std::string value;

  friend bool operator==(const PutStampedOperation&, const PutStampedOperation&) = default;
};

// Commutative: adds to a signed 64-bit counter stored as 8 bytes, little-endian, two's complement.
// An absent counter is 0. Counters are never among the keys of an Update.
struct AddOperation {
  Key counter;
  std::int64_t delta = 0;

  friend bool operator==(const AddOperation&, const AddOperation&) = default;
};

// Raises the generation of a guard; later Updates under an older one are refused kStale. A guard
// that was never set has generation 0. kGuardDropped refuses every later Update under it.
struct SetGenerationOperation {
  std::uint64_t guard_id = 0;
  std::uint64_t generation = 0;

  friend bool operator==(const SetGenerationOperation&, const SetGenerationOperation&) = default;
};
inline constexpr std::uint64_t kGuardDropped = UINT64_MAX;

class WriteBatch {
 public:
  using Operation = std::variant<PutOperation, DeleteOperation, PutStampedOperation, AddOperation,
                                 SetGenerationOperation>;

  void Put(Key key, std::string value) {
    byte_count_ += key.bytes.size() + value.size() + kOverheadBytes;
    operations_.emplace_back(PutOperation{std::move(key), std::move(value)});
  }
  void Delete(Key key) {
    byte_count_ += key.bytes.size() + kOverheadBytes;
    operations_.emplace_back(DeleteOperation{std::move(key)});
  }
  void PutStamped(KeyspaceId keyspace, std::uint64_t placement, std::string prefix,
                  std::string suffix, std::string value) {
    byte_count_ += prefix.size() + suffix.size() + value.size() + kOverheadBytes;
    operations_.emplace_back(PutStampedOperation{keyspace, placement, std::move(prefix),
                                                 std::move(suffix), std::move(value)});
  }
  void Add(Key counter, std::int64_t delta) {
    if (delta == 0) return;
    byte_count_ += counter.bytes.size() + kOverheadBytes;
    operations_.emplace_back(AddOperation{std::move(counter), delta});
  }
  void SetGeneration(std::uint64_t guard_id, std::uint64_t generation) {
    byte_count_ += kOverheadBytes;
    operations_.emplace_back(SetGenerationOperation{guard_id, generation});
  }

  const std::vector<Operation>& operations() const { return operations_; }
  bool empty() const { return operations_.empty(); }
  // What the batch costs the queue, in bytes, bookkeeping included.
  std::size_t byte_count() const { return byte_count_; }

  friend bool operator==(const WriteBatch&, const WriteBatch&) = default;

 private:
  static constexpr std::size_t kOverheadBytes = 32;

  std::vector<Operation> operations_;
  std::size_t byte_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_WRITE_BATCH_H_
