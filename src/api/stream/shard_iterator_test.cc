// The texts that name places in streams: ids of shards, and iterators.

#include "api/stream/shard_iterator.h"

#include <gtest/gtest.h>

#include "api/stream/shard_id.h"
#include "base/random.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

const std::string kArn =
    "arn:aws:dynamodb:us-east-1:000000000000:table/Things/stream/2026-11-20T11:02:31.123";

ShardIterator RandomIterator(Random& random) {
  return {
      .stream_arn = kArn.substr(0, kArn.size() - random.Below(5)),
      .shard_number = static_cast<std::uint32_t>(random.Next64()),
      .position = {.micros = random.Next64(), .index = static_cast<std::uint32_t>(random.Next64())},
      .issue_time = WallTime(Duration(static_cast<std::int64_t>(random.Below(1ULL << 60))))};
}

TEST(ShardIdTest, IsReadAsItWasWritten) {
  LogShard shard;
  shard.number = 0xabc;
  shard.creation_time = WallTime(std::chrono::microseconds(1'700'000'000'123'456));
  const std::string id = ShardId(shard);
  EXPECT_EQ(id, "shardId-00000001700000000123-00000abc");
  const auto name = ParseShardId(id);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->number, shard.number);
  EXPECT_EQ(name->creation_ms, 1'700'000'000'123U);
}

TEST(ShardIdTest, NothingElseIsAShardId) {
  for (const char* text :
       {"", "shardId-00000001700000000123", "shardId-00000001700000000123-00000ABC",
        "shardId-00000001700000000123-00000ab", "shardid-00000001700000000123-00000abc",
        "shardId-0000000170000000012x-00000abc", "shardId--0000001700000000123-00000abc",
        "shardId-00000001700000000123_00000abc", "shardId-99999999999999999999-00000abc",
        "shardId-00000001700000000123-00000abc "}) {
    EXPECT_FALSE(ParseShardId(text)) << text;
  }
}

TEST(ShardIteratorTest, IsReadAsItWasWritten) {
  SeededRandom random(1);
  for (int i = 0; i < 1000; ++i) {
    const ShardIterator iterator = RandomIterator(random);
    const auto read = DecodeShardIterator(EncodeShardIterator(iterator));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->stream_arn, iterator.stream_arn);
    EXPECT_EQ(read->shard_number, iterator.shard_number);
    EXPECT_EQ(read->position, iterator.position);
    EXPECT_EQ(read->issue_time, iterator.issue_time);
  }
}

TEST(ShardIteratorTest, AnyChangeOfTheTextIsFoundOut) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 20'000; ++i) {
    const std::string good = EncodeShardIterator(RandomIterator(random));
    std::string bad = good;
    const auto at = static_cast<std::size_t>(random.Below(bad.size()));
    switch (random.Below(5)) {
      case 0:
        bad[at] = static_cast<char>(random.Below(256));
        break;
      case 1:
        bad.erase(at, 1 + random.Below(3));
        break;
      case 2:
        bad.insert(at, 1, "0aA|/"[random.Below(5)]);
        break;
      case 3:
        bad.resize(at);
        break;
      // The tail of another one.
      default: {
        const std::string other = EncodeShardIterator(RandomIterator(random));
        bad = bad.substr(0, at) + other.substr(std::min(at, other.size()));
        if (bad == other) continue;
      }
    }
    if (bad == good) continue;
    EXPECT_FALSE(DecodeShardIterator(bad)) << good << '\n' << bad;
  }
}

}  // namespace
}  // namespace gramme
