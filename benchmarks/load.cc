// Loads one server for a moment and prints what was measured as one line of JSON.
//
//   benchmark_load KIND PORT PID CONNECTIONS WARM_UP_MS TIME_MS [fixed]
//
// KIND is one of requests.h. With TIME_MS 0 each request is sent once and nothing is measured. PID
// is the server's, for its processor time. `fixed`: the server is the floor.

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

#include "benchmarks/generator.h"
#include "benchmarks/requests.h"

int main(int argc, char** argv) {
  if (argc < 7) {
    fmt::print(stderr,
               "usage: benchmark_load KIND PORT PID CONNECTIONS WARM_UP_MS TIME_MS [fixed]\n");
    return 2;
  }
  const std::string_view kind = argv[1];
  auto requests = gramme::BuildRequests(kind, fmt::format("127.0.0.1:{}", argv[2]));
  if (requests.empty()) {
    fmt::print(stderr, "benchmark_load: no kind {}\n", kind);
    return 2;
  }
  const int connection_count = std::atoi(argv[4]);
  const std::chrono::milliseconds time(std::atoi(argv[6]));
  gramme::Generator generator(static_cast<std::uint16_t>(std::atoi(argv[2])), std::atoi(argv[3]),
                              std::move(requests), connection_count, argc > 7);
  generator.Learn();
  if (time.count() == 0) return 0;
  const gramme::Measurement measured =
      generator.Run(std::chrono::milliseconds(std::atoi(argv[5])), time);
  fmt::print(R"({{"kind":"{}","connections":{},"requests":{},"seconds":{:.4f},"rate":{:.0f},)"
             R"("p50_us":{:.1f},"p99_us":{:.1f},"cpu_us":{:.3f}}})"
             "\n",
             kind, connection_count, measured.request_count, measured.seconds, measured.rate,
             measured.latency_us_p50, measured.latency_us_p99, measured.server_cpu_us_per_request);
}
