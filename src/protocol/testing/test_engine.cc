#include "protocol/testing/test_engine.h"

#include "base/check.h"

namespace gramme {
namespace {

// Operations of these tests never look at backups; the reference leads to no object.
char no_backups;

}  // namespace

TestEngine::TestEngine()
    : engine{.store = store,
             .catalog = catalog,
             .jobs = jobs,
             .backups = reinterpret_cast<Backups&>(no_backups),
             .recovery = reinterpret_cast<Recovery&>(no_backups),
             .clock = clock,
             .random = random,
             .settings = settings} {
  GRAMME_CHECK(catalog.Load().has_value(), "an empty catalog");
}

}  // namespace gramme
