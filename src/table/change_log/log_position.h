// LogPosition: a place in a change log, and its text, the SequenceNumber of the streams API.
//
// A record is named by the time of its commit, in which no two commits of a group agree, and its
// place among the changes of that commit. So positions stand in the order of the commits, across
// the shards of a stream too, and grow by whatever a clock does.

#ifndef GRAMME_TABLE_CHANGE_LOG_LOG_POSITION_H_
#define GRAMME_TABLE_CHANGE_LOG_LOG_POSITION_H_

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace gramme {

struct LogPosition {
  std::uint64_t micros = 0;  // of the commit, since 1970
  std::uint32_t index = 0;   // of the change in its commit

  // The first place after this one.
  LogPosition Next() const { return {.micros = micros, .index = index + 1}; }
  // Before 1970 there is nothing: a clock that was never set has no place before all others.
  static LogPosition At(WallTime time) {
    const auto micros = std::max(time.time_since_epoch(), WallTime::duration(0)).count();
    return {.micros = static_cast<std::uint64_t>(micros)};
  }
  WallTime time() const { return WallTime(Duration(static_cast<std::int64_t>(micros))); }

  friend auto operator<=>(const LogPosition&, const LogPosition&) = default;
};

// 21 to 40 decimal digits that sort as the positions do, as numbers; 24 of them in our days.
std::string SequenceNumber(const LogPosition& position);
// Nothing where the text is not decimal digits, 21 to 40 of them. Numbers that were never given out
// are places too: between, before or after those that were.
std::optional<LogPosition> ParseSequenceNumber(std::string_view text);

}  // namespace gramme

#endif  // GRAMME_TABLE_CHANGE_LOG_LOG_POSITION_H_
