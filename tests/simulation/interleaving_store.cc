#include "tests/simulation/interleaving_store.h"

#include "base/planted_bug.h"

namespace gramme {

StoreResult<UpdateOutcome> InterleavingStore::Update(std::span<const Key> keys,
                                                     std::span<const Guard> guards,
                                                     const UpdateOptions& options, Decide decide) {
  if (!guards.empty()) pause_();
  if (BugIsPlanted("guard_ignored")) guards = {};
  return store_.Update(keys, guards, options, decide);
}

}  // namespace gramme
