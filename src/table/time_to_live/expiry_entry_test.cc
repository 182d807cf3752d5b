#include "table/time_to_live/expiry_entry.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "base/big_endian.h"
#include "encoding/key_encoding.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

using Second = std::optional<std::uint64_t>;

std::string ToHex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

Second SecondOf(std::string_view number) {
  return ExpirySecondOf(AttributeValue(Number::Parse(number).value()));
}

TEST(ExpiryEntryTest, AFractionCountsAsAWholeSecond) {
  EXPECT_EQ(SecondOf("0"), 0U);
  EXPECT_EQ(SecondOf("1645119622"), 1'645'119'622U);
  EXPECT_EQ(SecondOf("1.645119622e9"), 1'645'119'622U);
  EXPECT_EQ(SecondOf("164511962E1"), 1'645'119'620U);
  EXPECT_EQ(SecondOf("1645119622.000001"), 1'645'119'623U);
  EXPECT_EQ(SecondOf("1E-130"), 1U);
  EXPECT_EQ(SecondOf("0.99999999999999999999999999999999999999"), 1U);
}

TEST(ExpiryEntryTest, WhatIsNoTimeHasNoEntry) {
  EXPECT_EQ(SecondOf("253402300799"), kExpirySecondMax);
  for (const char* number :
       {"253402300799.1", "253402300800", "1645119622000", "9E125", "-1", "-0.1", "-9E125"}) {
    EXPECT_EQ(SecondOf(number), Second()) << number;
  }
  for (const AttributeValue& value :
       {AttributeValue(std::string("1645119622")), AttributeValue(true),
        AttributeValue(NumberSet{{Number::FromInt(1)}})}) {
    EXPECT_EQ(ExpirySecondOf(value), Second());
  }
}

TEST(ExpiryEntryTest, KeysOrderAsTimesAndGiveBackTheirItem) {
  SeededRandom random(TestSeed());
  const TimeToLiveDescription time_to_live = {.attribute_name = "t", .keyspace = 70};
  TableDescription table;
  table.keyspace = 64;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t seconds[] = {random.Below(kExpirySecondMax + 1), random.Below(1000)};
    Key bases[] = {{}, {}};
    Key entries[] = {{}, {}};
    for (int j = 0; j < 2; ++j) {
      bases[j].keyspace = KeyspaceId{64};
      bases[j].placement = random.Next64();
      bases[j].bytes = BigEndian64(bases[j].placement) + RandomBytes(random, 20);
      entries[j] = ExpiryKeyOf(time_to_live, seconds[j], bases[j]);
      EXPECT_EQ(entries[j].keyspace, KeyspaceId{70});
      EXPECT_EQ(entries[j].placement, bases[j].placement);
      const auto found = ExpiryEntryOf(table, entries[j].bytes);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->second, seconds[j]);
      EXPECT_EQ(found->base_key, bases[j]);
    }
    if (seconds[0] != seconds[1]) {
      EXPECT_EQ(entries[0].bytes < entries[1].bytes, seconds[0] < seconds[1]);
    }
  }
  EXPECT_EQ(ExpiryEntryOf(table, std::string(15, 'x')).error().code(), StatusCode::kCorruption);
}

TEST(ExpiryEntryTest, WhatMayBeDueIsFromTheLastFiveYears) {
  const auto range = [](Duration now) { return DueRange(WallTime(now)); };
  const KeyRange due = range(std::chrono::seconds(1'645'119'622) + Duration(1));
  EXPECT_EQ(due.start, BigEndian64(1'645'119'622 - 5ULL * 365 * 24 * 3600));
  EXPECT_EQ(due.end, BigEndian64(1'645'119'623));
  EXPECT_EQ(range(std::chrono::seconds(5)).start, BigEndian64(0));
  EXPECT_EQ(range(-std::chrono::seconds(5)).end, BigEndian64(1));
}

TEST(ExpiryEntryTest, KeysAreThoseOfTheFormat) {
  std::ifstream in(GRAMME_SOURCE_DIR "/tests/golden/expiry.txt");
  ASSERT_TRUE(in.is_open());
  int found = 0;
  for (std::string number, id, hex; in >> number;) {
    if (number.starts_with('#')) {
      std::getline(in, hex);
      continue;
    }
    in >> id >> hex;
    std::string tuple;
    AppendKeyValue(AttributeValue(id), tuple);
    const std::uint64_t placement = HashOfPartition(tuple);
    const Key base = {.placement = placement, .bytes = BigEndian64(placement) + tuple};
    const Second second = SecondOf(number);
    const std::string written =
        second ? ToHex(ExpiryKeyOf(TimeToLiveDescription(), *second, base).bytes) : "-";
    EXPECT_EQ(number + " " + id + " " + written, number + " " + id + " " + hex);
    ++found;
  }
  EXPECT_EQ(found, 6);
}

}  // namespace
}  // namespace gramme
