#include "api/time_to_live/update_time_to_live.h"

#include <gtest/gtest.h>

#include "api/testing/table_api_world.h"
#include "api/time_to_live/describe_time_to_live.h"

namespace gramme {
namespace {

TEST(UpdateTimeToLiveTest, TurnsItOnAndOff) {
  TableApiWorld api({.transition_delay = std::chrono::seconds(2)});
  const std::string arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";
  const UpdateTimeToLiveRequest request = {
      .table_name = arn,
      .time_to_live_specification = {.enabled = true, .attribute_name = "until"}};
  EXPECT_EQ(api.ProblemOf<UpdateTimeToLive>(request),
            "ResourceNotFoundException: Requested resource not found: Table: Music not found");
  ASSERT_TRUE(api.world.Create("Music"));
  const auto described = [&] {
    const auto answer = api.Call<DescribeTimeToLive>({.table_name = arn});
    const TimeToLiveDescriptionShape& shape = answer->time_to_live_description;
    return shape.time_to_live_status + " " + shape.attribute_name.value_or("-");
  };
  const auto change = [&](bool enabled) {
    UpdateTimeToLiveRequest changed = request;
    changed.time_to_live_specification.enabled = enabled;
    return api.Call<UpdateTimeToLive>(changed);
  };
  ASSERT_TRUE(api.world.RunJobs());
  EXPECT_EQ(described(), "DISABLED -");
  const auto answer = change(true);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->time_to_live_specification.enabled);
  EXPECT_EQ(answer->time_to_live_specification.attribute_name, "until");
  EXPECT_EQ(described(), "ENABLING until");
  EXPECT_EQ(api.world.Find("Music")->description().status, TableStatus::kActive);
  ASSERT_TRUE(api.world.RunJobs());
  EXPECT_EQ(described(), "ENABLED until");
  ASSERT_TRUE(change(false));
  EXPECT_EQ(described(), "DISABLING until");
  ASSERT_TRUE(api.world.RunJobs());
  EXPECT_EQ(described(), "DISABLED -");
}

}  // namespace
}  // namespace gramme
