#include "http/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "http/testing/test_server.h"

namespace gramme {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

// A server on one address, and whether it could start.
class Listening {
 public:
  explicit Listening(ListenAddress address, std::size_t loop_count = 2)
      : server_(
            ServerOptions{
                .addresses = {std::move(address)}, .loop_count = loop_count, .limits = {}},
            handler_, SystemClock(), metrics_),
        started_(server_.Start()) {}

  const std::expected<void, std::string>& started() const { return started_; }
  const ListenAddress& address() const { return server_.addresses().front(); }
  bool Answers() const {
    RawClient client(address());
    client.Send(kGet);
    return client.ReadResponse().has_value();
  }

 private:
  Registry metrics_;
  FunctionHandler handler_{Echo};
  Server server_;
  std::expected<void, std::string> started_;
};

ListenAddress Tcp(std::string host, std::uint16_t port = 0) {
  return {.host = std::move(host), .port = port, .unix_path = {}};
}

ListenAddress Unix(std::string path) {
  return {.host = {}, .port = 0, .unix_path = std::move(path)};
}

TEST(ListenAddressTest, ReadsWhatItWrites) {
  for (const char* text : {"127.0.0.1:8000", "[::1]:8000", "localhost:0", "unix:/tmp/a b.sock"}) {
    const auto address = ParseListenAddress(text);
    ASSERT_TRUE(address.has_value()) << address.error();
    EXPECT_EQ(FormatListenAddress(*address), text);
  }
  EXPECT_EQ(ParseListenAddress("[::1]:8000")->host, "::1");
}

TEST(ListenAddressTest, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "8000", ":8000", "h:", "h:a", "h:-1", "h:65536", "h:80x", "::1:8000",
                           "[]:80", "unix:", "h:80:90"}) {
    const auto address = ParseListenAddress(text);
    ASSERT_FALSE(address.has_value()) << text;
    EXPECT_THAT(address.error(), HasSubstr("HOST:PORT"));
  }
}

TEST(ListenAddressTest, PortZeroFindsAPortAndReportsIt) {
  const Listening server(Tcp("127.0.0.1"));
  ASSERT_TRUE(server.started().has_value()) << server.started().error();
  EXPECT_NE(server.address().port, 0);
  EXPECT_TRUE(server.Answers());
}

TEST(ListenAddressTest, ListensOnIp6AndOnNames) {
  const Listening named(Tcp("localhost"));
  ASSERT_TRUE(named.started().has_value()) << named.started().error();
  EXPECT_TRUE(RawClient(Tcp("127.0.0.1", named.address().port)).Send(kGet));
  const Listening server(Tcp("::1"));
  if (server.started().has_value()) {
    EXPECT_TRUE(server.Answers());
  } else {
    // A machine without IPv6 must at least say so.
    EXPECT_THAT(server.started().error(), HasSubstr("cannot listen on [::1]:0: "));
  }
}

TEST(ListenAddressTest, ATakenPortIsOneClearLine) {
  const Listening first(Tcp("127.0.0.1"));
  ASSERT_TRUE(first.started().has_value());
  // Also by a server that would be willing to share.
  const Listening second(Tcp("127.0.0.1", first.address().port));
  ASSERT_FALSE(second.started().has_value());
  EXPECT_EQ(second.started().error(),
            "cannot listen on 127.0.0.1:" + std::to_string(first.address().port) +
                ": another process listens there");
  EXPECT_TRUE(first.Answers());
}

TEST(ListenAddressTest, APortIsFreeAgainWhenItsServerHasStopped) {
  std::uint16_t port = 0;
  {
    const Listening first(Tcp("127.0.0.1"));
    port = first.address().port;
    EXPECT_TRUE(first.Answers());
  }
  const Listening second(Tcp("127.0.0.1", port));
  EXPECT_TRUE(second.started().has_value()) << second.started().error();
}

TEST(ListenAddressTest, AForeignAddressIsOneClearLine) {
  const Listening server(Tcp("192.0.2.1", 8000));
  ASSERT_FALSE(server.started().has_value());
  EXPECT_EQ(server.started().error(),
            "cannot listen on 192.0.2.1:8000: this machine does not have that address");
}

class UnixSocketTest : public ::testing::Test {
 protected:
  UnixSocketTest() : path_("/tmp/gramme_http_test_" + std::to_string(getpid()) + ".sock") {}
  ~UnixSocketTest() override { std::filesystem::remove(path_); }

  const std::string path_;
};

TEST_F(UnixSocketTest, ServesAndRemovesThePath) {
  {
    const Listening server(Unix(path_), /*loop_count=*/3);
    ASSERT_TRUE(server.started().has_value()) << server.started().error();
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(server.Answers());
    const Listening second{Unix(path_)};
    ASSERT_FALSE(second.started().has_value());
    EXPECT_THAT(second.started().error(), HasSubstr("another process listens there"));
    EXPECT_TRUE(server.Answers());
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, ReplacesASocketThatNobodyServes) {
  {
    ListenAddress address = Unix(path_);
    const auto abandoned = OpenListeningSockets(address, 1);
    ASSERT_TRUE(abandoned.has_value());
    close(abandoned->front());
  }
  ASSERT_TRUE(std::filesystem::exists(path_));
  const Listening server{Unix(path_)};
  ASSERT_TRUE(server.started().has_value()) << server.started().error();
  EXPECT_TRUE(server.Answers());
}

TEST_F(UnixSocketTest, NeverReplacesAnOrdinaryFile) {
  std::ofstream(path_) << "precious";
  const Listening server{Unix(path_)};
  ASSERT_FALSE(server.started().has_value());
  EXPECT_THAT(server.started().error(), HasSubstr("a file that is no socket is there"));
  EXPECT_TRUE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace gramme
