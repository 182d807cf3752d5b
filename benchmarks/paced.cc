// Sends GetItem at a fixed rate whatever the server does, and prints the latencies as JSON once its
// standard input is closed. Each latency counts from the moment when the request was due, so a
// server that stands still is charged for everything that waited meanwhile.
//
//   benchmark_paced PORT TABLE RATE KEYS CONNECTIONS     keys are `item#00000000` and on
//
// A due request goes to the connection that has waited longest and has no answer outstanding; with
// none free it waits, and its clock runs. A wrong answer ends the program with an error.
//
// It stands for clients on other machines: where it may, it runs at a real-time priority, so that
// what it waits for a processor itself is not counted. Nor are requests counted among the latencies
// during which no core of the machine ran anybody (StallWatch), a host's doing: they are `stalled`,
// and `p99_all_us` counts them too.

#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/loopback.h"
#include "benchmarks/stall_watch.h"

namespace {

using SteadyClock = std::chrono::steady_clock;
using SteadyTime = SteadyClock::time_point;

constexpr int kEventCount = 64;

struct Connection {
  int descriptor = -1;
  SteadyTime due;
  std::uint64_t item = 0;
  std::string received;
};

struct Answer {
  SteadyTime due;
  SteadyTime received;
};

// REQUIRES: `sorted` is sorted.
double MicrosecondsAt(const std::vector<SteadyClock::duration>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return std::chrono::duration<double, std::micro>(sorted[place]).count();
}

[[noreturn]] void Fail(std::string_view why) {
  fmt::print(stderr, "benchmark_paced: {}\n", why);
  std::exit(1);
}

std::string ItemKey(std::uint64_t item) { return fmt::format("item#{:08}", item); }

std::string Request(std::string_view port, std::string_view table, std::uint64_t item) {
  const std::string body =
      fmt::format(R"({{"TableName":"{}","Key":{{"pk":{{"S":"{}"}}}}}})", table, ItemKey(item));
  return fmt::format(
      "POST / HTTP/1.1\r\n"
      "host: 127.0.0.1:{}\r\n"
      "content-type: application/x-amz-json-1.0\r\n"
      "x-amz-target: DynamoDB_20120810.GetItem\r\n"
      "x-amz-date: 20261120T110000Z\r\n"
      "authorization: AWS4-HMAC-SHA256 Credential=local/20261120/us-east-1/dynamodb/aws4_request, "
      "SignedHeaders=host;x-amz-date, Signature={:064x}\r\n"
      "content-length: {}\r\n\r\n{}",
      port, 0x5eed, body.size(), body);
}

class Pacer {
 public:
  Pacer(std::string port, std::string table, std::uint64_t rate, std::uint64_t key_count,
        std::size_t connection_count)
      : port_(std::move(port)),
        table_(std::move(table)),
        interval_(std::chrono::nanoseconds(1'000'000'000 / rate)),
        key_count_(key_count),
        connections_(connection_count),
        poll_(epoll_create1(EPOLL_CLOEXEC)) {
    for (Connection& connection : connections_) {
      Open(connection);
      free_.push_back(&connection);
    }
  }

  // Until standard input ends.
  void Run() {
    epoll_event input{};
    input.events = EPOLLIN;
    input.data.ptr = nullptr;
    epoll_ctl(poll_, EPOLL_CTL_ADD, STDIN_FILENO, &input);
    next_due_ = SteadyClock::now();
    while (Wait()) SendDue();
  }

  // As JSON; `stalls` are when the machine stood still.
  void Print(const std::vector<gramme::StallWatch::Span>& stalls) {
    std::vector<SteadyClock::duration> all;
    std::vector<SteadyClock::duration> counted;
    for (const Answer& answer : answers_) {
      const bool is_stalled = std::ranges::any_of(stalls, [&](const auto& stall) {
        return answer.due < stall.second && stall.first < answer.received;
      });
      all.push_back(answer.received - answer.due);
      if (!is_stalled) counted.push_back(all.back());
    }
    SteadyClock::duration stood_still{};
    for (const auto& stall : stalls) stood_still += stall.second - stall.first;
    std::ranges::sort(all);
    std::ranges::sort(counted);
    fmt::print(
        R"({{"requests":{},"p50_us":{:.1f},"p99_us":{:.1f},"p999_us":{:.1f},)"
        R"("max_us":{:.1f},"stalled":{},"stall_ms":{:.1f},"p99_all_us":{:.1f}}})"
        "\n",
        counted.size(), MicrosecondsAt(counted, 0.5), MicrosecondsAt(counted, 0.99),
        MicrosecondsAt(counted, 0.999), MicrosecondsAt(counted, 1), all.size() - counted.size(),
        std::chrono::duration<double, std::milli>(stood_still).count(), MicrosecondsAt(all, 0.99));
  }

 private:
  void Open(Connection& connection) {
    connection.descriptor =
        gramme::ConnectToLoopback(static_cast<std::uint16_t>(std::atoi(port_.c_str())));
    if (connection.descriptor < 0) Fail("nobody listens on the port");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    epoll_ctl(poll_, EPOLL_CTL_ADD, connection.descriptor, &event);
  }

  // False once standard input has ended.
  bool Wait() {
    const SteadyTime now = SteadyClock::now();
    // With no connection free only an answer helps.
    const auto wait = free_.empty() ? std::chrono::seconds(10)
                                    : std::max(SteadyClock::duration(0), next_due_ - now);
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(wait).count();
    const timespec timeout = {.tv_sec = nanoseconds / 1'000'000'000,
                              .tv_nsec = nanoseconds % 1'000'000'000};
    epoll_event events[kEventCount];
    const int count = epoll_pwait2(poll_, events, kEventCount, &timeout, nullptr);
    if (count == 0 && free_.empty()) Fail("no answer for 10 seconds");
    for (int i = 0; i < count; ++i) {
      if (events[i].data.ptr == nullptr) return false;
      Receive(*static_cast<Connection*>(events[i].data.ptr));
    }
    return true;
  }

  void SendDue() {
    const SteadyTime now = SteadyClock::now();
    while (next_due_ <= now && !free_.empty()) {
      Connection& connection = *free_.front();
      free_.pop_front();
      connection.due = next_due_;
      // Spread over the keys, and the same in every run.
      connection.item = sent_count_++ * 2654435761 % key_count_;
      const std::string bytes = Request(port_, table_, connection.item);
      if (send(connection.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(bytes.size())) {
        Fail("a request could not be sent whole");
      }
      next_due_ += interval_;
    }
  }

  void Receive(Connection& connection) {
    char buffer[64 * 1024];
    const ssize_t size = recv(connection.descriptor, buffer, sizeof(buffer), 0);
    if (size <= 0) Fail("the server closed a connection");
    connection.received.append(buffer, static_cast<std::size_t>(size));
    const std::string& answer = connection.received;
    const std::size_t head = answer.find("\r\n\r\n");
    if (head == std::string::npos) return;
    // A whole answer to a GetItem ends with the item's object; nothing else does.
    if (!answer.ends_with("}}}") && answer.starts_with("HTTP/1.1 200 ")) return;
    if (!answer.starts_with("HTTP/1.1 200 ") ||
        answer.find(ItemKey(connection.item), head) == std::string::npos) {
      Fail(fmt::format("a wrong answer: {}", answer));
    }
    answers_.push_back({.due = connection.due, .received = SteadyClock::now()});
    connection.received.clear();
    free_.push_back(&connection);
  }

  const std::string port_;
  const std::string table_;
  const std::chrono::nanoseconds interval_;
  const std::uint64_t key_count_;
  std::vector<Connection> connections_;
  std::deque<Connection*> free_;
  const int poll_;
  SteadyTime next_due_;
  std::uint64_t sent_count_ = 0;
  std::vector<Answer> answers_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: benchmark_paced PORT TABLE RATE KEYS CONNECTIONS\n");
    return 2;
  }
  const sched_param first = {.sched_priority = 1};
  static_cast<void>(sched_setscheduler(0, SCHED_FIFO, &first));
  Pacer pacer(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10),
              std::strtoull(argv[4], nullptr, 10), std::strtoull(argv[5], nullptr, 10));
  gramme::StallWatch watch;
  pacer.Run();
  watch.Stop();
  pacer.Print(watch.Stalls());
}
