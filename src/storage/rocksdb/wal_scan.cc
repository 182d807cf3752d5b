#include "storage/rocksdb/wal_scan.h"

#include <algorithm>
#include <array>

namespace gramme {
namespace {

// The framing of RocksDB's log format: blocks of 32 KiB; fragments `masked CRC-32C of type and
// payload, 4 | payload length, 2 | type, 1 | payload`, little-endian; no fragment crosses a block.
constexpr std::size_t kBlockBytes = 32768;
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

}  // namespace

void WalScan::Add(std::string_view log) {
  head_.reset();
  std::size_t offset = 0;
  while (offset < log.size()) {
    const std::size_t left = std::min(kBlockBytes - offset % kBlockBytes, log.size() - offset);
    std::size_t length = left;
    ReadFragment(log.substr(offset, left), length);
    offset += length;
  }
}

void WalScan::ReadFragment(std::string_view block_rest, std::size_t& length) {
  const bool padding = block_rest.find_first_not_of('\0') == std::string_view::npos;
  if (block_rest.size() < kHeaderBytes || padding) return;
  const std::size_t payload_bytes = LittleEndian(block_rest, 4, 2);
  if (kHeaderBytes + payload_bytes > block_rest.size()) return NoteDamage();
  length = kHeaderBytes + payload_bytes;
  const std::string_view checked = block_rest.substr(6, 1 + payload_bytes);
  if (LittleEndian(block_rest, 0, 4) != MaskedCrc(checked)) return NoteDamage();
  NoteFragment(static_cast<unsigned char>(checked[0]), checked.substr(1));
}

void WalScan::NoteFragment(unsigned char type, std::string_view payload) {
  const bool starts = type == kFull || type == kFirst;
  const bool ends = type == kFull || type == kLast;
  if (starts == head_.has_value()) NoteDamage();
  if (starts) head_.emplace();
  if (!head_) return;
  head_->append(payload.substr(0, kRecordHeadBytes - head_->size()));
  if (ends) NoteRecord();
}

void WalScan::NoteDamage() {
  ++damage_count_;
  damaged_ = true;
  head_.reset();
}

void WalScan::NoteRecord() {
  ++record_count_;
  head_->resize(kRecordHeadBytes, '\0');
  const std::uint64_t sequence = LittleEndian(*head_, 0, 8);
  if (damaged_ && sequence > next_sequence_.value_or(0)) gap_after_damage_ = true;
  damaged_ = false;
  next_sequence_ = sequence + LittleEndian(*head_, 8, 4);
  head_.reset();
}

}  // namespace gramme
