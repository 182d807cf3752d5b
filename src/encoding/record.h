// Records: the envelope of everything stored that is not an item (table descriptions, jobs, tokens,
// backup manifests' parts): `version byte | checksum | fields`. A RecordWriter appends fields in
// order; a RecordReader reads them in the same order. Part of the format, see
// docs/internals/formats.md: a record kind's fields only grow at the end, with its version byte.

#ifndef GRAMME_ENCODING_RECORD_H_
#define GRAMME_ENCODING_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace gramme {

class RecordWriter {
 public:
  explicit RecordWriter(std::uint8_t version);

  // Makes room for so many bytes of fields at once.
  void Reserve(std::size_t byte_count);

  void Unsigned(std::uint64_t value);  // varint
  void Signed(std::int64_t value);     // zigzag varint
  void Bool(bool value) { Unsigned(value ? 1 : 0); }
  void Bytes(std::string_view value);  // length, bytes

  // The record, checksum filled in. Once.
  std::string Finish() &&;

 private:
  std::string bytes_;
};

// Every read past the end or of a damaged field gives zero values and marks the reader bad; check
// once, at the end. Borrows the bytes.
class RecordReader {
 public:
  // Errors: kCorruption where the checksum is wrong or `version_max` is exceeded.
  static StoreResult<RecordReader> Open(std::string_view bytes, std::uint8_t version_max);

  std::uint8_t version() const { return version_; }
  std::uint64_t Unsigned();
  std::int64_t Signed();
  bool Bool() { return Unsigned() != 0; }
  std::string_view Bytes();
  // Nothing left to read.
  bool AtEnd() const { return rest_.empty(); }

  // Errors: kCorruption if any field was damaged.
  StoreResult<void> Finish() const;

 private:
  std::uint8_t version_ = 0;
  std::string_view rest_;
  bool bad_ = false;
};

// Varints, for formats that are not records.
void AppendVarint(std::uint64_t value, std::string& out);
// False, and nothing taken, where the bytes do not begin with a varint of at most 64 bits.
bool TakeLongVarint(std::string_view& bytes, std::uint64_t& value);
inline bool TakeVarint(std::string_view& bytes, std::uint64_t& value) {
  if (bytes.empty() || static_cast<unsigned char>(bytes[0]) >= 0x80) {
    return TakeLongVarint(bytes, value);
  }
  value = static_cast<unsigned char>(bytes[0]);
  bytes.remove_prefix(1);
  return true;
}

}  // namespace gramme

#endif  // GRAMME_ENCODING_RECORD_H_
