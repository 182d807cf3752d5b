// The operations over a BackupWorld, called as the edge calls them: for tests of those on backups.

#ifndef GRAMME_API_BACKUP_TESTING_BACKUP_OPERATIONS_H_
#define GRAMME_API_BACKUP_TESTING_BACKUP_OPERATIONS_H_

#include <gtest/gtest.h>

#include <string>

#include "api/operation_context.h"
#include "backup/testing/backup_world.h"
#include "base/result.h"
#include "model/arn.h"
#include "table/index/index_backfill.h"
#include "table/index/index_drop.h"

namespace gramme {

class BackupOperationsTest : public ::testing::Test {
 protected:
  BackupOperationsTest() {
    RegisterIndexBackfill(world.process().jobs, world.store, world.process().catalog);
    RegisterIndexDrop(world.process().jobs, world.store, world.process().catalog);
  }

  template <typename Operation>
  Result<typename Operation::Response> Run(const typename Operation::Request& request) {
    GRAMME_TRY(const auto plan, Operation::Validate(request));
    EXPECT_FALSE(Operation::Resources(request, plan).empty());
    Engine engine = {.store = world.store,
                     .catalog = world.process().catalog,
                     .jobs = world.process().jobs,
                     .backups = world.backups(),
                     .recovery = world.recovery(),
                     .clock = world.clock,
                     .random = world.random,
                     .settings = world.settings};
    const Principal principal;
    OperationContext context(engine, principal, "request", "localhost", ReadTier::kDisk,
                             engine.catalog.view());
    return Operation::Run(request, plan, context);
  }

  // `Code: message` of a refusal, or nothing.
  template <typename Operation>
  std::string Refusal(const typename Operation::Request& request) {
    const auto response = Run<Operation>(request);
    if (response) return "";
    return std::string(ErrorCodeName(response.error().code)) + ": " + response.error().message;
  }

  std::string ArnOf(const std::string& id, const std::string& table = "Music") {
    return BackupArn(world.settings.labels, table, id);
  }
  std::string Make(const std::string& table = "Music") {
    world.clock.Advance(std::chrono::seconds(1));
    if (world.Find(table) == nullptr) world.MakeTable(table);
    return ArnOf(world.MakeBackup(table), table);
  }

  BackupWorld world;
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_TESTING_BACKUP_OPERATIONS_H_
