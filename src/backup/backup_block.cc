#include "backup/backup_block.h"

#include <zstd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md.
constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kStoredPlain = 0;
constexpr std::uint64_t kStoredZstd = 1;

// Backups run beside requests: little processor time matters more than the last tenth of the size.
constexpr int kZstdLevel = 1;
// What packing must gain, as a part of the block: unpacking costs time whenever it is read.
constexpr std::size_t kGainPartMin = 16;
// After so many blocks in a row that did not gain it, only one in kTrialInterval is tried.
constexpr std::size_t kFutileCountMax = 4;
constexpr std::size_t kTrialInterval = 16;

std::unexpected<Status> Damaged(std::string_view why) {
  return StoreError(StatusCode::kCorruption, "a block of a backup: " + std::string(why));
}

void AppendLength(std::size_t length, std::string& out) {
  for (std::size_t i = kBlockLengthBytes; i > 0; --i) {
    out.push_back(static_cast<char>(length >> (8 * (i - 1)) & 0xFF));
  }
}

// The bytes of the entries: in `payload`, or unpacked into `unpacked`.
StoreResult<std::string_view> Unpack(std::uint64_t how, std::uint64_t raw_byte_count,
                                     std::string_view payload, std::unique_ptr<char[]>& unpacked) {
  if (how == kStoredPlain) {
    if (payload.size() != raw_byte_count) return Damaged("a wrong length");
    return payload;
  }
  if (how != kStoredZstd) return Damaged("an unknown way of storing");
  unpacked = std::make_unique_for_overwrite<char[]>(raw_byte_count);
  const std::size_t got =
      ZSTD_decompress(unpacked.get(), raw_byte_count, payload.data(), payload.size());
  if (ZSTD_isError(got) != 0 || got != raw_byte_count) return Damaged("cannot be unpacked");
  return std::string_view(unpacked.get(), raw_byte_count);
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

std::string_view BlockBuilder::Pack() {
  if (futile_count_ >= kFutileCountMax && ++untried_count_ < kTrialInterval) return {};
  untried_count_ = 0;
  const std::size_t bound = ZSTD_compressBound(raw_.size());
  if (packed_capacity_ < bound) {
    packed_ = std::make_unique_for_overwrite<char[]>(bound);
    packed_capacity_ = bound;
  }
  const std::size_t byte_count =
      ZSTD_compress(packed_.get(), packed_capacity_, raw_.data(), raw_.size(), kZstdLevel);
  if (ZSTD_isError(byte_count) != 0 || byte_count > raw_.size() - raw_.size() / kGainPartMin) {
    ++futile_count_;
    return {};
  }
  futile_count_ = 0;
  return {packed_.get(), byte_count};
}

const std::string& BlockBuilder::Finish() {
  GRAMME_CHECK(raw_.size() <= kBlockBytesMax / 2, "a block of a backup is too long");
  const std::string_view packed = Pack();
  envelope_ = StartEnvelope(kVersion);
  AppendVarint(packed.empty() ? kStoredPlain : kStoredZstd, envelope_);
  AppendVarint(raw_.size(), envelope_);
  AppendVarint(entry_count_, envelope_);
  envelope_ += packed.empty() ? std::string_view(raw_) : packed;
  SealEnvelope(envelope_);
  out_.clear();
  AppendLength(envelope_.size(), out_);
  out_ += envelope_;
  raw_.clear();
  entry_count_ = 0;
  return out_;
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
  BackupBlock block;
  GRAMME_TRY(std::string_view entries, Unpack(how, raw_byte_count, rest, block.unpacked));
  block.byte_count = entries.size();
  // An entry has two lengths at least; a damaged count must not take memory.
  block.entries.reserve(std::min<std::uint64_t>(entry_count, entries.size() / 2));
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
