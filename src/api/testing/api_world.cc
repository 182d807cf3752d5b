#include "api/testing/api_world.h"

#include "table/table_drop.h"

namespace gramme {
namespace {

// Operations on items never look at backups; the reference leads to no object.
char no_backups;

}  // namespace

ApiWorld::ApiWorld(const ItemWorldOptions& options)
    : items_(options),
      executor_(items_.clock(), random_),
      jobs_(items_.store(), executor_, items_.clock(), random_),
      engine_{.store = items_.store(),
              .catalog = items_.catalog(),
              .jobs = jobs_,
              .backups = reinterpret_cast<Backups&>(no_backups),
              .recovery = reinterpret_cast<Recovery&>(no_backups),
              .clock = items_.clock(),
              .random = random_,
              .settings = settings_} {
  RegisterTableDrop(jobs_, items_.store(), items_.catalog());
}

}  // namespace gramme
