#include "storage/rocksdb/wal_scan.h"

#include <array>
#include <cstddef>

namespace gramme {
namespace {

// The framing of RocksDB's log format: blocks of 32 KiB; fragments `masked CRC-32C of type and
// payload, 4 | payload length, 2 | type, 1 | payload`, little-endian; no fragment crosses a block.
constexpr std::size_t kBlockBytes = 32768;
constexpr std::size_t kHeaderBytes = 7;
enum FragmentType : unsigned char { kZero = 0, kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

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

std::uint32_t LittleEndian(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i > 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[offset + i - 1]);
  }
  return value;
}

class Scanner {
 public:
  explicit Scanner(std::string_view log) : log_(log) {}

  WalScan Run() {
    while (offset_ < log_.size()) ReadFragment();
    return scan_;
  }

 private:
  std::size_t LeftInBlock() const {
    return std::min(kBlockBytes - offset_ % kBlockBytes, log_.size() - offset_);
  }

  void SkipBlock() { offset_ += LeftInBlock(); }

  void NoteDamage() {
    if (!scan_.damage_offset) scan_.damage_offset = offset_;
    in_record_ = false;
  }

  void NoteWhole() {
    ++scan_.whole_record_count;
    if (scan_.damage_offset) scan_.whole_after_damage = true;
    in_record_ = false;
  }

  void ReadFragment() {
    const std::size_t left = LeftInBlock();
    if (left < kHeaderBytes || IsZero(log_.substr(offset_, left))) return SkipBlock();
    const std::size_t length = LittleEndian(log_, offset_ + 4, 2);
    if (kHeaderBytes + length > left) {
      NoteDamage();
      return SkipBlock();
    }
    const std::string_view checked = log_.substr(offset_ + 6, 1 + length);
    if (LittleEndian(log_, offset_, 4) != MaskedCrc(checked)) {
      NoteDamage();
    } else {
      NoteFragment(static_cast<unsigned char>(checked[0]));
    }
    offset_ += kHeaderBytes + length;
  }

  void NoteFragment(unsigned char type) {
    if (type == kFull) return NoteWhole();
    if (type == kFirst) {
      if (in_record_) NoteDamage();
      in_record_ = true;
    } else if (!in_record_) {
      NoteDamage();
    } else if (type == kLast) {
      NoteWhole();
    }
  }

  static bool IsZero(std::string_view bytes) {
    return bytes.find_first_not_of('\0') == std::string_view::npos;
  }

  std::string_view log_;
  std::size_t offset_ = 0;
  bool in_record_ = false;
  WalScan scan_;
};

}  // namespace

WalScan ScanWal(std::string_view log) { return Scanner(log).Run(); }

}  // namespace gramme
