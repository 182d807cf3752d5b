// Who follows a stream, whatever happens to it, has the table.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "api/stream/testing/stream_fixture.h"
#include "api/stream/update_stream_shard_count.h"
#include "base/random.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

// Follows a stream from shard to shard, in pages, and goes on from sequence numbers now and then.
class Follower {
 public:
  Follower(ApiWorld& world, Random& random, std::string arn)
      : world_(world), random_(random), arn_(std::move(arn)) {}

  // Reads what is there: each shard once its parent has been read to its end.
  void ReadAll() {
    const auto described = world_.Call<DescribeStream>({.stream_arn = arn_});
    ASSERT_TRUE(described);
    for (const ShardShape& shard : described->stream_description.shards) {
      if (done_.contains(shard.shard_id)) continue;
      ASSERT_TRUE(!shard.parent_shard_id || done_.contains(*shard.parent_shard_id));
      ReadShard(shard);
    }
  }

  const std::map<std::string, Item>& replica() const { return replica_; }

 private:
  void ReadShard(const ShardShape& shard) {
    std::optional<std::string> iterator = Begin(shard);
    while (iterator) {
      const auto page = world_.Call<GetRecords>(
          {.shard_iterator = *iterator, .limit = static_cast<std::int64_t>(1 + random_.Below(5))});
      ASSERT_TRUE(page) << page.error().message;
      for (const RecordShape& record : page->records) Apply(shard.shard_id, record);
      iterator = page->next_shard_iterator;
      if (page->records.empty() && iterator) return;
      if (iterator && random_.OneIn(3)) iterator = Begin(shard);
    }
    done_.insert(shard.shard_id);
  }

  std::string Begin(const ShardShape& shard) {
    GetShardIteratorRequest request = {.stream_arn = arn_, .shard_id = shard.shard_id};
    const auto last = last_.find(shard.shard_id);
    if (last != last_.end()) {
      request.shard_iterator_type = ShardIteratorType::kAfterSequenceNumber;
      request.sequence_number = last->second;
    } else if (random_.OneIn(2)) {
      request.shard_iterator_type = ShardIteratorType::kAtSequenceNumber;
      request.sequence_number = shard.sequence_number_range.starting_sequence_number;
    }
    const auto got = world_.Call<GetShardIterator>(request);
    EXPECT_TRUE(got) << got.error().message;
    return got ? got->shard_iterator : "";
  }

  // The record fits what is known of its item.
  void Apply(const std::string& shard_id, const RecordShape& record) {
    const std::string name = record.dynamodb.keys.at("P").get<std::string>();
    const auto known = replica_.find(name);
    ASSERT_EQ(record.dynamodb.old_image.has_value(), known != replica_.end());
    if (known != replica_.end()) {
      EXPECT_EQ(*record.dynamodb.old_image, known->second);
    }
    EXPECT_GT(record.dynamodb.sequence_number, last_[shard_id]);
    last_[shard_id] = record.dynamodb.sequence_number;
    if (!record.dynamodb.new_image) {
      replica_.erase(name);
    } else {
      replica_[name] = *record.dynamodb.new_image->view().Decode();
    }
  }

  ApiWorld& world_;
  Random& random_;
  const std::string arn_;
  std::map<std::string, Item> replica_;      // by partition key
  std::map<std::string, std::string> last_;  // sequence number by shard
  std::set<std::string> done_;               // shards
};

TEST_F(StreamTest, WhoFollowsAStreamHasTheTable) {
  SeededRandom random(TestSeed());
  const std::string arn = Enable();
  Follower follower(world_, random, arn);
  std::map<std::string, Item> items;
  std::int64_t shard_count = 1;
  for (int i = 0; i < 2000; ++i) {
    const std::string name = "p" + std::to_string(random.Below(12));
    const Item key = KeyOf(1, name);
    if (random.OneIn(4)) {
      Delete(key);
      items.erase(name);
    } else {
      items[name] = key;
      items[name]["A"] = N(static_cast<std::int64_t>(random.Below(3)));
      Put(items[name]);
    }
    if (random.OneIn(50)) Wait(Duration(static_cast<std::int64_t>(random.Below(5'000'000))));
    if (random.OneIn(50)) world_.items().clock().StepWall(-std::chrono::seconds(3));
    if (shard_count < 16 && random.OneIn(300)) {
      shard_count *= 2;
      ASSERT_TRUE(
          world_.Call<UpdateStreamShardCount>({.stream_arn = arn, .shard_count = shard_count}));
    }
    if (random.OneIn(40)) follower.ReadAll();
  }
  Disable();
  follower.ReadAll();
  EXPECT_EQ(follower.replica(), items);
}

}  // namespace
}  // namespace gramme
