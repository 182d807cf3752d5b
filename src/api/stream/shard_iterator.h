// ShardIterator: where a reader of a stream is, as opaque text that clients send back. It holds its
// stream and when it was given out, and a checksum over all of it, so that one that was garbled, or
// put together from two, is found out.

#ifndef GRAMME_API_STREAM_SHARD_ITERATOR_H_
#define GRAMME_API_STREAM_SHARD_ITERATOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "table/change_log/log_position.h"

namespace gramme {

// How long an iterator can be used.
inline constexpr Duration kShardIteratorLifetime = std::chrono::minutes(15);

struct ShardIterator {
  std::string stream_arn;
  std::uint32_t shard_number = 0;
  LogPosition position;  // of the first record that it has not passed
  WallTime issue_time{};
};

// `<stream arn>|1|<64 hexadecimal digits>`
std::string EncodeShardIterator(const ShardIterator& iterator);
// Nothing where EncodeShardIterator did not write the text.
std::optional<ShardIterator> DecodeShardIterator(std::string_view text);

}  // namespace gramme

#endif  // GRAMME_API_STREAM_SHARD_ITERATOR_H_
