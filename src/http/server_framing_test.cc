// Every row of the framing rules, over a real socket.

#include <gtest/gtest.h>

#include <string>

#include "http/testing/framing_cases.h"
#include "http/testing/test_server.h"

namespace gramme {
namespace {

constexpr std::string_view kGet = "GET /after HTTP/1.1\r\nHost: h\r\n\r\n";

// Reads what the row promises, and finds out whether the connection is usable afterwards.
void ExpectAnswers(const FramingCase& row, RawClient& client) {
  for (int i = 0; i < row.handled_count; ++i) {
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response.has_value()) << row.name;
    EXPECT_EQ(response->status, 200) << row.name;
  }
  if (row.status == 200) {
    const bool is_http_1_0 = row.bytes.find("HTTP/1.0") != std::string::npos;
    if (is_http_1_0) {
      EXPECT_TRUE(client.ReadEnd()) << row.name;
      return;
    }
    client.Send(kGet);
    const auto next = client.ReadResponse();
    ASSERT_TRUE(next.has_value()) << row.name;
    EXPECT_EQ(next->body, "GET /after") << row.name;
    return;
  }
  const auto refusal = client.ReadResponse();
  ASSERT_TRUE(refusal.has_value()) << row.name;
  EXPECT_EQ(refusal->status, row.status) << row.name;
  EXPECT_EQ(refusal->Find("Connection"), "close") << row.name;
  EXPECT_FALSE(refusal->body.empty()) << row.name;
  // Nothing that follows is answered.
  client.Send(kGet);
  EXPECT_TRUE(client.ReadEnd()) << row.name;
}

TEST(ServerFramingTest, EveryRowWhole) {
  const TestServer server;
  for (const FramingCase& row : FramingCases()) {
    RawClient client = server.Connect();
    client.Send(row.bytes);
    ExpectAnswers(row, client);
  }
}

TEST(ServerFramingTest, EveryRowByteByByte) {
  const TestServer server;
  for (const FramingCase& row : FramingCases()) {
    RawClient client = server.Connect();
    client.SendInPieces(row.bytes, 1);
    ExpectAnswers(row, client);
  }
}

TEST(ServerFramingTest, WhatEndsTooEarlyIsRejected) {
  const TestServer server;
  for (const FramingCase& row : IncompleteCases()) {
    for (const std::size_t piece_size : {row.bytes.size(), std::size_t{1}}) {
      RawClient client = server.Connect();
      client.SendInPieces(row.bytes, piece_size);
      client.ShutdownWrite();
      ExpectAnswers(row, client);
    }
  }
  EXPECT_TRUE(server.HasMetric("gramme_http_rejections_total{reason=\"incomplete\"} " +
                               std::to_string(2 * IncompleteCases().size())));
}

TEST(ServerFramingTest, RejectionsAreCountedByReason) {
  const TestServer server;
  RawClient client = server.Connect();
  client.Send("GET / HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(client.ReadResponse().has_value());
  EXPECT_TRUE(server.HasMetric("gramme_http_rejections_total{reason=\"host\"} 1"));
}

TEST(ServerFramingTest, ALargeRejectedBodyDoesNotHideTheAnswer) {
  const TestServer server;
  RawClient client = server.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20000000\r\n\r\n");
  client.Send(std::string(20'000'000, 'x'));
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 413);
}

}  // namespace
}  // namespace gramme
