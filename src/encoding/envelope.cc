#include "encoding/envelope.h"

#include <xxhash.h>

#include "base/big_endian.h"
#include "base/check.h"
#include "encoding/key_encoding.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md. Odd, so that distinct versions give distinct
// checksums of the same body, far apart in bits.
constexpr std::uint64_t kVersionFactor = 0x9E3779B97F4A7C15;

std::uint64_t Checksum(std::uint8_t version, std::string_view body) {
  return XXH3_64bits(body.data(), body.size()) ^ (version * kVersionFactor);
}

}  // namespace

std::string StartEnvelope(std::uint8_t version) {
  GRAMME_CHECK(version > 0, "version 0 is never written, so that zeroed bytes are never valid");
  std::string bytes(kEnvelopeBytes, '\0');
  bytes[0] = static_cast<char>(version);
  return bytes;
}

void SealEnvelope(std::string& bytes) {
  GRAMME_CHECK(bytes.size() >= kEnvelopeBytes, "sealed what was not started");
  const std::string_view body = std::string_view(bytes).substr(kEnvelopeBytes);
  std::uint64_t checksum = Checksum(static_cast<std::uint8_t>(bytes[0]), body);
  for (std::size_t i = kEnvelopeBytes - 1; i > 0; --i, checksum >>= 8) {
    bytes[i] = static_cast<char>(checksum & 0xFF);
  }
}

StoreResult<Envelope> OpenEnvelope(std::string_view bytes, std::uint8_t version_max,
                                   std::string_view what) {
  const auto damaged = [what](std::string_view why) {
    return StoreError(StatusCode::kCorruption, std::string(what) + ": " + std::string(why));
  };
  if (bytes.size() < kEnvelopeBytes) return damaged("shorter than its envelope");
  const auto version = static_cast<std::uint8_t>(bytes[0]);
  const std::string_view body = bytes.substr(kEnvelopeBytes);
  if (version == 0) return damaged("has no version");
  if (ReadBigEndian64(bytes.substr(1)) != Checksum(version, body)) {
    return damaged("does not match its checksum");
  }
  if (version > version_max) {
    return damaged("has version " + std::to_string(version) + ", newer than this program knows");
  }
  return Envelope{.version = version, .body = body};
}

}  // namespace gramme
