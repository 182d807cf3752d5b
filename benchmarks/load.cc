// Loads one server for a moment and prints what was measured as one line of JSON.
//
//   benchmark_load KIND PORT PID CONNECTIONS WARM_UP_MS TIME_MS [WORD...]
//
// KIND is one of requests.h. PID is the server's, for its processor time. With TIME_MS 0 each
// request is sent once and nothing is measured. The words:
//
//   fixed                         the server is the floor: all its answers are alike
//   rate=N                        an open loop of N requests a second; else a closed loop
//   also=KIND:CONNECTIONS[:RATE]  a second kind at the same time, the member "also" of the JSON
//
// "acknowledged" counts every right answer of the whole run, before and after the measurement too,
// and no request is left unanswered, so it is exactly how often the server has done it.

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "benchmarks/generator.h"
#include "benchmarks/requests.h"

namespace {

using gramme::StreamPlan;

StreamPlan MakePlan(std::string kind, std::string_view port, int connection_count, double rate) {
  StreamPlan plan{.kind = std::move(kind),
                  .requests = {},
                  .connection_count = connection_count,
                  .rate = rate,
                  .is_fixed = false};
  plan.requests = gramme::BuildRequests(plan.kind, fmt::format("127.0.0.1:{}", port));
  if (plan.requests.empty()) gramme::FailLoad(fmt::format("no kind {}", plan.kind));
  if (connection_count < 1) gramme::FailLoad("at least one connection");
  return plan;
}

// `text` is KIND:CONNECTIONS[:RATE].
StreamPlan ReadAlso(const std::string& text, std::string_view port) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) gramme::FailLoad("also=KIND:CONNECTIONS[:RATE]");
  char* rest = nullptr;
  const long connection_count = std::strtol(text.c_str() + colon + 1, &rest, 10);
  const double rate = *rest == ':' ? std::atof(rest + 1) : 0;
  return MakePlan(text.substr(0, colon), port, static_cast<int>(connection_count), rate);
}

std::vector<StreamPlan> ReadPlans(const std::vector<std::string>& words) {
  std::vector<StreamPlan> plans;
  plans.push_back(MakePlan(words[0], words[1], std::atoi(words[3].c_str()), 0));
  bool is_fixed = false;
  for (std::size_t i = 6; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "fixed") {
      is_fixed = true;
    } else if (word.starts_with("rate=")) {
      plans.front().rate = std::atof(word.c_str() + 5);
    } else if (word.starts_with("also=")) {
      plans.push_back(ReadAlso(word.substr(5), words[1]));
    } else {
      gramme::FailLoad(fmt::format("what is {}?", word));
    }
  }
  for (StreamPlan& plan : plans) plan.is_fixed = is_fixed;
  return plans;
}

std::string ToJson(const StreamPlan& plan, const gramme::Measurement& measured,
                   std::uint64_t answered_count) {
  return fmt::format(
      R"("kind":"{}","connections":{},"wanted_rate":{:.0f},"requests":{},"seconds":{:.4f},)"
      R"("rate":{:.0f},"p50_us":{:.1f},"p99_us":{:.1f},"cpu_us":{:.3f},"acknowledged":{})",
      plan.kind, plan.connection_count, plan.rate, measured.request_count, measured.seconds,
      measured.rate, measured.latency_us_p50, measured.latency_us_p99,
      measured.server_cpu_us_per_request, answered_count);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 6) {
    fmt::print(stderr,
               "usage: benchmark_load KIND PORT PID CONNECTIONS WARM_UP_MS TIME_MS [fixed] "
               "[rate=N] [also=KIND:CONNECTIONS[:RATE]]\n");
    return 2;
  }
  const std::vector<StreamPlan> plans = ReadPlans(words);
  gramme::Generator generator(static_cast<std::uint16_t>(std::atoi(words[1].c_str())),
                              std::atoi(words[2].c_str()), plans);
  generator.Learn();
  std::vector<gramme::Measurement> measured(plans.size());
  const std::chrono::milliseconds time(std::atoi(words[5].c_str()));
  if (time.count() > 0) {
    measured = generator.Run(std::chrono::milliseconds(std::atoi(words[4].c_str())), time);
  }
  std::string json = ToJson(plans[0], measured[0], generator.answered_count(0));
  for (std::size_t i = 1; i < plans.size(); ++i) {
    json += fmt::format(R"(,"also":{{{}}})",
                        ToJson(plans[i], measured[i], generator.answered_count(i)));
  }
  fmt::print("{{{}}}\n", json);
}
