// StreamTest: an ApiWorld, and the steps that tests of streams take.

#ifndef GRAMME_API_STREAM_TESTING_STREAM_FIXTURE_H_
#define GRAMME_API_STREAM_TESTING_STREAM_FIXTURE_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "api/item/delete_item.h"
#include "api/item/put_item.h"
#include "api/item/update_item.h"
#include "api/stream/describe_stream.h"
#include "api/stream/get_records.h"
#include "api/stream/get_shard_iterator.h"
#include "api/table/update_table.h"
#include "api/testing/api_world.h"
#include "table/change_log/log_reader.h"
#include "table/change_log/stream_record.h"

namespace gramme {

inline Item KeyOf(std::int64_t r, const std::string& p = "p") { return {{"P", S(p)}, {"R", N(r)}}; }

class StreamTest : public testing::Test {
 protected:
  // The ARN of the table's new stream.
  std::string Enable(StreamViewType type = StreamViewType::kNewAndOldImages) {
    const auto updated =
        world_.Call<UpdateTable>({.table_name = "Things",
                                  .stream_specification = StreamSpecification{
                                      .stream_enabled = true, .stream_view_type = type}});
    EXPECT_TRUE(updated) << updated.error().message;
    return updated ? updated->table_description.latest_stream_arn.value_or("") : "";
  }
  void Disable() {
    ASSERT_TRUE(world_.Call<UpdateTable>(
        {.table_name = "Things",
         .stream_specification = StreamSpecification{.stream_enabled = false}}));
  }

  void Put(Item item) {
    PutItemRequest request;
    request.table_name = "Things";
    request.item = std::move(item);
    const auto put = world_.Call<PutItem>(request);
    ASSERT_TRUE(put) << put.error().message;
  }
  void Put(Item key, std::int64_t a) {
    key["A"] = N(a);
    Put(std::move(key));
  }
  void Delete(Item key) {
    DeleteItemRequest request;
    request.table_name = "Things";
    request.key = std::move(key);
    ASSERT_TRUE(world_.Call<DeleteItem>(request));
  }
  void Set(Item key, std::int64_t a) {
    UpdateItemRequest request;
    request.table_name = "Things";
    request.key = std::move(key);
    request.update_expression = "SET A = :a";
    request.expression_attribute_values = AttributeMap{{":a", N(a)}};
    ASSERT_TRUE(world_.Call<UpdateItem>(request));
  }

  StreamDescriptionShape Described(const std::string& arn) {
    const auto described = world_.Call<DescribeStream>({.stream_arn = arn});
    EXPECT_TRUE(described) << described.error().message;
    return described ? described->stream_description : StreamDescriptionShape();
  }
  std::string ShardOf(const std::string& arn) { return Described(arn).shards.at(0).shard_id; }

  std::string Iterator(const std::string& arn, const std::string& shard_id,
                       ShardIteratorType type = ShardIteratorType::kTrimHorizon,
                       std::optional<std::string> sequence_number = {}) {
    const auto got = world_.Call<GetShardIterator>({.stream_arn = arn,
                                                    .shard_id = shard_id,
                                                    .shard_iterator_type = type,
                                                    .sequence_number = std::move(sequence_number)});
    EXPECT_TRUE(got) << got.error().message;
    return got ? got->shard_iterator : "";
  }
  GetRecordsResponse Read(const std::string& iterator, std::optional<std::int64_t> limit = {}) {
    auto got = world_.Call<GetRecords>({.shard_iterator = iterator, .limit = limit});
    EXPECT_TRUE(got) << got.error().message;
    return got ? *std::move(got) : GetRecordsResponse();
  }
  std::vector<RecordShape> All(const std::string& arn, const std::string& shard_id) {
    return Read(Iterator(arn, shard_id)).records;
  }
  std::vector<RecordShape> All(const std::string& arn) { return All(arn, ShardOf(arn)); }

  // What trims the table's first stream.
  void Trim(const std::string& arn, WallTime horizon) {
    const auto streams = ListStreamRecords(world_.items().store(), {.table_name = {}, .after = {}});
    ASSERT_TRUE(streams);
    for (const StreamRecord& stream : *streams) {
      if (!arn.ends_with(stream.stream.label)) continue;
      for (const LogShard& shard : stream.shards) {
        ASSERT_TRUE(TrimLogShard(world_.items().store(), stream.log_keyspace, shard, horizon));
      }
    }
  }
  void Wait(Duration time) { world_.items().clock().Advance(time); }

  ApiWorld world_;
};

// `INSERT 1`: the kind of the change and the sort key.
inline std::string Summary(const RecordShape& record) {
  const Item& keys = record.dynamodb.keys;
  return std::string(NameOf(record.event_name)) + " " +
         (keys.at("R") == N(1)   ? "1"
          : keys.at("R") == N(2) ? "2"
          : keys.at("R") == N(3) ? "3"
                                 : "?");
}
inline std::vector<std::string> Summaries(const std::vector<RecordShape>& records) {
  std::vector<std::string> summaries;
  for (const RecordShape& record : records) summaries.push_back(Summary(record));
  return summaries;
}

}  // namespace gramme

#endif  // GRAMME_API_STREAM_TESTING_STREAM_FIXTURE_H_
