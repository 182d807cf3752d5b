#include "http/request_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/testing/framing_cases.h"
#include "http/testing/llhttp_oracle.h"

namespace gramme {
namespace {

// What came out of one parser for one stream of bytes.
struct Outcome {
  int status = 0;  // of the last complete or rejected request; 0 when there was none
  std::string reason;
  int handled_count = 0;
  bool incomplete = false;  // bytes of an unfinished request are left
  // Everything a handler could see, one string per request.
  std::vector<std::string> requests;

  bool operator==(const Outcome&) const = default;
};

std::string Describe(const Request& request) {
  std::string text;
  for (const std::string_view part :
       {request.method, request.target, request.path, request.query, request.host, request.body}) {
    text.append(part).append("|");
  }
  for (const Header& header : request.headers) {
    text.append(header.name).append("=").append(header.value).append("|");
  }
  return text;
}

// Feeds `bytes` in pieces of `piece_size`, or in two cut at `cut`.
class Feeder {
 public:
  explicit Feeder(const Limits& limits) : parser_(limits) {}

  // False after a rejection: nothing more is read.
  bool Feed(std::string_view piece) {
    while (!piece.empty()) {
      const ParseStep step = parser_.Consume(piece);
      if (step.rejection != nullptr) {
        outcome_.status = step.rejection->status;
        outcome_.reason = step.rejection->reason;
        return false;
      }
      piece.remove_prefix(step.consumed);
      if (step.wanted_bytes > 0) {
        parser_.GiveRoom();
        continue;
      }
      if (!step.done) break;
      outcome_.status = 200;
      ++outcome_.handled_count;
      outcome_.requests.push_back(Describe(parser_.request()));
      parser_.Reset();
    }
    EXPECT_TRUE(piece.empty());
    return true;
  }
  Outcome Finish() {
    outcome_.incomplete = outcome_.reason.empty() && !parser_.idle();
    return outcome_;
  }

 private:
  RequestParser parser_;
  Outcome outcome_;
};

Outcome ParseInPieces(std::string_view bytes, std::size_t piece_size) {
  const Limits limits;
  Feeder feeder(limits);
  for (std::size_t at = 0; at < bytes.size(); at += piece_size) {
    if (!feeder.Feed(bytes.substr(at, piece_size))) break;
  }
  return feeder.Finish();
}

Outcome ParseCutAt(std::string_view bytes, std::size_t cut) {
  const Limits limits;
  Feeder feeder(limits);
  if (feeder.Feed(bytes.substr(0, cut))) feeder.Feed(bytes.substr(cut));
  return feeder.Finish();
}

TEST(RequestParserTest, EveryFramingRuleWhole) {
  for (const FramingCase& row : FramingCases()) {
    const Outcome outcome = ParseInPieces(row.bytes, row.bytes.size());
    EXPECT_EQ(outcome.status, row.status) << row.name << ": " << outcome.reason;
    EXPECT_EQ(outcome.handled_count, row.handled_count) << row.name;
    EXPECT_FALSE(row.status == 200 && outcome.incomplete) << row.name;
  }
}

TEST(RequestParserTest, CuttingTheInputChangesNothing) {
  for (const FramingCase& row : FramingCases()) {
    const Outcome whole = ParseInPieces(row.bytes, row.bytes.size());
    for (const std::size_t piece_size : {1, 2, 3, 7, 64}) {
      EXPECT_EQ(ParseInPieces(row.bytes, piece_size), whole) << row.name << " by " << piece_size;
    }
    // Quadratic: the long rows are cut at some places only.
    const std::size_t stride = row.bytes.size() / 2000 + 1;
    for (std::size_t cut = 1; cut < row.bytes.size(); cut += stride) {
      ASSERT_EQ(ParseCutAt(row.bytes, cut), whole) << row.name << " cut at " << cut;
    }
  }
}

TEST(RequestParserTest, ReadsHeadsAsLlhttpDoes) {
  const Limits limits;
  int compared_count = 0;
  for (const FramingCase& row : FramingCases()) {
    std::string_view rest = row.bytes;
    RequestHead head(limits);
    for (; !rest.empty(); head.Reset()) {
      const ParseStep step = head.Consume(rest);
      // Bodies are not skipped: what follows one is as good a head as any.
      if (!step.done || step.rejection != nullptr) break;
      const OracleHead oracle = ReadWithLlhttp(rest.substr(0, step.consumed));
      rest.remove_prefix(step.consumed);
      EXPECT_TRUE(oracle.is_accepted) << row.name;
      EXPECT_EQ(head.request().method, oracle.method) << row.name;
      EXPECT_EQ(head.request().target, oracle.target) << row.name;
      EXPECT_EQ(head.framing().keep_alive, oracle.keep_alive) << row.name;
      EXPECT_EQ(head.framing().chunked, oracle.chunked) << row.name;
      EXPECT_EQ(head.framing().content_length, oracle.content_length) << row.name;
      std::vector<std::pair<std::string, std::string>> headers;
      for (const Header& header : head.request().headers) {
        headers.emplace_back(header.name, header.value);
      }
      EXPECT_EQ(headers, oracle.headers) << row.name;
      ++compared_count;
    }
  }
  EXPECT_GT(compared_count, 50);
}

TEST(RequestParserTest, IncompleteRequestsAreNeitherServedNorRejected) {
  for (const FramingCase& row : IncompleteCases()) {
    for (const std::size_t piece_size : {row.bytes.size(), std::size_t{1}}) {
      const Outcome outcome = ParseInPieces(row.bytes, piece_size);
      EXPECT_TRUE(outcome.incomplete) << row.name;
      EXPECT_EQ(outcome.handled_count, row.handled_count) << row.name;
      EXPECT_EQ(outcome.reason, "") << row.name;
    }
  }
}

class ParsedTest : public ::testing::Test {
 protected:
  const Request& Parse(std::string_view bytes) {
    parser_.Reset();
    ParseStep step = parser_.Consume(bytes);
    bytes.remove_prefix(step.consumed);
    if (step.wanted_bytes > 0) {
      parser_.GiveRoom();
      step = parser_.Consume(bytes);
      bytes.remove_prefix(step.consumed);
    }
    EXPECT_TRUE(step.done);
    EXPECT_EQ(step.rejection, nullptr);
    EXPECT_EQ(bytes, "");
    return parser_.request();
  }

  Limits limits_;
  RequestParser parser_{limits_};
};

TEST_F(ParsedTest, FillsTheRequest) {
  const Request& request = Parse(
      "POST /a%20b?c=d?e HTTP/1.1\r\nHost: h:1\r\nX-Amz-Target:  DynamoDB_20120810.GetItem \r\n"
      "Empty:\r\ncontent-length: 2\r\n\r\n{}");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/a%20b?c=d?e");
  EXPECT_EQ(request.path, "/a%20b");
  EXPECT_EQ(request.query, "c=d?e");
  EXPECT_EQ(request.host, "h:1");
  EXPECT_EQ(request.body, "{}");
  EXPECT_EQ(request.headers.size(), 4U);
  ASSERT_NE(request.headers.Find("x-amz-target"), nullptr);
  EXPECT_EQ(*request.headers.Find("x-amz-target"), "DynamoDB_20120810.GetItem");
  ASSERT_NE(request.headers.Find("EMPTY"), nullptr);
  EXPECT_EQ(*request.headers.Find("EMPTY"), "");
  EXPECT_EQ(request.headers.Find("absent"), nullptr);
}

TEST_F(ParsedTest, AbsoluteTargetsHaveTheirPath) {
  EXPECT_EQ(Parse("GET http://h/a?b HTTP/1.1\r\nHost: h\r\n\r\n").path, "/a");
  EXPECT_EQ(Parse("GET http://h?b HTTP/1.1\r\nHost: h\r\n\r\n").path, "/");
  EXPECT_EQ(parser_.request().query, "b");
  EXPECT_EQ(Parse("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").path, "*");
}

TEST_F(ParsedTest, DecodesGzip) {
  const std::string zipped = Gzip("{\"TableName\":\"t\"}");
  EXPECT_EQ(Parse("POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: " +
                  std::to_string(zipped.size()) + "\r\n\r\n" + zipped)
                .body,
            "{\"TableName\":\"t\"}");
}

TEST_F(ParsedTest, BodiesAreFollowedByReadableSlack) {
  // Under AddressSanitizer a read beyond the allocation ends the test.
  for (const std::size_t size : {0, 1, 1023, 1024, 1025, 70'000}) {
    const std::string body(size, 'x');
    const Request& request =
        Parse("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
              body);
    EXPECT_EQ(request.body, body);
    for (std::size_t i = 0; i < kBodySlackBytes; ++i) EXPECT_EQ(request.body.data()[size + i], 0);
  }
}

TEST_F(ParsedTest, KnowsWhenTheConnectionStays) {
  Parse("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(parser_.keep_alive());
  Parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_FALSE(parser_.keep_alive());
  Parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n");
  EXPECT_FALSE(parser_.keep_alive());
  Parse("GET / HTTP/1.0\r\n\r\n");
  EXPECT_FALSE(parser_.keep_alive());
  Parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
  EXPECT_TRUE(parser_.keep_alive());
}

TEST_F(ParsedTest, ContinueIsExpectedOnlyWhileTheBodyIsHeldBack) {
  const std::string head =
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  parser_.Consume(head);
  EXPECT_TRUE(parser_.TakeContinueExpected());
  EXPECT_FALSE(parser_.TakeContinueExpected());
  EXPECT_TRUE(parser_.Consume("{}").done);
  parser_.Reset();
  parser_.Consume(head + "{");
  EXPECT_FALSE(parser_.TakeContinueExpected());
  parser_.Reset();
  parser_.Consume("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_FALSE(parser_.TakeContinueExpected());
}

TEST_F(ParsedTest, WantsMemoryForALargeBodyBeforeItTakesAny) {
  const std::string_view head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 16777216\r\n\r\n";
  const ParseStep step = parser_.Consume(std::string(head) + "x");
  EXPECT_EQ(step.consumed, head.size());
  EXPECT_EQ(step.wanted_bytes, 16'777'216U);
  EXPECT_EQ(parser_.buffered_bytes(), 0U);
  parser_.GiveRoom();
  EXPECT_EQ(parser_.Consume("x").consumed, 1U);
  EXPECT_EQ(parser_.buffered_bytes(), 16'777'216U);
  parser_.Release();
  EXPECT_EQ(parser_.buffered_bytes(), 0U);
}

}  // namespace
}  // namespace gramme
