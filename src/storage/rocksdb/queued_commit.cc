#include "storage/rocksdb/queued_commit.h"

#include <variant>

#include "base/big_endian.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/key_locks.h"

namespace gramme {

void QueuedCommit::Prepare() {
  const std::vector<WriteBatch::Operation>& operations = batch.operations();
  if (operations.size() > kFewWritesMax) {
    more_writes_ = std::make_unique<QueuedWrite[]>(operations.size());
    // Views of the keys are taken below, so they must not move.
    stamped_keys_.reserve(operations.size());
  } else {
    stamped_keys_.reserve(kFewWritesMax);
  }
  QueuedWrite* const first = more_writes_ ? more_writes_.get() : few_writes_.data();
  for (const WriteBatch::Operation& operation : operations) {
    QueuedWrite& write = first[write_count_];
    write.commit = this;
    write.operation = &operation;
    if (const auto* put = std::get_if<PutOperation>(&operation)) {
      write.keyspace = put->key.keyspace;
      write.bytes = put->key.bytes;
      write.value = put->value;
    } else if (const auto* removed = std::get_if<DeleteOperation>(&operation)) {
      write.keyspace = removed->key.keyspace;
      write.bytes = removed->key.bytes;
    } else if (const auto* stamped = std::get_if<PutStampedOperation>(&operation)) {
      std::string& key = stamped_keys_.emplace_back();
      key.reserve(stamped->prefix.size() + 8 + stamped->suffix.size());
      key.append(stamped->prefix).append(8, '\0').append(stamped->suffix);
      write.keyspace = stamped->keyspace;
      write.bytes = key;
      write.value = stamped->value;
    } else {
      raises_generations |= std::holds_alternative<SetGenerationOperation>(operation);
      continue;
    }
    write.hash = HashKey(write.keyspace, write.bytes);
    ++write_count_;
  }
}

void QueuedCommit::Stamp() {
  if (stamped_keys_.empty()) return;
  std::size_t stamped_index = 0;
  for (QueuedWrite& write : writes()) {
    const auto* stamped = std::get_if<PutStampedOperation>(write.operation);
    if (stamped == nullptr) continue;
    WriteBigEndian64(static_cast<std::uint64_t>(time.time_since_epoch().count()),
                     stamped_keys_[stamped_index++].data() + stamped->prefix.size());
    write.hash = HashKey(write.keyspace, write.bytes);
  }
}

}  // namespace gramme
