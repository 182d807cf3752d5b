#include "encoding/record.h"

#include <utility>

#include "base/result.h"
#include "encoding/envelope.h"

namespace gramme {
namespace {

// Seven bits to a byte: 64 bits need ten, and the tenth holds one bit.
constexpr int kVarintBytesMax = 10;

}  // namespace

void AppendVarint(std::uint64_t value, std::string& out) {
  while (value >= 0x80) {
    out += static_cast<char>((value & 0x7F) | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

bool TakeLongVarint(std::string_view& bytes, std::uint64_t& value) {
  std::uint64_t read = 0;
  for (std::size_t i = 0; i < bytes.size() && i < kVarintBytesMax; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    read |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if (byte >= 0x80) continue;
    // One value, one encoding: no last byte that adds nothing, no bits beyond the 64th.
    if (i > 0 && byte == 0) return false;
    if (i == kVarintBytesMax - 1 && byte > 1) return false;
    bytes.remove_prefix(i + 1);
    value = read;
    return true;
  }
  return false;
}

RecordWriter::RecordWriter(std::uint8_t version) : bytes_(StartEnvelope(version)) {}

void RecordWriter::Reserve(std::size_t byte_count) { bytes_.reserve(bytes_.size() + byte_count); }

void RecordWriter::Unsigned(std::uint64_t value) { AppendVarint(value, bytes_); }

void RecordWriter::Signed(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  AppendVarint((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0), bytes_);
}

void RecordWriter::Bytes(std::string_view value) {
  AppendVarint(value.size(), bytes_);
  bytes_ += value;
}

std::string RecordWriter::Finish() && {
  SealEnvelope(bytes_);
  return std::move(bytes_);
}

StoreResult<RecordReader> RecordReader::Open(std::string_view bytes, std::uint8_t version_max) {
  GRAMME_TRY(const Envelope envelope, OpenEnvelope(bytes, version_max, "record"));
  RecordReader reader;
  reader.version_ = envelope.version;
  reader.rest_ = envelope.body;
  return reader;
}

std::uint64_t RecordReader::Unsigned() {
  std::uint64_t value = 0;
  if (bad_ || !TakeVarint(rest_, value)) {
    bad_ = true;
    rest_ = {};  // so that a loop until AtEnd() ends
    return 0;
  }
  return value;
}

std::int64_t RecordReader::Signed() {
  const std::uint64_t bits = Unsigned();
  return static_cast<std::int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~std::uint64_t{0} : 0));
}

std::string_view RecordReader::Bytes() {
  const std::uint64_t size = Unsigned();
  if (bad_ || size > rest_.size()) {
    bad_ = true;
    rest_ = {};
    return {};
  }
  const std::string_view value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return value;
}

StoreResult<void> RecordReader::Finish() const {
  if (bad_) return StoreError(StatusCode::kCorruption, "record: a field is damaged or missing");
  return {};
}

}  // namespace gramme
