#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/executor.h"
#include "http/testing/test_server.h"

namespace gramme {
namespace {

using ::testing::HasSubstr;

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

std::string Post(const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

TEST(ServerTest, AnswersOnOneConnectionAgainAndAgain) {
  const TestServer server;
  RawClient client = server.Connect();
  for (int i = 0; i < 100; ++i) {
    client.Send(Post("body " + std::to_string(i)));
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->body, "body " + std::to_string(i));
    EXPECT_EQ(response->Find("Content-Type"), "text/plain");
    EXPECT_EQ(response->Find("Connection"), std::nullopt);
  }
  EXPECT_TRUE(server.HasMetric("gramme_http_connections 1"));
  EXPECT_TRUE(server.HasMetric("gramme_http_connections_accepted_total 1"));
}

TEST(ServerTest, ClosesWhenAsked) {
  const TestServer server;
  RawClient client = server.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + kGet);
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->Find("Connection"), "close");
  EXPECT_TRUE(client.ReadEnd());
}

TEST(ServerTest, KeepsHttp10OpenOnlyWhenAsked) {
  const TestServer server;
  RawClient client = server.Connect();
  client.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->Find("Connection"), "keep-alive");
  client.Send("GET / HTTP/1.0\r\n\r\n");
  response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->Find("Connection"), "close");
  EXPECT_TRUE(client.ReadEnd());
}

TEST(ServerTest, HeadHasTheLengthAndNoBody) {
  const TestServer server;
  RawClient client = server.Connect();
  client.Send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + kGet);
  const auto head = client.ReadResponse(/*has_body=*/false);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->Find("Content-Length"), "7");
  const auto next = client.ReadResponse();
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->body, "GET /");
}

TEST(ServerTest, InvitesABodyThatIsHeldBack) {
  const TestServer server;
  RawClient client = server.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  const auto invitation = client.ReadResponse();
  ASSERT_TRUE(invitation.has_value());
  EXPECT_EQ(invitation->status, 100);
  client.Send("{}");
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "{}");
}

TEST(ServerTest, TakesBodiesOfSixteenMegabytes) {
  const TestServer server;
  for (const auto& [length, status] : {std::pair(16 * 1024 * 1024, 100),
                                       std::pair(16 * 1024 * 1024 + 1, 413)}) {
    RawClient client = server.Connect();
    client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) +
                "\r\nExpect: 100-continue\r\n\r\n");
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, status);
  }
}

TEST(ServerTest, DoesNotInviteABodyThatIsTooLarge) {
  const TestServer server;
  RawClient client = server.Connect();
  client.Send(
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 413);
}

TEST(ServerTest, LargeBodiesAndResponsesArriveWhole) {
  const TestServer server;
  RawClient client = server.Connect();
  std::string body;
  for (int i = 0; body.size() < 16'000'000; ++i) body += std::to_string(i);
  std::thread sender([&] { client.Send(Post(body)); });
  const auto response = client.ReadResponse();
  sender.join();
  ASSERT_TRUE(response.has_value());
  EXPECT_TRUE(response->body == body);
  Await([&] { return server.HasMetric("gramme_http_buffered_bytes 0"); });
}

TEST(ServerTest, SendsTheHandlersStatusAndHeadersSafely) {
  SimulatedClock clock(WallTime(std::chrono::seconds(784'111'777)));
  const TestServer server(
      [](const Request&, Responder responder) {
        responder.Complete(Response{.status = 404,
                                    .content_type = "application/x-amz-json-1.0",
                                    .headers = {{"x-amzn-RequestId", "a\r\nSet-Cookie: b"}},
                                    .body = "{}"});
      },
      Limits(), 1, clock);
  RawClient client = server.Connect();
  client.Send(kGet);
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->head,
            "HTTP/1.1 404 Not Found\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: application/x-amz-json-1.0\r\n"
            "x-amzn-RequestId: a  Set-Cookie: b\r\n"
            "Content-Length: 2\r\n");
  clock.Advance(std::chrono::seconds(1));
  client.Send(kGet);
  EXPECT_EQ(client.ReadResponse()->Find("Date"), "Sun, 06 Nov 1994 08:49:38 GMT");
}

TEST(ServerTest, ResponsesWithoutBodyHaveNoLength) {
  const TestServer server([](const Request&, Responder responder) {
    responder.Complete(Response{.status = 204, .content_type = {}, .headers = {}, .body = "x"});
  });
  RawClient client = server.Connect();
  client.Send(kGet + kGet);
  for (int i = 0; i < 2; ++i) {
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, 204);
    EXPECT_EQ(response->Find("Content-Length"), std::nullopt);
  }
}

TEST(ServerTest, AnswersPipelinedRequestsInOrderFromAnyThread) {
  ThreadPool pool(4);
  const TestServer server([&](const Request& request, Responder responder) {
    // The request is valid until it is answered, on whatever thread.
    pool.Post([&request, responder = std::move(responder)]() mutable {
      Echo(request, std::move(responder));
    });
  });
  RawClient client = server.Connect();
  constexpr int kCount = 2000;
  std::thread sender([&] {
    for (int i = 0; i < kCount; ++i) client.Send(Post("body " + std::to_string(i)));
  });
  for (int i = 0; i < kCount; ++i) {
    const auto response = client.ReadResponse();
    ASSERT_TRUE(response.has_value());
    ASSERT_EQ(response->body, "body " + std::to_string(i));
  }
  sender.join();
  pool.Stop();
}

TEST(ServerTest, AnUnansweredRequestGets500AndIsClosed) {
  const TestServer server([](const Request&, const Responder&) {});
  RawClient client = server.Connect();
  client.Send(kGet + kGet);
  const auto response = client.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->Find("Connection"), "close");
  EXPECT_TRUE(client.ReadEnd());
}

TEST(ServerTest, AnswersToVanishedClientsAreDropped) {
  std::promise<Responder> handed;
  TestServer server([&](const Request& request, Responder responder) {
    if (request.path == "/wait") {
      handed.set_value(std::move(responder));
    } else {
      Echo(request, std::move(responder));
    }
  });
  {
    RawClient client = server.Connect();
    client.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    Responder responder = handed.get_future().get();
    client = RawClient();
    responder.Complete(Response{.headers = {}, .body = std::string(1'000'000, 'x')});
  }
  RawClient client = server.Connect();
  client.Send(kGet);
  EXPECT_TRUE(client.ReadResponse().has_value());
}

TEST(ServerTest, RequestAndResponderOutliveTheServer) {
  std::promise<std::pair<const Request*, Responder>> handed;
  TestServer server([&](const Request& request, Responder responder) {
    handed.set_value({&request, std::move(responder)});
  });
  RawClient client = server.Connect();
  client.Send(Post("body"));
  auto [request, responder] = handed.get_future().get();
  server.Destroy();
  EXPECT_TRUE(client.ReadEnd());
  EXPECT_EQ(request->body, "body");
  responder.Complete(Response{});
}

TEST(ServerTest, ManyClientsOnManyLoops) {
  ThreadPool pool(2);
  const TestServer server(
      [&](const Request& request, Responder responder) {
        if (request.body.size() % 2 == 0) return Echo(request, std::move(responder));
        pool.Post([&request, responder = std::move(responder)]() mutable {
          Echo(request, std::move(responder));
        });
      },
      Limits(), /*loop_count=*/3);
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      RawClient client = server.Connect();
      for (int i = 0; i < 100; ++i) {
        const std::string body =
            std::string(static_cast<std::size_t>(i + 1), 'x') + std::to_string(t);
        client.Send(Post(body));
        const auto response = client.ReadResponse();
        if (response && response->body == body) ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 1600);
  pool.Stop();
}

TEST(ServerTest, DrainFinishesWhatHasBegunAndClosesWhatIsIdle) {
  std::promise<Responder> handed;
  TestServer server([&](const Request& request, Responder responder) {
    if (request.path == "/wait") {
      handed.set_value(std::move(responder));
    } else {
      Echo(request, std::move(responder));
    }
  });
  RawClient idle = server.Connect();
  idle.Send(kGet);
  ASSERT_TRUE(idle.ReadResponse().has_value());
  RawClient handled = server.Connect();
  handled.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  Responder responder = handed.get_future().get();
  RawClient begun = server.Connect();
  begun.Send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  ASSERT_EQ(begun.ReadResponse()->status, 100);

  std::future<bool> drained =
      std::async(std::launch::async, [&] { return server.server().Drain(kHungAfter); });
  EXPECT_TRUE(idle.ReadEnd());
  begun.Send("{}");
  auto response = begun.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "{}");
  EXPECT_EQ(response->Find("Connection"), "close");
  responder.Complete(Response{.headers = {}, .body = "late"});
  response = handled.ReadResponse();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "late");
  EXPECT_EQ(response->Find("Connection"), "close");
  begun = RawClient();
  handled = RawClient();
  EXPECT_TRUE(drained.get());
  RawClient late;
  late.Open(server.address());
  EXPECT_FALSE(late.Connect(server.address()));
}

TEST(ServerTest, DrainGivesUpAfterItsTime) {
  std::promise<Responder> handed;
  TestServer server(
      [&](const Request&, Responder responder) { handed.set_value(std::move(responder)); });
  RawClient client = server.Connect();
  client.Send(kGet);
  const Responder responder = handed.get_future().get();
  EXPECT_FALSE(server.server().Drain(std::chrono::milliseconds(1)));
  server.server().Stop();
  EXPECT_TRUE(client.ReadEnd());
}

TEST(ServerTest, RunsTasksOnItsLoops) {
  TestServer server(Echo, Limits(), /*loop_count=*/2);
  std::promise<std::thread::id> first, second, delayed;
  server.server().loop(0).Post([&] { first.set_value(std::this_thread::get_id()); });
  server.server().loop(1).Post([&] { second.set_value(std::this_thread::get_id()); });
  server.server().loop(0).PostAfter(std::chrono::hours(1), [&] { ADD_FAILURE(); });
  server.server().loop(0).PostAfter(std::chrono::milliseconds(1),
                                    [&] { delayed.set_value(std::this_thread::get_id()); });
  const std::thread::id id = first.get_future().get();
  EXPECT_NE(id, second.get_future().get());
  EXPECT_EQ(id, delayed.get_future().get());
}

}  // namespace
}  // namespace gramme
