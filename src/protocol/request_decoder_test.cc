#include "protocol/request_decoder.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "base/result.h"
#include "protocol/json_encoder.h"
#include "protocol/testing/test_request.h"

namespace gramme {

enum class Colour { kRed, kGreen };
template <>
struct EnumNames<Colour> {
  static constexpr std::pair<Colour, std::string_view> kNames[] = {{Colour::kRed, "RED"},
                                                                   {Colour::kGreen, "GREEN"}};
};

struct Part {
  std::string name;
  std::optional<std::int64_t> count;
};
template <typename Visitor>
void VisitMembers(Visitor& visit, Part& part) {
  visit.Member("Name", part.name, {.required = true, .length_min = 1});
  visit.Member("Count", part.count, {.value_min = 1, .value_max = 9});
}

struct Sample {
  std::string table_name;
  std::optional<bool> flag;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> read_units;
  std::optional<WallTime> time;
  std::optional<Binary> bytes;
  std::optional<Colour> colour;
  std::optional<AttributeMap> item;
  std::optional<AttributeMap> values;
  std::optional<Part> part;
  std::optional<std::vector<Part>> parts;
  std::optional<std::vector<std::string>> names;
  std::optional<std::map<std::string, Part>> by_name;
  std::optional<std::map<std::string, std::string>> labels;
};
template <typename Visitor>
void VisitMembers(Visitor& visit, Sample& sample) {
  visit.Member("TableName", sample.table_name,
               {.required = true, .length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("Flag", sample.flag);
  visit.Member("Limit", sample.limit, {.value_min = 1, .value_max = 100});
  visit.Member("ReadCapacityUnits", sample.read_units, {.value_min = 1});
  visit.Member("Time", sample.time);
  visit.Member("Bytes", sample.bytes, {.length_max = 3});
  visit.Member("Colour", sample.colour);
  visit.Member("Item", sample.item, {.key_length_max = 10});
  visit.Member("ExpressionAttributeValues", sample.values);
  visit.Member("Part", sample.part);
  visit.Member("Parts", sample.parts, {.length_min = 1, .length_max = 2});
  visit.Member("Names", sample.names, {.element_length_min = 1, .element_length_max = 3});
  visit.Member("ByName", sample.by_name, {.key_length_min = 3, .key_pattern = kNamePattern});
  visit.Member("Labels", sample.labels, {.element_length_max = 3});
  visit.Unserved("Expected", {.why = "use ConditionExpression"});
  visit.Unserved("TableClass", {.harmless_text = "STANDARD"});
  visit.Unserved("StreamSpecification", {.harmless_member = "StreamEnabled"});
}

namespace {

Result<Sample> Decode(std::string_view text) {
  const PaddedText body(text);
  GRAMME_TRY(const dom::object object, ParseJsonObject(body.view()));
  Sample sample;
  RequestProblems problems;
  DecodeStruct(object, nullptr, sample, problems);
  GRAMME_RETURN_IF_ERROR(problems.CheckTypes());
  GRAMME_RETURN_IF_ERROR(problems.CheckConstraints());
  GRAMME_RETURN_IF_ERROR(problems.CheckValues());
  return sample;
}

// `members` beside a good TableName.
Result<Sample> DecodeWith(const std::string& members) {
  return Decode(R"({"TableName":"abc",)" + members + "}");
}

std::string SerializationMessage(std::string_view body) {
  const Result<Sample> result = Decode(body);
  if (result) return "accepted";
  EXPECT_EQ(result.error().code, ErrorCode::kSerializationException) << result.error().message;
  return result.error().message;
}
std::string SerializationWith(const std::string& members) {
  return SerializationMessage(R"({"TableName":"abc",)" + members + "}");
}

std::string ValidationMessage(std::string_view body) {
  const Result<Sample> result = Decode(body);
  if (result) return "accepted";
  EXPECT_EQ(result.error().code, ErrorCode::kValidationException) << result.error().message;
  return result.error().message;
}
std::string ValidationWith(const std::string& members) {
  return ValidationMessage(R"({"TableName":"abc",)" + members + "}");
}
std::string RefusalOfValue(const std::string& value) {
  return ValidationWith(R"("Item":{"a":)" + value + "}");
}

constexpr std::string_view kOneError = "1 validation error detected: ";

TEST(RequestDecoderTest, FillsEveryKindOfMember) {
  const Result<Sample> sample = Decode(
      R"( { "TableName" : "abc" , "Flag":true, "Limit":7, "ReadCapacityUnits": 5, "Bytes":"Zm9v",)"
      R"("Time":1489602797.149, "Colour":"GREEN", "Item":{"k":{"S":"v"}},)"
      R"("Part":{"Name":"p","Count":3}, "Parts":[{"Name":"a"},{"Name":"b"}], "Names":["x","yz"],)"
      R"("ByName":{"one":{"Name":"q"}}, "Labels":{"a":"b"} } )");
  ASSERT_TRUE(sample.has_value()) << sample.error().message;
  EXPECT_EQ(sample->table_name, "abc");
  EXPECT_EQ(sample->flag, true);
  EXPECT_EQ(sample->limit, 7);
  EXPECT_EQ(sample->time, WallTime(std::chrono::milliseconds(1'489'602'797'149)));
  EXPECT_EQ(sample->bytes->bytes, "foo");
  EXPECT_EQ(sample->colour, Colour::kGreen);
  EXPECT_EQ(sample->item->at("k").get<std::string>(), "v");
  EXPECT_EQ(sample->part->count, 3);
  EXPECT_EQ(sample->parts->at(1).name, "b");
  EXPECT_EQ(sample->names->at(1), "yz");
  EXPECT_EQ(sample->by_name->at("one").name, "q");
  EXPECT_EQ(sample->labels->at("a"), "b");
}

TEST(RequestDecoderTest, LeavesAbsentAndNullMembersUnset) {
  const Result<Sample> sample = DecodeWith(R"("Flag":null,"Item":null,"Expected":null)");
  ASSERT_TRUE(sample.has_value());
  EXPECT_FALSE(sample->flag.has_value());
  EXPECT_FALSE(sample->item.has_value());
  EXPECT_FALSE(sample->parts.has_value());
}

TEST(RequestDecoderTest, IgnoresMembersThatTheModelDoesNotHave) {
  EXPECT_TRUE(DecodeWith(R"("Unheard":{"of":[1,{"x":2}]})").has_value());
}

TEST(RequestDecoderTest, RefusesDuplicateKeysAtEveryLevel) {
  for (const char* members :
       {R"("TableName":"abd")", R"("Item":{"a":{"S":"x"},"a":{"S":"y"}})",
        R"("Item":{"a":{"S":"x","S":"y"}})", R"("Item":{"a":{"M":{"b":{"S":""},"b":{"S":""}}}})",
        R"("Part":{"Name":"a","Name":"b"})", R"("ByName":{"one":{"Name":"a"},"one":{"Name":"b"}})",
        R"("Labels":{"a":"b","a":"c"})", R"("Unheard":{"a":1,"a":2})",
        R"("Unheard":[[{"a":{"b":1,"b":2}}]])", R"("Unheard":1,"Unheard":2)",
        R"("TableN\u0061me":"x")", R"("Expected":{"a":[{"b":1,"b":1}]})"}) {
    EXPECT_EQ(SerializationWith(members), "A key occurs twice in one JSON object") << members;
  }
}

TEST(RequestDecoderTest, NamesWhatCannotBecomeAString) {
  EXPECT_EQ(SerializationMessage(R"({"TableName":23})"),
            "NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(SerializationMessage(R"({"TableName":3.5})"),
            "DECIMAL_VALUE cannot be converted to String");
  EXPECT_EQ(SerializationMessage(R"({"TableName":true})"),
            "TRUE_VALUE cannot be converted to String");
  EXPECT_EQ(SerializationMessage(R"({"TableName":false})"),
            "FALSE_VALUE cannot be converted to String");
  EXPECT_EQ(SerializationMessage(R"({"TableName":[]})"),
            "Unrecognized collection type class java.lang.String");
  EXPECT_EQ(SerializationMessage(R"({"TableName":{}})"),
            "Start of structure or map found where not expected");
}

TEST(RequestDecoderTest, NamesWhatCannotBecomeAnotherScalar) {
  EXPECT_EQ(SerializationWith(R"("Flag":"true")"), "Unexpected token received from parser");
  EXPECT_EQ(SerializationWith(R"("Flag":1)"), "NUMBER_VALUE cannot be converted to Boolean");
  EXPECT_EQ(SerializationWith(R"("Limit":"1")"), "STRING_VALUE cannot be converted to Integer");
  EXPECT_EQ(SerializationWith(R"("Limit":[])"),
            "Unrecognized collection type class java.lang.Integer");
  EXPECT_EQ(SerializationWith(R"("ReadCapacityUnits":"1")"),
            "STRING_VALUE cannot be converted to Long");
  EXPECT_EQ(SerializationWith(R"("Bytes":1)"),
            "only base-64-encoded strings are convertible to bytes");
  EXPECT_EQ(SerializationWith(R"("Bytes":"23456")"),
            "Base64 encoded length is expected a multiple of 4 bytes but found: 5");
  EXPECT_EQ(SerializationWith(R"("Bytes":"=+/=")"),
            "Invalid last non-pad Base64 character dectected");
  EXPECT_EQ(SerializationWith(R"("Bytes":[])"),
            "Unrecognized collection type class java.nio.ByteBuffer");
}

TEST(RequestDecoderTest, NamesWhatCannotBecomeAListMapOrStruct) {
  EXPECT_EQ(SerializationWith(R"("Parts":"x")"), "Unexpected field type");
  EXPECT_EQ(SerializationWith(R"("Parts":{})"),
            "Start of structure or map found where not expected");
  EXPECT_EQ(SerializationWith(R"("Parts":["x"])"), "Unexpected value type in payload");
  EXPECT_EQ(SerializationWith(R"("Part":[])"),
            "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.Part");
  EXPECT_EQ(SerializationWith(R"("Part":23)"), "Unexpected field type");
  EXPECT_EQ(SerializationWith(R"("Item":"x")"), "Unexpected field type");
  EXPECT_EQ(SerializationWith(R"("Item":[])"),
            "Unrecognized collection type java.util.Map<java.lang.String, "
            "com.amazonaws.dynamodb.v20120810.AttributeValue>");
}

TEST(RequestDecoderTest, CutsOffFractionsOfIntegers) {
  EXPECT_EQ(DecodeWith(R"("Limit":7.9)")->limit, 7);
}

TEST(RequestDecoderTest, RefusesWhatIsNotOneJsonObject) {
  for (const char* body :
       {"", " ", "{", "}", "nul", "{\"TableName\":\"abc\"", "{\"TableName\":\"abc\"} x",
        "{\"TableName\":\"abc\"}{}", "{'TableName':'abc'}", "{\"TableName\":\"abc\",}",
        "{\"TableName\":NaN}", "\xef\xbb\xbf{\"TableName\":\"abc\"}", "[", "{\"a\":01}",
        "{\"a\":\"\\x\"}", "{\"a\":\"\n\"}", "{\"a\":1e999999}",
        "{\"a\":123456789012345678901234567890}"}) {
    EXPECT_EQ(SerializationMessage(body).substr(0, 16), "The request body") << body;
  }
  for (const char* body : {"[]", "\"x\"", "1", "true", "null"}) {
    EXPECT_EQ(SerializationMessage(body), "The request body is not a JSON object") << body;
  }
}

TEST(RequestDecoderTest, RefusesInvalidUtf8AndLoneSurrogates) {
  for (const char* text : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_EQ(SerializationWith("\"Item\":{\"a\":{\"S\":\"" + std::string(text) + "\"}}"),
              "The request body is not valid UTF-8");
  }
  for (const char* text :
       {R"(\ud800)", R"(\udc00)", R"(\ud800\u0041)", R"(\udc00\ud800)", R"(\u00)", R"(\ud83d)"}) {
    EXPECT_EQ(SerializationWith(R"("Item":{"a":{"S":")" + std::string(text) + "\"}}"),
              "The request body is not valid JSON")
        << text;
  }
  EXPECT_EQ(
      DecodeWith(R"("Item":{"a":{"S":"\ud83c\udfb5\u0000"}})")->item->at("a").get<std::string>(),
      std::string_view("\xf0\x9f\x8e\xb5\0", 5));
}

TEST(RequestDecoderTest, RefusesDeepBodiesWithoutEnteringThem) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(SerializationWith("\"Unheard\":" + deep), "The request body is nested too deeply");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"M\":";
  EXPECT_EQ(SerializationWith("\"Item\":" + objects).substr(0, 16), "The request body");
}

TEST(RequestDecoderTest, TakesBigBodies) {
  const std::string text(15'000'000, 'x');
  const Result<Sample> sample = DecodeWith(R"("Item":{"a":{"S":")" + text + "\"}}");
  ASSERT_TRUE(sample.has_value());
  EXPECT_EQ(sample->item->at("a").get<std::string>().size(), text.size());
  EXPECT_TRUE(DecodeWith(R"("Flag":true)").has_value());
}

TEST(RequestDecoderTest, NamesAMissingMember) {
  EXPECT_EQ(ValidationMessage("{}"), std::string(kOneError) +
                                         "Value null at 'tableName' failed to satisfy constraint: "
                                         "Member must not be null");
}

TEST(RequestDecoderTest, ListsEveryViolationInOneMessage) {
  EXPECT_EQ(
      ValidationMessage(R"({"TableName":";","Limit":0})"),
      "3 validation errors detected: "
      "Value ';' at 'tableName' failed to satisfy constraint: Member must satisfy regular "
      "expression pattern: [a-zA-Z0-9_.-]+; "
      "Value ';' at 'tableName' failed to satisfy constraint: Member must have length greater "
      "than or equal to 3; "
      "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than "
      "or equal to 1");
}

TEST(RequestDecoderTest, NamesTenViolationsAtMost) {
  std::string parts;
  for (int i = 0; i < 20; ++i) parts += (i == 0 ? "" : ",") + std::string("{}");
  EXPECT_EQ(ValidationWith("\"Parts\":[" + parts + "]").substr(0, 30),
            "10 validation errors detected:");
}

TEST(RequestDecoderTest, SaysWhereAViolationIs) {
  EXPECT_EQ(
      ValidationWith(R"("Parts":[{"Name":"a"},{"Name":"","Count":10}])"),
      "2 validation errors detected: "
      "Value '' at 'parts.2.member.name' failed to satisfy constraint: Member must have length "
      "greater than or equal to 1; "
      "Value '10' at 'parts.2.member.count' failed to satisfy constraint: Member must have "
      "value less than or equal to 9");
  EXPECT_EQ(ValidationWith(R"("ByName":{"one":{}})"),
            std::string(kOneError) +
                "Value null at 'byName.one.member.name' failed to satisfy constraint: Member must "
                "not be null");
}

TEST(RequestDecoderTest, ChecksCountsKeysAndElements) {
  EXPECT_EQ(ValidationWith(R"("Parts":[])"),
            std::string(kOneError) +
                "Value '[]' at 'parts' failed to satisfy constraint: Member "
                "must have length greater than or equal to 1");
  EXPECT_EQ(
      ValidationWith(R"("Parts":[{"Name":"a"},{"Name":"b","Count":2},{"Name":"c"}])"),
      std::string(kOneError) +
          "Value '[Part(name=a, count=null), Part(name=b, count=2), Part(name=c, count=null)]'"
          " at 'parts' failed to satisfy constraint: Member must have length less than or "
          "equal to 2");
  EXPECT_EQ(ValidationWith(R"("Names":["a","abcd"])"),
            std::string(kOneError) +
                "Value '[a, abcd]' at 'names' failed to satisfy constraint: Member must satisfy "
                "constraint: [Member must have length less than or equal to 3, Member must have "
                "length greater than or equal to 1]");
  EXPECT_EQ(
      ValidationWith(R"("ByName":{"x":{"Name":"n"}})"),
      std::string(kOneError) +
          "Value '{x=Part(name=n, count=null)}' at 'byName' failed to satisfy constraint: Map "
          "keys must satisfy constraint: [Member must have length greater than or equal to 3, "
          "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]");
  EXPECT_EQ(ValidationWith(R"("Bytes":"Zm9vZg==")"),
            std::string(kOneError) +
                "Value '\"Zm9vZg==\"' at 'bytes' failed to satisfy constraint: "
                "Member must have length less than or equal to 3");
}

TEST(RequestDecoderTest, CountsLengthsInCharacters) {
  EXPECT_TRUE(DecodeWith(R"("Names":["äöü"])").has_value());
  EXPECT_EQ(LengthOf("a\xf0\x9f\x8e\xb5"), 3);
}

TEST(RequestDecoderTest, ListsTheValuesOfAnEnum) {
  EXPECT_EQ(ValidationWith(R"("Colour":"BLUE")"),
            std::string(kOneError) +
                "Value 'BLUE' at 'colour' failed to satisfy constraint: Member "
                "must satisfy enum value set: [RED, GREEN]");
}

TEST(RequestDecoderTest, RefusesUnservedMembersThatAskForSomething) {
  EXPECT_EQ(ValidationWith(R"("Expected":{"a":{"Exists":false}})"),
            "The parameter 'expected' is not supported by this server: use ConditionExpression");
  EXPECT_EQ(ValidationWith(R"("TableClass":"STANDARD_INFREQUENT_ACCESS")"),
            "The parameter 'tableClass' is not supported by this server");
  EXPECT_NE(ValidationWith(R"("StreamSpecification":{"StreamEnabled":true})"), "accepted");
  EXPECT_NE(ValidationWith(R"("StreamSpecification":{"StreamEnabled":false,"X":1})"), "accepted");
  EXPECT_NE(ValidationWith(R"("Expected":true)"), "accepted");
}

TEST(RequestDecoderTest, AcceptsUnservedMembersThatAskForNothing) {
  for (const char* members :
       {R"("Expected":{})", R"("Expected":[])", R"("Expected":null)", R"("TableClass":"STANDARD")",
        R"("StreamSpecification":{"StreamEnabled":false})", R"("StreamSpecification":{})"}) {
    EXPECT_TRUE(DecodeWith(members).has_value()) << members;
  }
}

TEST(RequestDecoderTest, TellsWrongTypesBeforeViolationsAndThoseBeforeValues) {
  EXPECT_EQ(SerializationMessage(R"({"Item":{"a":{}},"TableName":"","Flag":1})"),
            "NUMBER_VALUE cannot be converted to Boolean");
  EXPECT_EQ(ValidationMessage(R"({"Item":{"a":{}}})").substr(0, 12), "1 validation");
}

TEST(AttributeValueDecoderTest, WantsExactlyOneType) {
  constexpr const char* kEmpty =
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
  EXPECT_EQ(RefusalOfValue("{}"), kEmpty);
  EXPECT_EQ(RefusalOfValue(R"({"X":"y"})"), kEmpty);
  EXPECT_EQ(RefusalOfValue(R"({"S":null})"), kEmpty);
  EXPECT_EQ(RefusalOfValue(R"({"L":[{}]})"), kEmpty);
  EXPECT_EQ(RefusalOfValue(R"({"S":"a","N":"1"})"),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
            "the supported datatypes");
}

TEST(AttributeValueDecoderTest, KeepsSetsSortedWhateverTheirOrderInTheRequest) {
  const Result<Sample> sample =
      DecodeWith(R"("Item":{"s":{"SS":["b","a","c"]},"n":{"NS":["3","-1","20"]},)"
                 R"("b":{"BS":["Ag==","AQA="]}})");
  ASSERT_TRUE(sample.has_value()) << sample.error().message;
  EXPECT_EQ(sample->item->at("s").get<StringSet>().elements,
            (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(sample->item->at("n").get<NumberSet>().elements,
            (std::vector<Number>{Number::FromInt(-1), Number::FromInt(3), Number::FromInt(20)}));
  EXPECT_EQ(sample->item->at("b").get<BinarySet>().elements,
            (std::vector<std::string>{std::string("\1\0", 2), "\2"}));
}

TEST(AttributeValueDecoderTest, RefusesEmptyAndDuplicateSets) {
  EXPECT_EQ(RefusalOfValue(R"({"SS":[]})"),
            "One or more parameter values were invalid: An string set  may not be empty");
  EXPECT_EQ(RefusalOfValue(R"({"NS":[]})"),
            "One or more parameter values were invalid: An number set  may not be empty");
  EXPECT_EQ(RefusalOfValue(R"({"BS":[]})"),
            "One or more parameter values were invalid: Binary sets should not be empty");
  EXPECT_EQ(RefusalOfValue(R"({"SS":["a","a"]})"),
            "One or more parameter values were invalid: Input collection [a, a] contains "
            "duplicates.");
  EXPECT_EQ(RefusalOfValue(R"({"BS":["Yg==","Yg=="]})"),
            "One or more parameter values were invalid: Input collection [Yg==, Yg==]of type BS "
            "contains duplicates.");
  EXPECT_EQ(RefusalOfValue(R"({"NS":["1","1.0"]})"), "Input collection contains duplicates");
}

TEST(AttributeValueDecoderTest, RefusesWhatIsNoNumber) {
  EXPECT_EQ(RefusalOfValue(R"({"N":"abc"})"),
            "The parameter cannot be converted to a numeric value: abc");
  EXPECT_EQ(RefusalOfValue(R"({"N":""})"), "The parameter cannot be converted to a numeric value");
  EXPECT_EQ(RefusalOfValue(R"({"NS":["1","x"]})"),
            "The parameter cannot be converted to a numeric value: x");
  EXPECT_EQ(RefusalOfValue(R"({"N":"123456789012345678901234567890123456789"})"),
            "Attempting to store more than 38 significant digits in a Number");
  EXPECT_EQ(RefusalOfValue(R"({"N":"1E126"})"),
            "Number overflow. Attempting to store a number with magnitude larger than supported "
            "range");
  EXPECT_EQ(RefusalOfValue(R"({"N":"-1E999999999999"})"),
            "Number overflow. Attempting to store a number with magnitude larger than supported "
            "range");
  EXPECT_EQ(RefusalOfValue(R"({"N":"1E-131"})"),
            "Number underflow. Attempting to store a number with magnitude smaller than supported "
            "range");
}

TEST(AttributeValueDecoderTest, RefusesNullThatIsNotTrue) {
  EXPECT_EQ(RefusalOfValue(R"({"NULL":false})"),
            "One or more parameter values were invalid: Null attribute value types must have the "
            "value of true");
}

TEST(AttributeValueDecoderTest, NamesJsonOfTheWrongType) {
  const auto refusal = [](const std::string& value) {
    return SerializationWith(R"("Item":{"a":)" + value + "}");
  };
  EXPECT_EQ(refusal(R"({"S":1})"), "NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(refusal(R"({"N":1})"), "NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(refusal(R"({"BOOL":"true"})"), "Unexpected token received from parser");
  EXPECT_EQ(refusal(R"({"SS":"a"})"), "Unexpected field type");
  EXPECT_EQ(refusal(R"({"SS":[1]})"), "NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(refusal(R"({"L":{}})"), "Start of structure or map found where not expected");
  EXPECT_EQ(refusal(R"({"L":[1]})"), "Unexpected value type in payload");
  EXPECT_EQ(refusal(R"({"M":"a"})"), "Unexpected field type");
  EXPECT_EQ(refusal(R"("a")"), "Unexpected value type in payload");
  EXPECT_EQ(refusal("[]"),
            "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue");
  EXPECT_EQ(refusal(R"({"B":"a"})"),
            "Base64 encoded length is expected a multiple of 4 bytes but found: 1");
}

std::string Nested(int containers, const std::string& open, const std::string& close) {
  std::string text;
  for (int i = 0; i < containers; ++i) text += open;
  text += R"({"S":"x"})";
  for (int i = 0; i < containers; ++i) text += close;
  return text;
}

TEST(AttributeValueDecoderTest, TakesThirtyTwoLevelsAndNoMore) {
  constexpr const char* kTooDeep =
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
      "beyond supported limit";
  EXPECT_EQ(RefusalOfValue(Nested(31, R"({"L":[)", "]}")), "accepted");
  EXPECT_EQ(RefusalOfValue(Nested(31, R"({"M":{"a":)", "}}")), "accepted");
  EXPECT_EQ(RefusalOfValue(Nested(32, R"({"L":[)", "]}")), kTooDeep);
  EXPECT_EQ(RefusalOfValue(Nested(32, R"({"M":{"a":)", "}}")), kTooDeep);
  EXPECT_EQ(RefusalOfValue(Nested(100, R"({"M":{"a":)", "}}")), kTooDeep);
  EXPECT_EQ(
      ValidationWith(R"("ExpressionAttributeValues":{":v":)" + Nested(32, R"({"L":[)", "]}") + "}"),
      kTooDeep);
}

TEST(AttributeValueDecoderTest, SaysWhichExpressionValueIsBad) {
  EXPECT_EQ(ValidationWith(R"("ExpressionAttributeValues":{":v":{"N":"x"}})"),
            "ExpressionAttributeValues contains invalid value: The parameter cannot be converted "
            "to a numeric value: x for key :v");
}

TEST(AttributeValueDecoderTest, ReadsBackWhatTheEncoderWrote) {
  const std::string text =
      R"({"b":{"B":"AAE="},"bs":{"BS":["AA==","AQ=="]},"l":{"L":[{"N":"1"},{"M":{}}]},)"
      R"("m":{"M":{"\"":{"NULL":true}}},"n":{"N":"0.1234567890123456789012345678901234567"},)"
      R"("ns":{"NS":["-1","2"]},"s":{"S":"ü\n"},"ss":{"SS":["a"]},"t":{"BOOL":false}})";
  const Result<Sample> sample = DecodeWith("\"Item\":" + text);
  ASSERT_TRUE(sample.has_value()) << sample.error().message;
  std::string encoded;
  AppendJsonAttributeMap(*sample->item, encoded);
  EXPECT_EQ(encoded, text);
}

// Whatever the bytes are, the answer is a value or an error.
TEST(RequestDecoderTest, SurvivesDamagedBodies) {
  const std::string good =
      R"({"TableName":"abc","Item":{"a":{"L":[{"N":"1"},{"M":{"k":{"SS":["x"]}}}]}},)"
      R"("Parts":[{"Name":"a","Count":3}],"Names":["x"],"Bytes":"Zm9v","Time":1.5})";
  constexpr std::uint64_t kSeed = 7;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  SeededRandom random(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    std::string body = good;
    for (std::uint64_t edits = random.Below(4) + 1; edits > 0; --edits) {
      const std::size_t at = random.Below(body.size());
      switch (random.Below(3)) {
        case 0:
          body[at] = static_cast<char>(random.Below(256));
          break;
        case 1:
          body.erase(at, random.Below(8));
          break;
        default:
          body.insert(at, body.substr(random.Below(body.size()), random.Below(12)));
      }
      if (body.empty()) body = " ";
    }
    const Result<Sample> result = Decode(body);
    ASSERT_TRUE(result || !result.error().message.empty());
  }
}

TEST(JsonEncoderTest, WritesMembersInOrderAndLeavesOutAbsentOnes) {
  Sample sample;
  sample.table_name = "t\"";
  sample.limit = 3;
  sample.colour = Colour::kRed;
  sample.parts = std::vector<Part>{{"a", 1}, {"b", std::nullopt}};
  sample.by_name = std::map<std::string, Part>{{"k", {"v", std::nullopt}}};
  sample.labels = std::map<std::string, std::string>{};
  std::string out;
  AppendJson(sample, out);
  EXPECT_EQ(out, R"({"TableName":"t\"","Limit":3,"Colour":"RED","Parts":[{"Name":"a","Count":1},)"
                 R"({"Name":"b"}],"ByName":{"k":{"Name":"v"}},"Labels":{}})");
}

}  // namespace
}  // namespace gramme
