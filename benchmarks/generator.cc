#include "benchmarks/generator.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "benchmarks/cpu_time.h"

namespace gramme {
namespace {

constexpr int kEventCount = 256;
constexpr int kSilenceMsMax = 10'000;

[[noreturn]] void Fail(std::string_view why) {
  fmt::print(stderr, "benchmark_load: {}\n", why);
  std::exit(1);
}

// The length that the head announces; npos when it does not.
std::size_t ContentLength(std::string_view head) {
  constexpr std::string_view kName = "\ncontent-length:";
  for (std::size_t line = head.find('\n'); line != std::string_view::npos;
       line = head.find('\n', line + 1)) {
    if (head.size() - line > kName.size() &&
        strncasecmp(head.data() + line, kName.data(), kName.size()) == 0) {
      return std::strtoul(head.data() + line + kName.size(), nullptr, 10);
    }
  }
  return std::string_view::npos;
}

double Percentile(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return static_cast<double>(sorted[place]) / 1000.0;
}

}  // namespace

Generator::Generator(std::uint16_t port, pid_t server, std::vector<BenchmarkRequest> requests,
                     int connection_count, bool is_fixed)
    : server_(server),
      requests_(std::move(requests)),
      is_fixed_(is_fixed),
      poll_(epoll_create1(EPOLL_CLOEXEC)),
      bodies_(requests_.size()) {
  connections_.resize(static_cast<std::size_t>(connection_count));
  Open(port);
}

Generator::~Generator() {
  for (const Connection& connection : connections_) close(connection.descriptor);
  close(poll_);
}

void Generator::Open(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      Fail("nobody listens on the port");
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event);
    connections_[i].descriptor = descriptor;
  }
}

void Generator::Send(Connection& connection) {
  connection.request = next_request_;
  next_request_ = (next_request_ + 1) % requests_.size();
  const std::string& bytes = requests_[connection.request].bytes;
  connection.sent = SteadyClock::now();
  const ssize_t sent = send(connection.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(bytes.size())) Fail("a request could not be sent whole");
}

bool Generator::Receive(Connection& connection) {
  char buffer[64 * 1024];
  const ssize_t size = recv(connection.descriptor, buffer, sizeof(buffer), 0);
  if (size <= 0) Fail("the server closed a connection");
  std::string_view answer(buffer, static_cast<std::size_t>(size));
  if (!connection.received.empty()) answer = connection.received.append(answer);
  const std::size_t head_size = answer.find("\r\n\r\n");
  std::size_t length = 0;
  if (head_size != std::string_view::npos) {
    length = ContentLength(answer.substr(0, head_size));
    if (length == std::string_view::npos) Fail("an answer does not say its length");
  }
  if (head_size == std::string_view::npos || answer.size() < head_size + 4 + length) {
    if (connection.received.empty()) connection.received = answer;
    return false;
  }
  if (answer.size() != head_size + 4 + length) Fail("more bytes than one answer");
  const std::string_view body = answer.substr(head_size + 4);
  if (!answer.starts_with("HTTP/1.1 200 ")) Fail(fmt::format("an answer is {}", answer));
  Check(connection.request, body);
  connection.received.clear();
  return true;
}

void Generator::Check(std::size_t request, std::string_view body) {
  if (!is_learning_) {
    if (body != bodies_[request]) Fail(fmt::format("the answer has changed to {}", body));
    return;
  }
  for (const std::string& expected : requests_[request].expected) {
    if (!is_fixed_ && body.find(expected) == std::string_view::npos) {
      Fail(fmt::format("{} is not in the answer {}", expected, body));
    }
  }
  bodies_[request] = body;
  ++learned_count_;
}

void Generator::Work(SteadyClock::time_point end) {
  epoll_event events[kEventCount];
  while (is_learning_ ? learned_count_ < requests_.size() : SteadyClock::now() < end) {
    const int count = epoll_wait(poll_, events, kEventCount, kSilenceMsMax);
    if (count <= 0) Fail("the server has not answered for 10 seconds");
    for (int i = 0; i < count; ++i) {
      Connection& connection = connections_[events[i].data.u64];
      if (!Receive(connection)) continue;
      const auto latency = SteadyClock::now() - connection.sent;
      latencies_ns_.push_back(static_cast<std::uint32_t>(latency.count()));
      if (!is_learning_ || learned_count_ < requests_.size()) Send(connection);
    }
  }
}

// On one connection alone, for each answer is needed once.
void Generator::Learn() {
  is_learning_ = true;
  Send(connections_.front());
  Work({});
  is_learning_ = false;
}

Measurement Generator::Run(std::chrono::milliseconds warm_up, std::chrono::milliseconds time) {
  for (Connection& connection : connections_) Send(connection);
  Work(SteadyClock::now() + warm_up);
  latencies_ns_.clear();
  latencies_ns_.reserve(std::size_t{1} << 20);
  const auto cpu_before = CpuTimeOf(server_);
  const auto start = SteadyClock::now();
  Work(start + time);
  const auto end = SteadyClock::now();
  const auto cpu_after = CpuTimeOf(server_);
  if (!cpu_before || !cpu_after) Fail("the server's process is gone");

  Measurement measurement;
  measurement.request_count = latencies_ns_.size();
  measurement.seconds = std::chrono::duration<double>(end - start).count();
  const auto count = static_cast<double>(measurement.request_count);
  measurement.rate = count / measurement.seconds;
  std::ranges::sort(latencies_ns_);
  measurement.latency_us_p50 = Percentile(latencies_ns_, 0.50);
  measurement.latency_us_p99 = Percentile(latencies_ns_, 0.99);
  measurement.server_cpu_us_per_request =
      std::chrono::duration<double, std::micro>(*cpu_after - *cpu_before).count() / count;
  return measurement;
}

}  // namespace gramme
