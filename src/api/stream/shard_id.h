// ShardId: the name of a shard of a stream. `shardId-`, the time of its creation in milliseconds
// with 20 digits, `-`, and its number with 8 hexadecimal ones: names of a stream sort as its shards
// do.

#ifndef GRAMME_API_STREAM_SHARD_ID_H_
#define GRAMME_API_STREAM_SHARD_ID_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/table_description.h"

namespace gramme {

struct ShardName {
  std::uint64_t creation_ms = 0;  // since 1970
  std::uint32_t number = 0;
};

std::string ShardId(const LogShard& shard);
// Nothing where ShardId never writes such a text.
std::optional<ShardName> ParseShardId(std::string_view text);

}  // namespace gramme

#endif  // GRAMME_API_STREAM_SHARD_ID_H_
