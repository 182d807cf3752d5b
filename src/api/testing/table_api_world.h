// TableApiWorld: the operations on tables over a TableWorld, called as the edge calls them, but
// without it.

#ifndef GRAMME_API_TESTING_TABLE_API_WORLD_H_
#define GRAMME_API_TESTING_TABLE_API_WORLD_H_

#include <gtest/gtest.h>

#include <string>

#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"
#include "table/testing/table_world.h"

namespace gramme {

// Single-threaded. No backups.
class TableApiWorld {
 public:
  explicit TableApiWorld(const TableWorldOptions& options = {}) : world(options) {}

  template <typename Operation>
  Result<typename Operation::Response> Call(const typename Operation::Request& request) {
    Engine engine{.store = world.store,
                  .catalog = world.catalog(),
                  .jobs = world.jobs(),
                  .backups = reinterpret_cast<Backups&>(no_backups_),
                  .recovery = reinterpret_cast<Recovery&>(no_backups_),
                  .clock = world.clock,
                  .random = world.random,
                  .settings = world.settings};
    const auto plan = Operation::Validate(request);
    if (!plan) return std::unexpected(plan.error());
    EXPECT_FALSE(Operation::Resources(request, *plan).empty());
    OperationContext context(engine, principal, "request", "example:8000", ReadTier::kDisk,
                             world.catalog().view());
    return Operation::Run(request, *plan, context);
  }

  template <typename Operation>
  std::string ProblemOf(const typename Operation::Request& request) {
    const auto response = Call<Operation>(request);
    return response ? ""
                    : std::string(ErrorCodeName(response.error().code)) + ": " +
                          response.error().message;
  }

  TableWorld world;
  Principal principal;

 private:
  // Operations on tables never look at backups; the reference leads to no object.
  char no_backups_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_API_TESTING_TABLE_API_WORLD_H_
