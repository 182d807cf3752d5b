// The bytes of keys, items and records, as they were when each format was made, in tests/golden/.
// They never change: a new version of a format adds lines.
//
// Each file holds lines of fields parted by blanks; `#` begins a comment. Bytes are hexadecimal, no
// bytes are `-`.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/big_endian.h"
#include "encoding/item_encoding.h"
#include "encoding/key_encoding.h"
#include "encoding/record.h"

namespace gramme {
namespace {

using Fields = std::vector<std::string>;

std::vector<Fields> GoldenLines(const std::string& file) {
  std::ifstream in(GRAMME_SOURCE_DIR "/tests/golden/" + file);
  EXPECT_TRUE(in.is_open()) << file;
  std::vector<Fields> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    Fields fields;
    for (std::string word; words >> word;) fields.push_back(word);
    if (!fields.empty()) lines.push_back(std::move(fields));
  }
  return lines;
}

std::string ToHex(std::string_view bytes) {
  if (bytes.empty()) return "-";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  if (hex == "-") return bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

Number N(std::string_view text) { return Number::Parse(text).value_or(Number()); }

AttributeValue KeyValue(const std::string& type, const std::string& text) {
  if (type == "N") return N(text);
  if (type == "B") return Binary{FromHex(text)};
  return FromHex(text);
}

AttributeMap NestedMap(int depth) {
  AttributeMap map;
  for (int i = 0; i < depth; ++i) map = AttributeMap{{"m", std::move(map)}};
  return map;
}

std::map<std::string, Item> GoldenItems() {
  const std::string nines(38, '9');
  return {
      {"empty", Item{}},
      {"music", Item{{"ID", std::string("1")},
                     {"Artist", std::string("No One You Know")},
                     {"Year", N("1997")}}},
      {"numbers", Item{{"largest", N(nines + "E88")},
                       {"least", N("-" + nines + "E88")},
                       {"negative", N("-1.50")},
                       {"tiny", N("1E-130")},
                       {"zero", N("-0")}}},
      {"scalars", Item{{"b", Binary{std::string("\0\1\xFF", 3)}},
                       {"e", std::string()},
                       {"f", false},
                       {"n", Null{}},
                       {"t", true}}},
      {"sets", Item{{"bs", BinarySet{{std::string("\0", 1), "\xFF"}}},
                    {"ns", NumberSet{{N("-1"), N("0"), N("1.5")}}},
                    {"ss", StringSet{{"a", "b"}}}}},
      {"containers", Item{{"l", List{std::string("a"), List{}, N("1")}},
                          {"m", AttributeMap{{"", Null{}}, {"k", AttributeMap{}}}}}},
      {"deep", Item{{"m", NestedMap(31)}}},
      {"long", Item{{std::string(200, 'n'), std::string(300, 'v')}}},
  };
}

std::map<std::string, std::string> GoldenRecords() {
  std::map<std::string, std::string> records;
  records["empty"] = RecordWriter(1).Finish();
  RecordWriter writer(2);
  writer.Unsigned(0);
  writer.Unsigned(300);
  writer.Unsigned(~std::uint64_t{0});
  writer.Signed(-1);
  writer.Signed(64);
  writer.Bool(true);
  writer.Bytes("Music");
  writer.Bytes("");
  records["fields"] = std::move(writer).Finish();
  return records;
}

TEST(GoldenTest, KeysAreWrittenAndReadAsEver) {
  const std::vector<Fields> lines = GoldenLines("keys.txt");
  ASSERT_GT(lines.size(), 30U);
  for (const Fields& line : lines) {
    ASSERT_EQ(line.size(), 4U) << line.front();
    const AttributeValue value = KeyValue(line[0], line[1]);
    std::string bytes;
    AppendKeyValue(value, bytes);
    std::string hash;
    AppendBigEndian64(HashOfPartition(bytes), hash);
    EXPECT_EQ(line[0] + ' ' + line[1] + ' ' + ToHex(bytes) + ' ' + ToHex(hash),
              line[0] + ' ' + line[1] + ' ' + line[2] + ' ' + line[3]);
    const std::string golden = FromHex(line[2]);
    std::string_view rest = golden;
    EXPECT_EQ(TakeKeyValue(rest), value) << line[1];
    EXPECT_TRUE(rest.empty());
  }
}

TEST(GoldenTest, ItemsAreWrittenAndReadAsEver) {
  const std::map<std::string, Item> items = GoldenItems();
  std::size_t found = 0;
  for (const Fields& line : GoldenLines("items.txt")) {
    ASSERT_EQ(line.size(), 2U) << line.front();
    ASSERT_TRUE(items.contains(line[0])) << line[0];
    ++found;
    EXPECT_EQ(line[0] + ' ' + ToHex(EncodeItem(items.at(line[0]))), line[0] + ' ' + line[1]);
    EXPECT_EQ(DecodeItem(FromHex(line[1])), items.at(line[0])) << line[0];
  }
  EXPECT_EQ(found, items.size());
}

TEST(GoldenTest, RecordsAreWrittenAsEver) {
  const std::map<std::string, std::string> records = GoldenRecords();
  std::size_t found = 0;
  for (const Fields& line : GoldenLines("records.txt")) {
    ASSERT_EQ(line.size(), 2U) << line.front();
    ASSERT_TRUE(records.contains(line[0])) << line[0];
    ++found;
    EXPECT_EQ(line[0] + ' ' + ToHex(records.at(line[0])), line[0] + ' ' + line[1]);
    EXPECT_TRUE(RecordReader::Open(FromHex(line[1]), 2).has_value()) << line[0];
  }
  EXPECT_EQ(found, records.size());
}

}  // namespace
}  // namespace gramme
