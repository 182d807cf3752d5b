// The envelope around an item or a record: `version byte | checksum | body`. It tells what wrote
// the bytes and whether they are still what was written. Knows nothing of the body. Part of the
// format, see docs/internals/formats.md.

#ifndef GRAMME_ENCODING_ENVELOPE_H_
#define GRAMME_ENCODING_ENVELOPE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace gramme {

inline constexpr std::size_t kEnvelopeBytes = 1 + 8;

// The start of an envelope, to which the body is appended. REQUIRES: version > 0.
std::string StartEnvelope(std::uint8_t version);
// Fills in the checksum, once the body is complete. REQUIRES: made by StartEnvelope.
void SealEnvelope(std::string& bytes);

struct Envelope {
  std::uint8_t version = 0;
  std::string_view body;  // borrowed from the bytes opened
};

// Errors: kCorruption where the bytes are not what was sealed, or the version is beyond the one
// that the caller knows. `what` names the thing in the message: `item`, `record`.
StoreResult<Envelope> OpenEnvelope(std::string_view bytes, std::uint8_t version_max,
                                   std::string_view what);

}  // namespace gramme

#endif  // GRAMME_ENCODING_ENVELOPE_H_
