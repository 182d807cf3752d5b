// Blocks: the unit in which a backup's data files are compressed, checked and read. A block holds
// entries of a key and a value each, in key order. Part of the format, see
// docs/internals/formats.md.

#ifndef GRAMME_BACKUP_BACKUP_BLOCK_H_
#define GRAMME_BACKUP_BACKUP_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "encoding/envelope.h"

namespace gramme {

// What every data file begins with.
inline constexpr std::string_view kDataFileMagic = "GRAMMEBD";
// Before each block: the length of what follows, big-endian.
inline constexpr std::size_t kBlockLengthBytes = 4;
// No block is longer, stored or unpacked: an entry is under 2 MB, and a block ends soon after it is
// full.
inline constexpr std::size_t kBlockBytesMax = std::size_t{16} << 20;

struct BackupEntry {
  std::string_view key;
  std::string_view value;
};

// What tells a block apart: its length and its checksum, with which it begins.
inline constexpr std::size_t kBlockMarkBytes = kBlockLengthBytes + kEnvelopeBytes;

// Collects entries and packs them. Its buffers are kept from block to block. Used by one thread.
class BlockBuilder {
 public:
  void Add(std::string_view key, std::string_view value);

  std::size_t byte_count() const { return raw_.size(); }
  std::uint64_t entry_count() const { return entry_count_; }
  bool empty() const { return entry_count_ == 0; }

  // The block with its length before it, valid until the next call; the builder is empty
  // afterwards.
  const std::string& Finish();

 private:
  // The packed bytes, or nothing where packing gains too little.
  std::string_view Pack();

  std::string raw_;
  std::uint64_t entry_count_ = 0;
  std::unique_ptr<char[]> packed_;
  std::size_t packed_capacity_ = 0;
  std::string envelope_;
  std::string out_;
  // Blocks in a row that gained too little, and how many of them were not even tried.
  std::size_t futile_count_ = 0;
  std::size_t untried_count_ = 0;
};

// A block, unpacked where it was packed. Moves. Entries point into `unpacked`, or into the stored
// bytes that were decoded.
struct BackupBlock {
  std::unique_ptr<char[]> unpacked;
  std::size_t byte_count = 0;  // unpacked
  std::vector<BackupEntry> entries;
};

// The length of the block that begins with these bytes. Errors: kCorruption. REQUIRES:
// kBlockLengthBytes bytes.
StoreResult<std::size_t> DecodeBlockLength(std::string_view bytes);
// `stored` is the block without its length; it outlives the result. Errors: kCorruption.
StoreResult<BackupBlock> DecodeBlock(std::string_view stored);

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_BLOCK_H_
