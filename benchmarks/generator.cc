#include "benchmarks/generator.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "benchmarks/cpu_time.h"

namespace gramme {
namespace {

using SteadyClock = Stream::SteadyClock;

constexpr int kEventCount = 256;
constexpr std::chrono::milliseconds kSilenceMax{10'000};

double Percentile(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return static_cast<double>(sorted[place]) / 1000.0;
}

}  // namespace

Generator::Generator(std::uint16_t port, pid_t server, std::vector<StreamPlan> plans)
    : server_(server), poll_(epoll_create1(EPOLL_CLOEXEC)) {
  for (StreamPlan& plan : plans) {
    has_open_loop_ = has_open_loop_ || plan.rate > 0;
    streams_.push_back(std::make_unique<Stream>(std::move(plan), port, poll_));
  }
}

Generator::~Generator() { close(poll_); }

void Generator::Work(std::optional<Stream::Moment> end) {
  epoll_event events[kEventCount];
  auto now = SteadyClock::now();
  auto last_answer = now;
  while (end ? now < *end : !AllDone()) {
    // An open loop looks at the clock all the time: what sleeps is woken too late.
    const int wait = has_open_loop_ ? 0 : static_cast<int>(kSilenceMax.count());
    const int count = epoll_wait(poll_, events, kEventCount, wait);
    for (int i = 0; i < count; ++i) {
      auto* const connection = static_cast<Stream::Connection*>(events[i].data.ptr);
      connection->stream->OnReadable(*connection);
    }
    now = SteadyClock::now();
    if (count > 0) last_answer = now;
    if (now - last_answer >= kSilenceMax) FailLoad("the server has not answered for 10 seconds");
    for (const auto& stream : streams_) {
      if (stream->plan().rate > 0) stream->SendDue(now);
    }
  }
}

bool Generator::AllDone() const {
  return std::ranges::all_of(streams_, [](const auto& stream) { return stream->IsDone(); });
}

void Generator::Learn() {
  for (const auto& stream : streams_) stream->Learn();
  const bool has_open_loop = std::exchange(has_open_loop_, false);
  Work(std::nullopt);
  has_open_loop_ = has_open_loop;
}

Generator::Reading Generator::Read() const {
  const auto cpu = CpuTimeOf(server_);
  if (!cpu) FailLoad("the server's process is gone");
  Reading reading{.cpu = *cpu, .when = SteadyClock::now(), .answered_counts = {}};
  for (const auto& stream : streams_) reading.answered_counts.push_back(stream->answered_count());
  return reading;
}

std::vector<Measurement> Generator::Run(std::chrono::milliseconds warm_up,
                                        std::chrono::milliseconds time) {
  const auto now = SteadyClock::now();
  const auto start = now + warm_up;
  for (const auto& stream : streams_) stream->Start(now, start, start + time);
  Work(start);
  const Reading before = Read();
  Work(start + time);
  const Reading after = Read();
  Work(std::nullopt);

  const auto total = [](const std::vector<std::uint64_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  };
  const std::uint64_t answered = total(after.answered_counts) - total(before.answered_counts);
  const double cpu_us = std::chrono::duration<double, std::micro>(after.cpu - before.cpu).count();
  std::vector<Measurement> measurements;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    Measurement measurement;
    measurement.request_count = after.answered_counts[i] - before.answered_counts[i];
    measurement.seconds = std::chrono::duration<double>(after.when - before.when).count();
    measurement.rate = static_cast<double>(measurement.request_count) / measurement.seconds;
    std::vector<std::uint32_t>& latencies_ns = streams_[i]->latencies_ns();
    std::ranges::sort(latencies_ns);
    measurement.latency_us_p50 = Percentile(latencies_ns, 0.50);
    measurement.latency_us_p99 = Percentile(latencies_ns, 0.99);
    measurement.server_cpu_us_per_request = cpu_us / static_cast<double>(answered);
    measurements.push_back(measurement);
  }
  return measurements;
}

}  // namespace gramme
