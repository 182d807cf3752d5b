// TestEngine: what stands below a dispatcher, over a memory store with manual durability, without
// backups. For tests of the edge alone; tests/simulation has a whole server.

#ifndef GRAMME_PROTOCOL_TESTING_TEST_ENGINE_H_
#define GRAMME_PROTOCOL_TESTING_TEST_ENGINE_H_

#include "api/operation_context.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/random.h"
#include "storage/memory/memory_store.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"

namespace gramme {

// Single-threaded. Stays where it is: the engine refers to its parts.
struct TestEngine {
  TestEngine();
  TestEngine(const TestEngine&) = delete;
  TestEngine& operator=(const TestEngine&) = delete;

  SimulatedClock clock;
  SeededRandom random{1};
  SimulatedExecutor executor{clock, random};
  MemoryStore store{{.durability = MemoryDurability::kManual, .clock = &clock}};
  Settings settings;
  Catalog catalog{store};
  Jobs jobs{store, executor, clock, random};
  Engine engine;
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_TESTING_TEST_ENGINE_H_
