// TestServer: a Server on a free port of the loopback interface, whose handler is a function.

#ifndef GRAMME_HTTP_TESTING_TEST_SERVER_H_
#define GRAMME_HTTP_TESTING_TEST_SERVER_H_

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "http/message.h"
#include "http/server.h"
#include "http/testing/raw_client.h"
#include "metrics/registry.h"

namespace gramme {

class FunctionHandler : public Handler {
 public:
  using Function = std::function<void(const Request&, Responder)>;

  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  void Handle(const Request& request, Responder responder) override {
    function_(request, std::move(responder));
  }
  Response RefuseForMemory(const Request& request) override {
    return {.status = 503, .headers = {}, .body = "no memory for " + std::string(request.path)};
  }

 private:
  const Function function_;
};

// Answers at once with the request's body, or "METHOD PATH" when there is none.
inline void Echo(const Request& request, Responder responder) {
  std::string body(request.body);
  if (body.empty()) body.append(request.method).append(" ").append(request.path);
  responder.Complete(
      Response{.content_type = "text/plain", .headers = {}, .body = std::move(body)});
}

// Returns when `condition` holds. What a server does in the background has no other witness than
// its metrics.
inline void Await(const std::function<bool()>& condition) {
  const MonotonicTime hung = SystemClock().MonotonicNow() + kHungAfter;
  while (!condition()) {
    GRAMME_CHECK(SystemClock().MonotonicNow() < hung, "awaited in vain");
    std::this_thread::yield();
  }
}

// Runs while it lives.
class TestServer {
 public:
  explicit TestServer(FunctionHandler::Function handler = Echo, const Limits& limits = Limits(),
                      std::size_t loop_count = 1, Clock& clock = SystemClock())
      : handler_(std::move(handler)),
        server_(std::make_unique<Server>(
            ServerOptions{.addresses = {{.host = "127.0.0.1", .port = 0, .unix_path = {}}},
                          .loop_count = loop_count,
                          .limits = limits},
            handler_, clock, metrics_)) {
    const auto started = server_->Start();
    GRAMME_CHECK(started.has_value(), started.error());
  }

  const ListenAddress& address() const { return server_->addresses().front(); }
  RawClient Connect() const { return RawClient(address()); }
  Server& server() { return *server_; }
  // The server, its threads and its memory go.
  void Destroy() { server_.reset(); }

  std::string Metrics() const { return metrics_.Render(); }
  // The value of a metric without labels.
  std::int64_t Metric(std::string_view name) const {
    const std::string text = Metrics();
    const std::string line = "\n" + std::string(name) + " ";
    const std::size_t begin = text.find(line);
    GRAMME_CHECK(begin != std::string::npos, name);
    return std::atoll(text.c_str() + begin + line.size());
  }
  // Whether the exposition has exactly this line.
  bool HasMetric(std::string_view line) const {
    return Metrics().find("\n" + std::string(line) + "\n") != std::string::npos;
  }

 private:
  Registry metrics_;
  FunctionHandler handler_;
  std::unique_ptr<Server> server_;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_TESTING_TEST_SERVER_H_
