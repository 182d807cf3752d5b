// Blocks: the unit in which a backup's data files are compressed, checked and read. A block holds
// entries of a key and a value each, in key order. Part of the format, see
// docs/internals/formats.md.

#ifndef GRAMME_BACKUP_BACKUP_BLOCK_H_
#define GRAMME_BACKUP_BACKUP_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

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

// Collects entries and packs them.
class BlockBuilder {
 public:
  void Add(std::string_view key, std::string_view value);

  std::size_t byte_count() const { return raw_.size(); }
  std::uint64_t entry_count() const { return entry_count_; }
  bool empty() const { return entry_count_ == 0; }

  // The block with its length before it; the builder is empty afterwards.
  std::string Finish();

 private:
  std::string raw_;
  std::uint64_t entry_count_ = 0;
};

// An unpacked block. Moves; the entries point into it.
struct BackupBlock {
  std::vector<char> bytes;
  std::vector<BackupEntry> entries;
};

// The length of the block that begins with these bytes. Errors: kCorruption. REQUIRES:
// kBlockLengthBytes bytes.
StoreResult<std::size_t> DecodeBlockLength(std::string_view bytes);
// `stored` is the block without its length. Errors: kCorruption.
StoreResult<BackupBlock> DecodeBlock(std::string_view stored);

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_BLOCK_H_
