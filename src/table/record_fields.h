// The fields that several stored records have in common: times, enumerations, counted sequences.
// Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_TABLE_RECORD_FIELDS_H_
#define GRAMME_TABLE_RECORD_FIELDS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "encoding/record.h"

namespace gramme {

inline std::uint64_t Micros(WallTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

inline WallTime TakeTime(RecordReader& in) {
  return WallTime(Duration(static_cast<std::int64_t>(in.Unsigned())));
}

inline void WriteTime(const std::optional<WallTime>& time, RecordWriter& out) {
  out.Bool(time.has_value());
  if (time) out.Unsigned(Micros(*time));
}

inline std::optional<WallTime> TakeOptionalTime(RecordReader& in) {
  if (!in.Bool()) return std::nullopt;
  return TakeTime(in);
}

inline std::string TakeString(RecordReader& in) { return std::string(in.Bytes()); }

template <typename Enum>
void WriteEnum(Enum value, RecordWriter& out) {
  out.Unsigned(static_cast<std::uint64_t>(value));
}

// A value that no version has is damage: reading past the end makes the record bad.
template <typename Enum>
Enum TakeEnum(RecordReader& in, Enum last) {
  const std::uint64_t value = in.Unsigned();
  if (value <= static_cast<std::uint64_t>(last)) return static_cast<Enum>(value);
  while (!in.AtEnd()) in.Unsigned();
  in.Unsigned();
  return Enum{};
}

// Calls `take` for each of a counted sequence, as far as there is anything left to read.
template <typename Take>
void TakeEach(RecordReader& in, Take take) {
  const std::uint64_t count = in.Unsigned();
  for (std::uint64_t i = 0; i < count && !in.AtEnd(); ++i) take();
}

}  // namespace gramme

#endif  // GRAMME_TABLE_RECORD_FIELDS_H_
