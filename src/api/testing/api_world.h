// ApiWorld: the operations on items over an ItemWorld, called as the edge calls them, but without
// it.

#ifndef GRAMME_API_TESTING_API_WORLD_H_
#define GRAMME_API_TESTING_API_WORLD_H_

#include <string>

#include "api/operation_context.h"
#include "base/check.h"
#include "base/executor.h"
#include "base/random.h"
#include "base/result.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"
#include "table/testing/item_world.h"

namespace gramme {

// Single-threaded. No backups.
class ApiWorld {
 public:
  explicit ApiWorld(const ItemWorldOptions& options = {});
  ApiWorld(const ApiWorld&) = delete;
  ApiWorld& operator=(const ApiWorld&) = delete;

  ItemWorld& items() { return items_; }
  Engine& engine() { return engine_; }

  // Validates and runs.
  template <typename Operation>
  Result<typename Operation::Response> Call(const typename Operation::Request& request,
                                            ReadTier tier = ReadTier::kDisk) {
    GRAMME_TRY(const typename Operation::Plan plan, Operation::Validate(request));
    GRAMME_CHECK(!Operation::Resources(request, plan).empty(), "every operation asks permission");
    OperationContext context(engine_, principal_, "request", "localhost", tier,
                             items_.catalog().view());
    return Operation::Run(request, plan, context);
  }

  // The message of the refusal, or nothing.
  template <typename Operation>
  std::string ProblemOf(const typename Operation::Request& request) {
    const auto response = Call<Operation>(request);
    return response ? "" : response.error().message;
  }

 private:
  ItemWorld items_;
  SeededRandom random_{1};
  SimulatedExecutor executor_;
  Settings settings_;
  Jobs jobs_;
  Principal principal_;
  Engine engine_;
};

}  // namespace gramme

#endif  // GRAMME_API_TESTING_API_WORLD_H_
