// A node scrubs itself when it is asked to, and stops whatever its scrub does just then.

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"
#include "http/testing/raw_client.h"
#include "server/node.h"

namespace gramme {
namespace {

class NodeScrubTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ =
        std::filesystem::temp_directory_path() / ("gramme-node-scrub-" + std::to_string(getpid()));
    std::filesystem::remove_all(directory_);
    options_.data_directory = directory_;
    options_.addresses = {{.host = "127.0.0.1"}};
    options_.memory_bytes = std::size_t{32} << 20;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Start() {
    auto started = Node::Start(options_, log_);
    ASSERT_TRUE(started) << started.error().message;
    node_ = *std::move(started);
  }
  std::string Metrics() const {
    RawClient client(node_->addresses().front());
    client.Send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const auto response = client.ReadResponse();
    return response ? response->body : "";
  }
  static bool HasEnded(const std::string& metrics) {
    return metrics.find("\ngramme_scrub_last_end_seconds 0\n") == std::string::npos;
  }

  std::filesystem::path directory_;
  NodeOptions options_;
  Log log_{LogLevel::kError, LogFormat::kText};
  std::unique_ptr<Node> node_;
};

TEST_F(NodeScrubTest, ScrubsAfterItsStartAndAgain) {
  options_.scrub_delay = Duration(0);
  options_.scrub_interval = Duration(1);
  Start();
  const MonotonicTime give_up = SystemClock().MonotonicNow() + kHungAfter;
  while (!HasEnded(Metrics()) && SystemClock().MonotonicNow() < give_up) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(HasEnded(Metrics()));
  EXPECT_NE(Metrics().find("\ngramme_scrub_findings_total 0\n"), std::string::npos);
  // One pass follows the other.
  EXPECT_TRUE(node_->Stop());
}

TEST_F(NodeScrubTest, DoesNotScrubWhereItIsToldNotTo) {
  options_.scrub_interval = Duration(0);
  Start();
  EXPECT_EQ(Metrics().find("gramme_scrub"), std::string::npos);
  EXPECT_TRUE(node_->Stop());
}

}  // namespace
}  // namespace gramme
