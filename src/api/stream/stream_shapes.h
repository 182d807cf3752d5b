// The shapes that requests and answers about streams share.

#ifndef GRAMME_API_STREAM_STREAM_SHAPES_H_
#define GRAMME_API_STREAM_STREAM_SHAPES_H_

#include <optional>
#include <string>

#include "model/shape.h"

namespace gramme {

inline constexpr Constraints kStreamArnConstraints = {
    .required = true, .length_min = 37, .length_max = 1024};

struct SequenceNumberRange {
  std::string starting_sequence_number;
  std::optional<std::string> ending_sequence_number;  // of a closed shard
};

template <typename Visitor>
void VisitMembers(Visitor& visit, SequenceNumberRange& range) {
  visit.Member("StartingSequenceNumber", range.starting_sequence_number, {});
  visit.Member("EndingSequenceNumber", range.ending_sequence_number, {});
}

struct ShardShape {
  std::string shard_id;
  SequenceNumberRange sequence_number_range;
  std::optional<std::string> parent_shard_id;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ShardShape& shard) {
  visit.Member("ShardId", shard.shard_id, {});
  visit.Member("SequenceNumberRange", shard.sequence_number_range, {});
  visit.Member("ParentShardId", shard.parent_shard_id, {});
}

}  // namespace gramme

#endif  // GRAMME_API_STREAM_STREAM_SHAPES_H_
