// The fixed answer through our HTTP stack: every POST gets the answer of benchmarks/floor.cc from
// one loop and a handler that does nothing else. What it costs above the floor is what src/http
// costs.
//
//   benchmark_http_fixed PORT     0 takes a free port; the port is printed once it listens

#include <fmt/format.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/clock.h"
#include "http/server.h"

namespace gramme {
namespace {

// The floor's. With Date, which our server adds, the whole answer is 257 bytes long.
constexpr std::size_t kBodyBytes = 58;

class FixedAnswer final : public Handler {
 public:
  void Handle(const Request& request, Responder responder) override {
    Response response{.status = 200,
                      .content_type = "application/x-amz-json-1.0",
                      .headers = {},
                      .body = std::string(kBodyBytes, 'x'),
                      .close = false};
    if (request.method != "POST") response.status = 405;
    response.headers.Add("x-amzn-RequestId", "00000000-0000-0000-0000-000000000000");
    response.headers.Add("x-amz-crc32", "2745614147");
    responder.Complete(std::move(response));
  }
  // Its bodies are small.
  Response RefuseForMemory(const Request&) override {
    return {.status = 503, .headers = {}, .body = {}};
  }
};

int Serve(std::uint16_t port) {
  FixedAnswer handler;
  Registry registry;
  ServerOptions options;
  options.addresses.push_back({.host = "127.0.0.1", .port = port, .unix_path = {}});
  Server server(std::move(options), handler, SystemClock(), registry);
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  if (const auto started = server.Start(); !started) {
    fmt::print(stderr, "{}\n", started.error());
    return 1;
  }
  fmt::print("{}\n", server.addresses().front().port);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop_signals, &signal);
  server.Stop();
  return 0;
}

}  // namespace
}  // namespace gramme

int main(int argc, char** argv) {
  return gramme::Serve(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0));
}
