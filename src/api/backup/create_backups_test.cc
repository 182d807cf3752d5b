#include "api/backup/create_backups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/backup/testing/backup_operations.h"

namespace gramme {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class CreateBackupsTest : public BackupOperationsTest {
 protected:
  CreateBackupsTest() {
    world.MakeTable("Music");
    world.MakeTable("Games");
  }
};

TEST_F(CreateBackupsTest, MakesOneOfEachTableInTheirOrder) {
  const std::string arn = TableArn(world.settings.labels, "Music");
  const auto answer = Run<CreateBackups>({.table_names = {"Games", arn}, .backup_name = "Both"});
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  ASSERT_THAT(answer->backup_details, SizeIs(2));
  EXPECT_THAT(answer->backup_details[0].backup_arn, ::testing::HasSubstr("/Games/backup/"));
  EXPECT_THAT(answer->backup_details[1].backup_arn, ::testing::HasSubstr("/Music/backup/"));
  for (const BackupDetailsShape& details : answer->backup_details) {
    EXPECT_EQ(details.backup_status, "CREATING");
    EXPECT_EQ(details.backup_name, "Both");
  }
  ASSERT_TRUE(world.RunJobs());
  for (const BackupDescription& backup : world.backups().List({}).backups) {
    EXPECT_EQ(backup.status, BackupStatus::kAvailable);
  }
}

TEST_F(CreateBackupsTest, MakesAllOrNone) {
  EXPECT_EQ(Refusal<CreateBackups>({.table_names = {"Games", "Absent"}, .backup_name = "Both"}),
            "TableNotFoundException: Table not found: Absent");
  EXPECT_EQ(Refusal<CreateBackups>({.table_names = {"Games", "Games"}, .backup_name = "Both"}),
            "ValidationException: One or more parameter values were invalid: TableNames names a "
            "table twice: Games");
  EXPECT_THAT(world.backups().List({}).backups, IsEmpty());
}

}  // namespace
}  // namespace gramme
