// Key tuples as bytes whose unsigned byte order is the order of their values. Part of the format,
// see docs/internals/formats.md.
//
// A base key is `hash | partition tuple | sort tuple`; an index key is
// `hash | index partition tuple | index sort tuple | base partition tuple | base sort tuple`. The
// hash is XXH3-64 with seed 0 of the (index's) encoded partition tuple, 8 bytes big-endian. A tuple
// holds one to four typed values (S, N, B), each self-delimiting and no encoding a prefix of
// another, so that "all with this partition key", "those that begin with" and "after this key" are
// plain byte ranges.
//
// Knows no tables: a caller hands it values in schema order.

#ifndef GRAMME_ENCODING_KEY_ENCODING_H_
#define GRAMME_ENCODING_KEY_ENCODING_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "model/attribute_value.h"

namespace gramme {

inline constexpr std::size_t kHashBytes = 8;

// Appends one value. REQUIRES: a string, number or binary.
void AppendKeyValue(const AttributeValue& value, std::string& out);
// Appends each.
void AppendKeyTuple(std::span<const AttributeValue* const> values, std::string& out);

// Appends the encoding of a string or binary without its terminator: the common prefix of every
// value that begins with it, for begins_with. REQUIRES: a string or binary.
void AppendKeyValuePrefix(const AttributeValue& value, std::string& out);

// Reads one value from the front of `bytes` and removes it. Errors: kCorruption.
StoreResult<AttributeValue> TakeKeyValue(std::string_view& bytes);

// XXH3-64, seed 0. Part of the format: it places items and bounds parallel scan segments.
std::uint64_t HashOfPartition(std::string_view encoded_partition_tuple);

// The smallest string greater than every string that begins with `prefix`; empty if there is none.
std::string PrefixEnd(std::string_view prefix);

}  // namespace gramme

#endif  // GRAMME_ENCODING_KEY_ENCODING_H_
