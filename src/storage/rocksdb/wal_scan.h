// WalScan: reads the framing of RocksDB's log files, to tell a torn end from damage in the middle.
// It looks at checksums and sequence numbers only; what the records mean is RocksDB's matter.

#ifndef GRAMME_STORAGE_ROCKSDB_WAL_SCAN_H_
#define GRAMME_STORAGE_ROCKSDB_WAL_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gramme {

// Used by one thread.
class WalScan {
 public:
  // Reads one whole log file. REQUIRES: logs are added in the order of their numbers.
  void Add(std::string_view log);

  // Fragments that are neither whole nor padding.
  std::uint64_t damage_count() const { return damage_count_; }
  std::uint64_t record_count() const { return record_count_; }
  // Whether a whole record follows a damaged place and does not go on where the last whole one
  // before it ended. Where it does go on, an earlier recovery has left the damaged end out already.
  bool gap_after_damage() const { return gap_after_damage_; }

 private:
  void ReadFragment(std::string_view block_rest, std::size_t& length);
  void NoteFragment(unsigned char type, std::string_view payload);
  void NoteDamage();
  void NoteRecord();

  std::uint64_t damage_count_ = 0;
  std::uint64_t record_count_ = 0;
  bool gap_after_damage_ = false;
  bool damaged_ = false;                        // since the last whole record
  std::optional<std::uint64_t> next_sequence_;  // after the last whole record
  std::optional<std::string> head_;             // of the record being read: sequence and count
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_WAL_SCAN_H_
