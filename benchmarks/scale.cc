// Loads and reads the large table of scale_items.h, and prints what was measured as one line of
// JSON. Called by benchmarks/scale.py, see benchmarks/SCALE.md.
//
//   benchmark_scale load PORT PID CONNECTIONS FIRST ITEMS
//       Writes items FIRST to ITEMS - 1 by BatchWriteItem, with a progress line every second.
//   benchmark_scale KIND PORT PID CONNECTIONS WARM_UP_MS TIME_MS ITEMS
//       KIND: hot (GetItem of 2,000 of ITEMS), get, put, query (of any of ITEMS).

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/cpu_time.h"
#include "benchmarks/scale_client.h"
#include "benchmarks/scale_items.h"

namespace gramme {
namespace {

using SteadyClock = ScaleClient::SteadyClock;

constexpr std::uint64_t kHotKeyCount = 2000;

[[noreturn]] void Fail(std::string_view why) {
  fmt::print(stderr, "benchmark_scale: {}\n", why);
  std::exit(1);
}

double Seconds(SteadyClock::duration time) { return std::chrono::duration<double>(time).count(); }

// Throttled, or the server's own trouble: what every client of DynamoDB tries again.
bool IsForLater(int status, std::string_view body) {
  return status >= 500 || body.find("ThrottlingException") != std::string_view::npos ||
         body.find("ProvisionedThroughputExceeded") != std::string_view::npos;
}

int Load(std::uint16_t port, int connection_count, std::uint64_t first, std::uint64_t item_count) {
  const auto write = [&](std::uint64_t number, std::string& bytes) {
    const std::uint64_t begin = number * kItemsPerBatch;
    if (begin >= item_count) return false;
    WriteBatch(begin, std::min(begin + kItemsPerBatch, item_count), bytes);
    return true;
  };
  const auto judge = [](std::uint64_t, int status, std::string_view body) {
    if (status == 200 && body.find(R"("UnprocessedItems":{})") != std::string_view::npos) {
      return Verdict::kRight;
    }
    if (status != 200 && !IsForLater(status, body)) Fail(fmt::format("{} {}", status, body));
    return Verdict::kRetry;
  };
  const auto start = SteadyClock::now();
  auto last_time = start;
  std::uint64_t last_items = first;
  const auto progress = [&](std::uint64_t done, std::uint64_t retry_count) {
    const std::uint64_t items = std::min(done * kItemsPerBatch, item_count);
    const auto now = SteadyClock::now();
    const double rate = static_cast<double>(items - last_items) / Seconds(now - last_time);
    const double mean = static_cast<double>(items - first) / Seconds(now - start);
    fmt::print(
        stderr,
        "{}load: {} of {} items ({:.1f} %), {:.0f}/s now, {:.0f}/s in all, {} s left, "
        "{} tried again{}",
        isatty(STDERR_FILENO) != 0 ? "\r" : "", items, item_count,
        100.0 * static_cast<double>(items) / static_cast<double>(item_count), rate, mean,
        mean > 0 ? static_cast<std::uint64_t>(static_cast<double>(item_count - items) / mean) : 0,
        retry_count, isatty(STDERR_FILENO) != 0 ? "   " : "\n");
    last_time = now;
    last_items = items;
  };
  ScaleClient client(port, connection_count, first / kItemsPerBatch, write, judge);
  client.Run(SteadyClock::time_point::max(), progress);
  const double seconds = Seconds(SteadyClock::now() - start);
  const std::uint64_t loaded = item_count - std::min(first, item_count);
  fmt::print(R"({{"kind":"load","items":{},"seconds":{:.2f},"rate":{:.0f},"retries":{}}})"
             "\n",
             loaded, seconds, static_cast<double>(loaded) / seconds, client.retry_count());
  return 0;
}

struct Reading {
  std::string_view kind;
  std::uint64_t item_count;

  // Which item, or partition, request `number` is about: anywhere, in no order.
  std::uint64_t Target(std::uint64_t number) const {
    if (kind == "query") return Scatter(number) % (item_count / kItemsPerPartition);
    const std::uint64_t chosen = kind == "hot" ? Scatter(number % kHotKeyCount) : Scatter(number);
    return chosen % item_count;
  }
  bool Write(std::uint64_t number, std::string& bytes) const {
    if (kind == "query") {
      WriteQuery(Target(number), bytes);
    } else if (kind == "put") {
      WritePut(Target(number), bytes);
    } else {
      WriteGet(Target(number), bytes);
    }
    return true;
  }
  bool IsRight(std::uint64_t number, std::string_view body) const {
    if (kind == "put") return body == "{}";
    if (kind != "query") return body.find(NoteOf(Target(number))) != std::string_view::npos;
    // The first and the last item of the partition stand for those between.
    const std::uint64_t first = Target(number) * kItemsPerPartition;
    return body.find(R"("Count":10)") != std::string_view::npos &&
           body.find(NoteOf(first)) != std::string_view::npos &&
           body.find(NoteOf(first + kItemsPerPartition - 1)) != std::string_view::npos;
  }
};

double Percentile(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return static_cast<double>(sorted[place]) / 1000.0;
}

int Read(std::uint16_t port, pid_t server, int connection_count, std::chrono::milliseconds warm_up,
         std::chrono::milliseconds time, const Reading& reading) {
  const auto judge = [&](std::uint64_t number, int status, std::string_view body) {
    if (status == 200 && reading.IsRight(number, body)) return Verdict::kRight;
    if (status == 200 || !IsForLater(status, body)) Fail(fmt::format("{} {}", status, body));
    return Verdict::kRetry;
  };
  const auto write = [&](std::uint64_t number, std::string& bytes) {
    return reading.Write(number, bytes);
  };
  // A new place to begin each time, so that one run does not find what the last one read.
  const auto first = static_cast<std::uint64_t>(SteadyClock::now().time_since_epoch().count());
  ScaleClient client(port, connection_count, reading.kind == "hot" ? 0 : first, write, judge);
  client.Run(SteadyClock::now() + warm_up, {});
  client.latencies_ns().clear();
  const auto cpu_before = CpuTimeOf(server);
  const auto start = SteadyClock::now();
  client.Run(start + time, {});
  const double seconds = Seconds(SteadyClock::now() - start);
  const auto cpu_after = CpuTimeOf(server);
  if (!cpu_before || !cpu_after) Fail("the server's process is gone");
  std::vector<std::uint32_t>& latencies = client.latencies_ns();
  std::ranges::sort(latencies);
  const auto count = static_cast<double>(latencies.size());
  fmt::print(R"({{"kind":"{}","connections":{},"requests":{},"seconds":{:.4f},"rate":{:.0f},)"
             R"("p50_us":{:.1f},"p99_us":{:.1f},"cpu_us":{:.3f},"retries":{}}})"
             "\n",
             reading.kind, connection_count, latencies.size(), seconds, count / seconds,
             Percentile(latencies, 0.50), Percentile(latencies, 0.99),
             std::chrono::duration<double, std::micro>(*cpu_after - *cpu_before).count() / count,
             client.retry_count());
  return 0;
}

}  // namespace
}  // namespace gramme

int main(int argc, char** argv) {
  const auto number = [&](int place) { return std::strtoull(argv[place], nullptr, 10); };
  const std::string_view kind = argc > 1 ? argv[1] : "";
  const bool is_load = kind == "load" && argc == 7;
  const bool is_known = kind == "hot" || kind == "get" || kind == "put" || kind == "query";
  if (!is_load && !(is_known && argc == 8 && number(7) >= gramme::kItemsPerPartition)) {
    fmt::print(stderr,
               "usage: benchmark_scale load PORT PID CONNECTIONS FIRST ITEMS\n"
               "       benchmark_scale hot|get|put|query PORT PID CONNECTIONS WARM_UP_MS TIME_MS "
               "ITEMS\n");
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(number(2));
  const auto connection_count = static_cast<int>(number(4));
  if (is_load) return gramme::Load(port, connection_count, number(5), number(6));
  return gramme::Read(port, static_cast<pid_t>(number(3)), connection_count,
                      std::chrono::milliseconds(number(5)), std::chrono::milliseconds(number(6)),
                      {.kind = kind, .item_count = number(7)});
}
