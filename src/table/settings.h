// What an operator chose that tables behave by.

#ifndef GRAMME_TABLE_SETTINGS_H_
#define GRAMME_TABLE_SETTINGS_H_

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "model/arn.h"

namespace gramme {

struct Settings {
  ArnLabels labels;
  // How long CREATING, UPDATING and DELETING last at least; 0: as long as the work takes.
  Duration transition_delay{0};
  // Open shards of a new stream, in each group of the store: a power of two.
  std::uint32_t stream_shard_count = 1;
};

}  // namespace gramme

#endif  // GRAMME_TABLE_SETTINGS_H_
