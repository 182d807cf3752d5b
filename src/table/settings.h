// What an operator chose that tables behave by.

#ifndef GRAMME_TABLE_SETTINGS_H_
#define GRAMME_TABLE_SETTINGS_H_

#include <string>

#include "base/clock.h"
#include "model/arn.h"

namespace gramme {

struct Settings {
  ArnLabels labels;
  // How long CREATING, UPDATING and DELETING last at least; 0: as long as the work takes.
  Duration transition_delay{0};
};

}  // namespace gramme

#endif  // GRAMME_TABLE_SETTINGS_H_
