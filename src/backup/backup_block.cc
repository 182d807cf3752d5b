#include "backup/backup_block.h"

#include <zstd.h>

#include <utility>

#include "base/check.h"
#include "base/result.h"
#include "encoding/envelope.h"
#include "encoding/record.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md.
constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kStoredPlain = 0;
constexpr std::uint64_t kStoredZstd = 1;

// Backups run beside requests: little processor time matters more than the last tenth of the size.
constexpr int kZstdLevel = 1;

std::unexpected<Status> Damaged(std::string_view why) {
  return StoreError(StatusCode::kCorruption, "a block of a backup: " + std::string(why));
}

void AppendLength(std::size_t length, std::string& out) {
  for (std::size_t i = kBlockLengthBytes; i > 0; --i) {
    out.push_back(static_cast<char>(length >> (8 * (i - 1)) & 0xFF));
  }
}

StoreResult<std::vector<char>> Unpack(std::uint64_t how, std::uint64_t raw_byte_count,
                                      std::string_view payload) {
  std::vector<char> raw(raw_byte_count);
  if (how == kStoredPlain) {
    if (payload.size() != raw_byte_count) return Damaged("a wrong length");
    raw.assign(payload.begin(), payload.end());
    return raw;
  }
  if (how != kStoredZstd) return Damaged("an unknown way of storing");
  const std::size_t got = ZSTD_decompress(raw.data(), raw.size(), payload.data(), payload.size());
  if (ZSTD_isError(got) != 0 || got != raw_byte_count) return Damaged("cannot be unpacked");
  return raw;
}

bool TakeBytes(std::string_view& rest, std::string_view& bytes) {
  std::uint64_t length = 0;
  if (!TakeVarint(rest, length) || length > rest.size()) return false;
  bytes = rest.substr(0, length);
  rest.remove_prefix(length);
  return true;
}

}  // namespace

void BlockBuilder::Add(std::string_view key, std::string_view value) {
  AppendVarint(key.size(), raw_);
  raw_ += key;
  AppendVarint(value.size(), raw_);
  raw_ += value;
  ++entry_count_;
}

std::string BlockBuilder::Finish() {
  GRAMME_CHECK(raw_.size() <= kBlockBytesMax / 2, "a block of a backup is too long");
  std::string packed(ZSTD_compressBound(raw_.size()), '\0');
  const std::size_t packed_byte_count =
      ZSTD_compress(packed.data(), packed.size(), raw_.data(), raw_.size(), kZstdLevel);
  const bool is_packed = ZSTD_isError(packed_byte_count) == 0 && packed_byte_count < raw_.size();
  std::string block = StartEnvelope(kVersion);
  AppendVarint(is_packed ? kStoredZstd : kStoredPlain, block);
  AppendVarint(raw_.size(), block);
  AppendVarint(entry_count_, block);
  block += is_packed ? std::string_view(packed).substr(0, packed_byte_count) : raw_;
  SealEnvelope(block);
  std::string out;
  AppendLength(block.size(), out);
  out += block;
  raw_.clear();
  entry_count_ = 0;
  return out;
}

StoreResult<std::size_t> DecodeBlockLength(std::string_view bytes) {
  GRAMME_CHECK(bytes.size() >= kBlockLengthBytes, "a length is cut off");
  std::size_t length = 0;
  for (std::size_t i = 0; i < kBlockLengthBytes; ++i) {
    length = length << 8 | static_cast<unsigned char>(bytes[i]);
  }
  if (length <= kEnvelopeBytes || length > kBlockBytesMax) return Damaged("an impossible length");
  return length;
}

StoreResult<BackupBlock> DecodeBlock(std::string_view stored) {
  GRAMME_TRY(const Envelope envelope, OpenEnvelope(stored, kVersion, "a block of a backup"));
  std::string_view rest = envelope.body;
  std::uint64_t how = 0;
  std::uint64_t raw_byte_count = 0;
  std::uint64_t entry_count = 0;
  if (!TakeVarint(rest, how) || !TakeVarint(rest, raw_byte_count) ||
      !TakeVarint(rest, entry_count) || raw_byte_count > kBlockBytesMax) {
    return Damaged("an impossible head");
  }
  GRAMME_TRY(std::vector<char> raw, Unpack(how, raw_byte_count, rest));
  BackupBlock block = {.bytes = std::move(raw), .entries = {}};
  std::string_view entries(block.bytes.data(), block.bytes.size());
  while (!entries.empty()) {
    BackupEntry entry;
    if (!TakeBytes(entries, entry.key) || !TakeBytes(entries, entry.value)) {
      return Damaged("an entry is cut off");
    }
    block.entries.push_back(entry);
  }
  if (block.entries.size() != entry_count) return Damaged("a wrong number of entries");
  return block;
}

}  // namespace gramme
