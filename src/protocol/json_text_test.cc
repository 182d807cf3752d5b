#include "protocol/json_text.h"

#include <gtest/gtest.h>

namespace gramme {
namespace {

std::string StringText(std::string_view value) {
  std::string out;
  AppendJsonString(value, out);
  return out;
}

std::string ValueText(const AttributeValue& value) {
  std::string out;
  AppendJsonAttributeValue(value, out);
  return out;
}

TEST(JsonTextTest, EscapesWhatMustBeEscapedAndNothingElse) {
  EXPECT_EQ(StringText(""), "\"\"");
  EXPECT_EQ(StringText("plain, /slashes/ and ünïcödé \xf0\x9f\x8e\xb5"),
            "\"plain, /slashes/ and ünïcödé \xf0\x9f\x8e\xb5\"");
  EXPECT_EQ(StringText("a\"b\\c\n\r\t\b\f"), "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\"");
  EXPECT_EQ(StringText(std::string_view("\0\x1f", 2)), "\"\\u0000\\u001f\"");
  EXPECT_EQ(StringText("\x7f"), "\"\x7f\"");
}

TEST(JsonTextTest, EscapesAtEveryOffset) {
  for (std::size_t offset = 0; offset < 40; ++offset) {
    for (const auto& [c, escaped] : {std::pair<char, std::string>{'"', "\\\""},
                                     {'\\', "\\\\"},
                                     {'\x01', "\\u0001"},
                                     {'\x1f', "\\u001f"}}) {
      std::string text(40, 'x');
      text[offset] = c;
      std::string expected = std::string(offset, 'x') + escaped + std::string(39 - offset, 'x');
      EXPECT_EQ(StringText(text), "\"" + expected + "\"");
    }
    for (const char c : {' ', '!', '#', '[', ']', '\x7f', '\x80', '\xa2', '\xdc', '\xff'}) {
      std::string text(40, 'x');
      text[offset] = c;
      EXPECT_EQ(StringText(text), "\"" + text + "\"");
    }
  }
}

TEST(JsonTextTest, WritesTimesAsSecondsWithMilliseconds) {
  std::string out;
  AppendJsonTime(WallTime(std::chrono::microseconds(1'489'602'797'149'999)), out);
  EXPECT_EQ(out, "1489602797.149");
  out.clear();
  AppendJsonTime(WallTime(std::chrono::microseconds(1'489'602'797'049'000)), out);
  EXPECT_EQ(out, "1489602797.049");
  out.clear();
  AppendJsonTime(WallTime(std::chrono::seconds(1'489'602'797)), out);
  EXPECT_EQ(out, "1489602797");
}

TEST(JsonTextTest, WritesDoublesThatReadAsDoubles) {
  for (const auto& [value, text] :
       {std::pair<double, std::string>{0.5, "0.5"}, {1, "1.0"}, {0, "0.0"}, {102.5, "102.5"}}) {
    std::string out;
    AppendJsonDouble(value, out);
    EXPECT_EQ(out, text);
  }
}

TEST(JsonTextTest, WritesEveryTypeOfAttributeValue) {
  EXPECT_EQ(ValueText(std::string("a")), R"({"S":"a"})");
  EXPECT_EQ(ValueText(*Number::Parse("-1.50")), R"({"N":"-1.5"})");
  EXPECT_EQ(ValueText(Binary{"foo"}), R"({"B":"Zm9v"})");
  EXPECT_EQ(ValueText(true), R"({"BOOL":true})");
  EXPECT_EQ(ValueText(Null{}), R"({"NULL":true})");
  EXPECT_EQ(ValueText(StringSet{{"a", "b"}}), R"({"SS":["a","b"]})");
  EXPECT_EQ(ValueText(NumberSet{{Number::FromInt(1), Number::FromInt(2)}}), R"({"NS":["1","2"]})");
  EXPECT_EQ(ValueText(BinarySet{{"foo", "f"}}), R"({"BS":["Zm9v","Zg=="]})");
  EXPECT_EQ(ValueText(List{}), R"({"L":[]})");
  EXPECT_EQ(ValueText(List{AttributeValue(std::string("a")), AttributeValue(false)}),
            R"({"L":[{"S":"a"},{"BOOL":false}]})");
  EXPECT_EQ(ValueText(AttributeMap{{"k", AttributeValue(List{})}, {"l", AttributeValue(Null{})}}),
            R"({"M":{"k":{"L":[]},"l":{"NULL":true}}})");
}

}  // namespace
}  // namespace gramme
