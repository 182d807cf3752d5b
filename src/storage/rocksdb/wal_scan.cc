#include "storage/rocksdb/wal_scan.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace gramme {
namespace {

// The framing of RocksDB's log format: blocks of 32 KiB; fragments `masked CRC-32C of type and
// payload, 4 | payload length, 2 | type, 1 | payload`, little-endian; no fragment crosses a block.
constexpr std::size_t kHeaderBytes = 7;
// A record starts with its first sequence number, 8, and the count of those it takes, 4.
constexpr std::size_t kRecordHeadBytes = 12;
enum FragmentType : unsigned char { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

constexpr std::array<std::uint32_t, 256> kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82f63b78U : crc >> 1;
    table[i] = crc;
  }
  return table;
}();

std::uint32_t MaskedCrc(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc = crc >> 8 ^ kCrcTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  }
  crc = ~crc;
  return (crc >> 15 | crc << 17) + 0xa282ead8U;
}

std::uint64_t LittleEndian(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i > 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[offset + i - 1]);
  }
  return value;
}

// The bytes of the fragment that `rest`, of one block, starts with; 0 where it is not whole.
std::size_t WholeFragmentBytes(std::string_view rest) {
  if (rest.size() < kHeaderBytes) return 0;
  const std::size_t payload_bytes = LittleEndian(rest, 4, 2);
  if (kHeaderBytes + payload_bytes > rest.size()) return 0;
  const std::string_view checked = rest.substr(6, 1 + payload_bytes);
  return LittleEndian(rest, 0, 4) == MaskedCrc(checked) ? kHeaderBytes + payload_bytes : 0;
}

class Scanner {
 public:
  explicit Scanner(std::string_view log) : log_(log) {}

  WalScan Run() {
    while (offset_ < log_.size()) ReadFragment();
    if (head_) NoteDamage(record_offset_);
    return scan_;
  }

 private:
  void ReadFragment() {
    const std::size_t start = offset_;
    const std::size_t left = std::min(kWalBlockBytes - start % kWalBlockBytes, log_.size() - start);
    const std::string_view rest = log_.substr(start, left);
    offset_ += left;
    const bool padding = rest.find_first_not_of('\0') == std::string_view::npos;
    if (padding) return;
    if (left < kHeaderBytes) return NoteDamage(start);
    const std::size_t payload_bytes = LittleEndian(rest, 4, 2);
    if (kHeaderBytes + payload_bytes > left) return NoteDamage(start);
    offset_ = start + kHeaderBytes + payload_bytes;
    const std::string_view checked = rest.substr(6, 1 + payload_bytes);
    if (LittleEndian(rest, 0, 4) != MaskedCrc(checked)) return NoteDamage(start);
    NoteFragment(start, static_cast<unsigned char>(checked[0]), checked.substr(1));
  }

  void NoteFragment(std::size_t start, unsigned char type, std::string_view payload) {
    const bool starts = type == kFull || type == kFirst;
    if (starts == head_.has_value()) NoteDamage(head_ ? record_offset_ : start);
    if (starts) {
      head_.emplace();
      record_offset_ = start;
    }
    if (!head_) return;
    head_->append(payload.substr(0, kRecordHeadBytes - head_->size()));
    if (type == kFull || type == kLast) NoteRecord();
  }

  void NoteDamage(std::size_t offset) {
    // A record that was begun is damaged as a whole.
    if (head_) offset = record_offset_;
    if (!scan_.damage_offset) scan_.damage_offset = offset;
    head_.reset();
  }

  void NoteRecord() {
    ++scan_.record_count;
    if (scan_.damage_offset) scan_.whole_after_damage = true;
    head_->resize(kRecordHeadBytes, '\0');
    if (LittleEndian(*head_, 8, 4) > 0) {
      scan_.last_sequence = std::max(scan_.last_sequence, LittleEndian(*head_, 0, 8));
    }
    head_.reset();
  }

  std::string_view log_;
  std::size_t offset_ = 0;
  std::size_t record_offset_ = 0;
  std::optional<std::string> head_;  // of the record being read: sequence and count
  WalScan scan_;
};

}  // namespace

WalScan ScanWal(std::string_view log) { return Scanner(log).Run(); }

std::size_t WholeWalFragmentsEnd(std::string_view block) {
  std::size_t end = 0;
  while (const std::size_t byte_count = WholeFragmentBytes(block.substr(end))) end += byte_count;
  return end;
}

}  // namespace gramme
