// Large bodies share a number of bytes: who finds no room waits, in order, at no cost to others.

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/testing/test_server.h"

namespace gramme {
namespace {

constexpr std::size_t kBodyBytes = 800'000;
constexpr std::size_t kPartBytes = 600'000;

// Room for one large body, and 250,000 bytes for small ones. Deadlines run on a clock that the test
// moves.
Limits OneBody() {
  Limits limits;
  limits.buffered_bytes_max = 1'250'000;
  limits.small_body_bytes_max = 200'000;
  limits.tick = std::chrono::milliseconds(1);
  return limits;
}

std::string Head(const std::string& more) {
  return "POST / HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
}
std::string LargeHead() { return Head("Content-Length: " + std::to_string(kBodyBytes) + "\r\n"); }

class RoomTest : public ::testing::Test {
 protected:
  explicit RoomTest(const Limits& limits = OneBody()) : limits_(limits) {}

  // A client whose body has the room, and is not complete.
  RawClient Occupy() {
    RawClient client = server_.Connect();
    const std::string begin = LargeHead() + std::string(kPartBytes, 'x');
    client.Send(begin);
    const auto received = static_cast<std::int64_t>(begin.size());
    Await([&] { return server_.Metric("gramme_http_received_bytes_total") >= received; });
    EXPECT_EQ(server_.Metric("gramme_http_buffered_bytes"), kBody);
    return client;
  }
  static void Finish(RawClient& client) {
    client.Send(std::string(kBodyBytes - kPartBytes, 'x'));
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body.size(), kBodyBytes);
  }
  void AwaitWaiting(std::int64_t count) {
    Await([&] { return server_.Metric("gramme_http_waiting_bodies") == count; });
  }

  static constexpr std::int64_t kBody = kBodyBytes;
  const Limits limits_;
  SimulatedClock clock_;
  TestServer server_{Echo, limits_, 1, clock_};
};

TEST_F(RoomTest, ALargeBodyWaitsForRoomAndSmallOnesGoOn) {
  RawClient first = Occupy();
  RawClient second = server_.Connect();
  second.Send(LargeHead());
  AwaitWaiting(1);
  for (int i = 0; i < 100; ++i) {
    RawClient small = server_.Connect();
    small.Send(Head("Content-Length: 3\r\n") + "abc");
    ASSERT_EQ(small.ReadResponse()->body, "abc");
  }
  Finish(first);
  AwaitWaiting(0);
  second.Send(std::string(kPartBytes, 'x'));
  Finish(second);
  Await([&] { return server_.HasMetric("gramme_http_buffered_bytes 0"); });
}

TEST_F(RoomTest, BodiesOfTheSizeOfAnItemDoNotWaitForLargeOnesThatDoNotCome) {
  RawClient first = Occupy();
  RawClient second = server_.Connect();
  second.Send(LargeHead());
  AwaitWaiting(1);
  for (int i = 0; i < 20; ++i) {
    RawClient item = server_.Connect();
    item.Send(Head("Content-Length: 200000\r\n") + std::string(200'000, 'i'));
    ASSERT_EQ(item.ReadResponse()->body.size(), 200'000U);
  }
  Finish(first);
  second.Send(std::string(kPartBytes, 'x'));
  Finish(second);
  Await([&] { return server_.HasMetric("gramme_http_buffered_bytes 0"); });
}

TEST_F(RoomTest, SmallBodiesTakeWhatLargeOnesLeaveAndThenWait) {
  std::vector<RawClient> small;
  const auto announce = [&] {
    small.push_back(server_.Connect());
    small.back().Send(Head("Content-Length: 200000\r\n"));
  };
  // One of the share, five of what is there for all.
  for (int i = 0; i < 6; ++i) announce();
  Await([&] { return server_.Metric("gramme_http_buffered_bytes") == 1'200'000; });
  EXPECT_EQ(server_.Metric("gramme_http_waiting_bodies"), 0);
  announce();
  AwaitWaiting(1);
  // The share has room again.
  small.front() = RawClient();
  AwaitWaiting(0);
  small.back().Send(std::string(200'000, 'i'));
  EXPECT_EQ(small.back().ReadResponse()->body.size(), 200'000U);
}

TEST_F(RoomTest, TheyAreServedInTheOrderInWhichTheyCame) {
  RawClient first = Occupy();
  std::vector<RawClient> waiting;
  for (int i = 0; i < 5; ++i) {
    waiting.push_back(server_.Connect());
    waiting.back().Send(LargeHead());
    AwaitWaiting(i + 1);
  }
  Finish(first);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    AwaitWaiting(static_cast<std::int64_t>(waiting.size() - i - 1));
    waiting[i].Send(std::string(kPartBytes, 'x'));
    Finish(waiting[i]);
  }
}

TEST_F(RoomTest, NothingMoreIsReceivedFromAClientThatWaits) {
  RawClient first = Occupy();
  const std::int64_t before = server_.Metric("gramme_http_received_bytes_total");
  RawClient second = server_.Connect();
  const std::string head = LargeHead();
  second.Send(head + std::string(100'000, 'x'));
  AwaitWaiting(1);
  EXPECT_LE(server_.Metric("gramme_http_received_bytes_total"), before + 8 * 1024);
  Finish(first);
  const std::int64_t late = kBody - static_cast<std::int64_t>(kPartBytes);
  // Now the rest is.
  Await([&] {
    return server_.Metric("gramme_http_received_bytes_total") ==
           before + late + static_cast<std::int64_t>(head.size()) + 100'000;
  });
  second.Send(std::string(kPartBytes - 100'000, 'x'));
  Finish(second);
}

class PatientRoomTest : public RoomTest {
 protected:
  static Limits Patient() {
    Limits limits = OneBody();
    limits.transfer_grace = 2 * limits.room_patience;
    return limits;
  }
  PatientRoomTest() : RoomTest(Patient()) {}
};

TEST_F(PatientRoomTest, AClientThatWaitsTooLongIsAnswered503) {
  RawClient first = Occupy();
  RawClient second = server_.Connect();
  second.Send(LargeHead());
  AwaitWaiting(1);
  clock_.Advance(limits_.room_patience + std::chrono::seconds(1));
  const auto refused = second.ReadResponse();
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->body, "no memory for /");
  EXPECT_TRUE(second.ReadEnd());
  EXPECT_TRUE(server_.HasMetric("gramme_http_rejections_total{reason=\"buffer_space\"} 1"));
  AwaitWaiting(0);
  Finish(first);
}

TEST_F(RoomTest, AClientThatStopsInItsBodyGivesTheRoomBack) {
  RawClient first = Occupy();
  RawClient second = server_.Connect();
  second.Send(LargeHead());
  AwaitWaiting(1);
  clock_.Advance(limits_.transfer_grace + std::chrono::seconds(1));
  EXPECT_EQ(first.ReadResponse()->status, 408);
  AwaitWaiting(0);
  second.Send(std::string(kPartBytes, 'x'));
  Finish(second);
}

TEST_F(RoomTest, AClientThatGoesGivesTheRoomBack) {
  RawClient first = Occupy();
  RawClient second = server_.Connect();
  second.Send(LargeHead() + std::string(1'000, 'x'));
  AwaitWaiting(1);
  RawClient third = server_.Connect();
  third.Send(LargeHead());
  AwaitWaiting(2);
  // One that waits, and then the one that has the room.
  second = RawClient();
  first = RawClient();
  AwaitWaiting(0);
  third.Send(std::string(kPartBytes, 'x'));
  Finish(third);
  Await([&] { return server_.HasMetric("gramme_http_buffered_bytes 0"); });
}

TEST_F(RoomTest, ABodyIsInvitedWhenThereIsRoomForIt) {
  RawClient first = Occupy();
  RawClient second = server_.Connect();
  second.Send(
      Head("Expect: 100-continue\r\nContent-Length: " + std::to_string(kBodyBytes) + "\r\n"));
  AwaitWaiting(1);
  Finish(first);
  EXPECT_EQ(second.ReadResponse()->status, 100);
  second.Send(std::string(kPartBytes, 'x'));
  Finish(second);
}

TEST_F(RoomTest, BodiesOfUnknownLengthTakeAllOfItOnceTheyAreLarge) {
  RawClient small = server_.Connect();
  small.Send(Head("Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n");
  RawClient first = Occupy();
  // Small ones need no room.
  small.Send("0\r\n\r\n");
  EXPECT_EQ(small.ReadResponse()->body, "abc");
  RawClient large = server_.Connect();
  large.Send(Head("Transfer-Encoding: chunked\r\n") + "C350\r\n" + std::string(50'000, 'y'));
  AwaitWaiting(1);
  Finish(first);
  large.Send("\r\n0\r\n\r\n");
  EXPECT_EQ(large.ReadResponse()->body.size(), 50'000U);
  Await([&] { return server_.HasMetric("gramme_http_buffered_bytes 0"); });
}

TEST_F(RoomTest, WhatIsLargerThanAllRoomIsServedAlone) {
  RawClient client = server_.Connect();
  client.Send(Head("Content-Length: 1500000\r\n"));
  client.Send(std::string(1'500'000, 'x'));
  EXPECT_EQ(client.ReadResponse()->body.size(), 1'500'000U);
}

TEST_F(RoomTest, TheServerEndsWithBodiesThatWait) {
  const RawClient first = Occupy();
  std::vector<RawClient> waiting;
  for (int i = 0; i < 50; ++i) {
    waiting.push_back(server_.Connect());
    waiting.back().Send(LargeHead());
  }
  AwaitWaiting(50);
  server_.server().Stop();
  server_.Destroy();
  for (RawClient& client : waiting) EXPECT_TRUE(client.ReadEnd());
}

TEST_F(RoomTest, DrainingServesWhoWaits) {
  RawClient first = Occupy();
  RawClient second = server_.Connect();
  second.Send(LargeHead());
  AwaitWaiting(1);
  std::thread drain([&] { EXPECT_TRUE(server_.server().Drain(kHungAfter)); });
  Finish(first);
  second.Send(std::string(kPartBytes, 'x'));
  Finish(second);
  first = RawClient();
  second = RawClient();
  drain.join();
}

}  // namespace
}  // namespace gramme
