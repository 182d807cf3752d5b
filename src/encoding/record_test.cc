#include "encoding/record.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "encoding/envelope.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

TEST(VarintTest, ReadsBackEveryLength) {
  for (int bits = 0; bits < 64; ++bits) {
    const std::uint64_t power = std::uint64_t{1} << bits;
    for (const std::uint64_t value : {power - 1, power, power + 1, ~power, ~(power - 1)}) {
      std::string bytes;
      AppendVarint(value, bytes);
      bytes += "rest";
      std::string_view rest = bytes;
      std::uint64_t read = 0;
      ASSERT_TRUE(TakeVarint(rest, read));
      ASSERT_EQ(read, value);
      ASSERT_EQ(rest, "rest");
    }
  }
}

TEST(VarintTest, RefusesWhatIsUnfinishedTooLongOrNotTheShortest) {
  const std::vector<std::string> cases = {
      "", "\x80", "\xFF\xFF", std::string("\x80\0", 2), std::string("\xFF\x80\0", 3),
      std::string(9, '\xFF') + "\x02", std::string(10, '\xFF'), std::string(10, '\x80') + "\x01"};
  for (const std::string& bytes : cases) {
    std::string_view rest = bytes;
    std::uint64_t value = 7;
    EXPECT_FALSE(TakeVarint(rest, value));
    EXPECT_EQ(rest.size(), bytes.size());
    EXPECT_EQ(value, 7U);
  }
}

TEST(RecordTest, ReadsBackItsFields) {
  RecordWriter writer(3);
  writer.Unsigned(std::numeric_limits<std::uint64_t>::max());
  writer.Signed(-1);
  writer.Signed(std::numeric_limits<std::int64_t>::min());
  writer.Signed(std::numeric_limits<std::int64_t>::max());
  writer.Bool(true);
  writer.Bytes(std::string_view("a\0b", 3));
  writer.Bytes("");
  const std::string bytes = std::move(writer).Finish();

  auto reader = RecordReader::Open(bytes, 4);
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(reader->version(), 3);
  EXPECT_EQ(reader->Unsigned(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(reader->Signed(), -1);
  EXPECT_EQ(reader->Signed(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(reader->Signed(), std::numeric_limits<std::int64_t>::max());
  EXPECT_TRUE(reader->Bool());
  EXPECT_EQ(reader->Bytes(), std::string_view("a\0b", 3));
  EXPECT_FALSE(reader->AtEnd());
  EXPECT_EQ(reader->Bytes(), "");
  EXPECT_TRUE(reader->AtEnd());
  EXPECT_TRUE(reader->Finish().has_value());
}

TEST(RecordTest, ReadsBackRandomFields) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 2'000; ++i) {
    RecordWriter writer(1);
    std::vector<std::pair<std::int64_t, std::string>> fields;
    for (auto n = random.Below(10); n > 0; --n) {
      fields.emplace_back(static_cast<std::int64_t>(random.Next64()) >> random.Below(64),
                          RandomBytes(random, 200));
      writer.Signed(fields.back().first);
      writer.Bytes(fields.back().second);
    }
    const std::string bytes = std::move(writer).Finish();
    auto reader = RecordReader::Open(bytes, 1);
    ASSERT_TRUE(reader.has_value());
    for (const auto& [number, string] : fields) {
      ASSERT_EQ(reader->Signed(), number);
      ASSERT_EQ(reader->Bytes(), string);
    }
    ASSERT_TRUE(reader->AtEnd());
    ASSERT_TRUE(reader->Finish().has_value());
  }
}

TEST(RecordTest, ReadingPastTheEndGivesZeroesAndAnError) {
  RecordWriter writer(1);
  writer.Unsigned(5);
  const std::string bytes = std::move(writer).Finish();
  auto reader = RecordReader::Open(bytes, 1);
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(reader->Bytes(), "");  // a length of 5, and nothing behind it
  EXPECT_EQ(reader->Unsigned(), 0U);
  EXPECT_EQ(reader->Signed(), 0);
  EXPECT_FALSE(reader->Bool());
  EXPECT_TRUE(reader->AtEnd());
  ASSERT_FALSE(reader->Finish().has_value());
  EXPECT_EQ(reader->Finish().error().code(), StatusCode::kCorruption);
}

TEST(RecordTest, FindsEverySingleBitFlipAndTruncation) {
  RecordWriter writer(1);
  writer.Bytes(std::string(300, 'x'));
  std::string bytes = std::move(writer).Finish();
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    const auto flip = static_cast<char>(1U << (bit % 8));
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ flip);
    ASSERT_FALSE(RecordReader::Open(bytes, 255).has_value()) << "bit " << bit;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ flip);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(RecordReader::Open(std::string_view(bytes).substr(0, size), 255).has_value());
  }
  EXPECT_TRUE(RecordReader::Open(bytes, 255).has_value());
}

TEST(RecordTest, RefusesNewerVersionsAndNone) {
  const std::string bytes = RecordWriter(2).Finish();
  EXPECT_TRUE(RecordReader::Open(bytes, 2).has_value());
  ASSERT_FALSE(RecordReader::Open(bytes, 1).has_value());
  EXPECT_EQ(RecordReader::Open(bytes, 1).error().code(), StatusCode::kCorruption);
  EXPECT_FALSE(RecordReader::Open(std::string(kEnvelopeBytes, '\0'), 1).has_value());
}

}  // namespace
}  // namespace gramme
