// What happens at the limits: time, space, connections, descriptors.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "http/testing/test_server.h"

namespace gramme {
namespace {

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

// Deadlines run on a clock that the test moves; looked at often, so that tests are quick.
Limits QuickTicks() {
  Limits limits;
  limits.tick = std::chrono::milliseconds(1);
  return limits;
}

class DeadlineTest : public ::testing::Test {
 protected:
  // Has a request answered on another connection, so that whatever was sent before was seen.
  void Synchronise() {
    RawClient client = server_.Connect();
    client.Send(kGet);
    ASSERT_TRUE(client.ReadResponse().has_value());
  }

  const Limits limits_ = QuickTicks();
  SimulatedClock clock_;
  const std::string large_ = std::string(64'000'000, 'x');
  const TestServer server_{[this](const Request& request, Responder responder) {
                             if (request.path != "/large") {
                               return Echo(request, std::move(responder));
                             }
                             responder.Complete(Response{.headers = {}, .body = large_});
                           },
                           limits_, 1, clock_};
};

TEST_F(DeadlineTest, SilentConnectionsAreClosed) {
  RawClient client = server_.Connect();
  client.Send(kGet);
  ASSERT_TRUE(client.ReadResponse().has_value());
  clock_.Advance(limits_.idle_timeout - std::chrono::seconds(1));
  client.Send(kGet);
  ASSERT_TRUE(client.ReadResponse().has_value());
  Synchronise();
  clock_.Advance(limits_.idle_timeout + std::chrono::seconds(1));
  EXPECT_TRUE(client.ReadEnd());
}

TEST_F(DeadlineTest, SlowHeadersAreRejected) {
  RawClient client = server_.Connect();
  client.Send("GET / HTTP/1.1\r\nHo");
  Synchronise();
  clock_.Advance(limits_.header_timeout - std::chrono::seconds(1));
  // More bytes buy no more time.
  client.Send("st: ");
  Synchronise();
  clock_.Advance(std::chrono::seconds(2));
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 408);
  // Nobody lingers for ever either: the client does not close.
  clock_.Advance(limits_.linger_timeout + std::chrono::seconds(1));
  EXPECT_TRUE(client.ReadEnd());
  EXPECT_TRUE(server_.HasMetric("gramme_http_rejections_total{reason=\"timeout\"} 1"));
}

TEST_F(DeadlineTest, SlowBodiesAreRejected) {
  RawClient client = server_.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nbody");
  Synchronise();
  clock_.Advance(limits_.transfer_grace + std::chrono::seconds(1));
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 408);
}

TEST_F(DeadlineTest, BodiesMayTakeAsLongAsTheyComeFastEnough) {
  RawClient client = server_.Connect();
  const std::size_t size = 100 * limits_.transfer_bytes_per_second_min;
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
  for (int i = 0; i < 100; ++i) {
    client.Send(std::string(limits_.transfer_bytes_per_second_min, 'x'));
    Synchronise();
    clock_.Advance(std::chrono::milliseconds(900));
  }
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
}

TEST_F(DeadlineTest, ReadersThatDoNotReadAreCutOff) {
  RawClient client = server_.Connect();
  client.Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  client.ReadSome(1);
  Synchronise();
  // Far more than what the sockets' buffers can have taken is worth.
  clock_.Advance(limits_.transfer_grace + std::chrono::hours(1));
  while (!client.ReadSome(1 << 20).empty()) {
  }
  Await([&] { return server_.HasMetric("gramme_http_buffered_bytes 0"); });
}

TEST(LimitsTest, SlowReadersBeyondTheCommonBudgetAreCutOff) {
  Limits limits;
  limits.buffered_bytes_max = 1'000'000;
  const TestServer server(
      [](const Request&, Responder responder) {
        responder.Complete(Response{.headers = {}, .body = std::string(64'000'000, 'x')});
      },
      limits);
  RawClient client = server.Connect();
  client.Send(kGet);
  // The part that the sockets' buffers took, and then the end.
  EXPECT_FALSE(client.ReadResponse().has_value());
  Await([&] { return server.HasMetric("gramme_http_buffered_bytes 0"); });
}

TEST(LimitsTest, ConnectionsBeyondTheMaximumGet503) {
  Limits limits;
  limits.connection_count_max = 2;
  const TestServer server(Echo, limits);
  RawClient first = server.Connect();
  RawClient second = server.Connect();
  for (RawClient* client : {&first, &second}) {
    client->Send(kGet);
    ASSERT_TRUE(client->ReadResponse().has_value());
  }
  RawClient third = server.Connect();
  const auto refused = third.ReadResponse();
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->status, 503);
  EXPECT_TRUE(third.ReadEnd());
  // A place becomes free when the server has seen the end of a connection.
  first.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(first.ReadResponse().has_value());
  first = RawClient();
  Await([&] { return server.Metric("gramme_http_connections") == 1; });
  RawClient fourth = server.Connect();
  fourth.Send(kGet);
  EXPECT_EQ(fourth.ReadResponse()->status, 200);
}

TEST(LimitsTest, WithoutDescriptorsAcceptingPausesAndRecovers) {
  Limits limits;
  limits.tick = std::chrono::seconds(1);
  const TestServer server(Echo, limits);
  RawClient active = server.Connect();
  active.Send(kGet);
  ASSERT_TRUE(active.ReadResponse().has_value());

  RawClient waiting;
  waiting.Open(server.address());
  rlimit original{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &original), 0);
  rlimit exhausted = original;
  exhausted.rlim_cur = 0;  // nothing new may be opened; what is open stays
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &exhausted), 0);
  ASSERT_TRUE(waiting.Connect(server.address()));
  waiting.Send(kGet);
  Await([&] { return server.Metric("gramme_http_accept_pauses_total") > 0; });
  // The loop is free for others: were it spinning on accept, each of these turns would count.
  constexpr int kTurns = 200;
  for (int i = 0; i < kTurns; ++i) {
    active.Send(kGet);
    ASSERT_TRUE(active.ReadResponse().has_value());
  }
  EXPECT_LT(server.Metric("gramme_http_accept_pauses_total"), kTurns / 4);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &original), 0);
  EXPECT_TRUE(waiting.ReadResponse().has_value());
}

TEST(LimitsTest, PipelinedRequestsDoNotPileUpInTheServer) {
  // While one request is handled nothing more than one receive buffer is taken from the socket.
  std::promise<Responder> handed;
  const TestServer server([&](const Request& request, Responder responder) {
    if (request.path == "/wait") {
      handed.set_value(std::move(responder));
    } else {
      Echo(request, std::move(responder));
    }
  });
  RawClient client = server.Connect();
  client.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  Responder responder = handed.get_future().get();
  // Until the sockets' buffers are full: then the client, not the server, holds the rest.
  std::size_t sent_count = 0;
  std::size_t offset = 0;
  for (;;) {
    const ssize_t sent = send(client.descriptor(), kGet.data() + offset, kGet.size() - offset,
                              MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) break;
    offset += static_cast<std::size_t>(sent);
    if (offset == kGet.size()) {
      offset = 0;
      ++sent_count;
    }
  }
  EXPECT_GT(sent_count, 0U);
  responder.Complete(Response{});
  ASSERT_TRUE(client.ReadResponse().has_value());
  for (std::size_t i = 0; i < sent_count; ++i) {
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response.has_value());
    ASSERT_EQ(response->body, "GET /");
  }
}

}  // namespace
}  // namespace gramme
