// WalScan: reads the framing of RocksDB's log files (the manifest is one too), to tell a torn end
// from damage in the middle. It looks at checksums and sequence numbers only; what the records mean
// is RocksDB's matter.

#ifndef GRAMME_STORAGE_ROCKSDB_WAL_SCAN_H_
#define GRAMME_STORAGE_ROCKSDB_WAL_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gramme {

struct WalScan {
  std::uint64_t record_count = 0;  // whole ones
  // The highest sequence number at which a whole record that holds anything starts. Of a log, not
  // of a manifest.
  std::uint64_t last_sequence = 0;
  // Where the first fragment or record starts that is neither whole nor padding.
  std::optional<std::uint64_t> damage_offset;
  // Whether a whole record follows it.
  bool whole_after_damage = false;
};

// `log` is the whole file.
WalScan ScanWal(std::string_view log);

// A log consists of such blocks, and no fragment of a record crosses from one to the next.
inline constexpr std::size_t kWalBlockBytes = 32768;

// Where the whole fragments that `block` starts with end. `block` is one block of a log, or what
// there is of the last one.
std::size_t WholeWalFragmentsEnd(std::string_view block);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_WAL_SCAN_H_
