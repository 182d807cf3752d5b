#include "benchmarks/scale_client.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "benchmarks/loopback.h"

namespace gramme {
namespace {

constexpr int kEventCount = 256;
constexpr int kTickMs = 20;
constexpr auto kSilenceMax = std::chrono::seconds(30);
constexpr auto kResendDelay = std::chrono::milliseconds(50);
constexpr auto kProgressInterval = std::chrono::seconds(1);
constexpr std::size_t kStatusAt = 9;  // after "HTTP/1.1 "

[[noreturn]] void Fail(std::string_view why) {
  fmt::print(stderr, "benchmark_scale: {}\n", why);
  std::exit(1);
}

}  // namespace

ScaleClient::ScaleClient(std::uint16_t port, int connection_count, std::uint64_t first, Write write,
                         Judge judge)
    : write_(std::move(write)),
      judge_(std::move(judge)),
      poll_(epoll_create1(EPOLL_CLOEXEC)),
      connections_(static_cast<std::size_t>(connection_count)),
      next_(first),
      done_(first),
      answered_(connections_.size() * kWindow) {
  Open(port);
}

ScaleClient::~ScaleClient() {
  for (const Connection& connection : connections_) close(connection.descriptor);
  close(poll_);
}

void ScaleClient::Open(std::uint16_t port) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const int descriptor = ConnectToLoopback(port);
    if (descriptor < 0) Fail("nobody listens on the port");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event);
    connections_[i].descriptor = descriptor;
  }
}

void ScaleClient::StartNext(Connection& connection) {
  if (is_ending_ || is_exhausted_ || next_ - done_ >= answered_.size()) return;
  connection.request.clear();
  if (!write_(next_, connection.request)) {
    is_exhausted_ = true;
    return;
  }
  connection.number = next_++;
  connection.is_busy = true;
  ++busy_count_;
  Push(connection);
}

// What the kernel does not take is sent blocking: requests are small, and the load has nothing
// better to do than to wait for the server.
void ScaleClient::Push(Connection& connection) {
  connection.written = 0;
  const std::string& bytes = connection.request;
  while (connection.written < bytes.size()) {
    const ssize_t sent = send(connection.descriptor, bytes.data() + connection.written,
                              bytes.size() - connection.written, MSG_NOSIGNAL);
    if (sent <= 0) Fail("a request could not be sent");
    connection.written += static_cast<std::size_t>(sent);
  }
  connection.sent = SteadyClock::now();
}

void ScaleClient::Pull(Connection& connection) {
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
  const bool is_whole =
      head_size != std::string_view::npos && answer.size() >= head_size + 4 + length;
  if (!is_whole) {
    if (connection.received.empty()) connection.received = answer;
    return;
  }
  if (!connection.is_busy) Fail("an answer without a request");
  const int status = std::atoi(std::string(answer.substr(kStatusAt, 3)).c_str());
  const std::string body(answer.substr(head_size + 4));
  connection.received.clear();
  Finish(connection, status, body);
}

void ScaleClient::Finish(Connection& connection, int status, std::string_view body) {
  const auto now = SteadyClock::now();
  if (judge_(connection.number, status, body) == Verdict::kRetry) {
    ++retry_count_;
    connection.resend_at = now + kResendDelay;
    return;
  }
  latencies_ns_.push_back(static_cast<std::uint32_t>((now - connection.sent).count()));
  connection.is_busy = false;
  --busy_count_;
  NoteDone(connection.number);
}

void ScaleClient::NoteDone(std::uint64_t number) {
  answered_[number % answered_.size()] = true;
  while (done_ < next_ && answered_[done_ % answered_.size()]) {
    answered_[done_ % answered_.size()] = false;
    ++done_;
  }
}

void ScaleClient::ResendDue() {
  const auto now = SteadyClock::now();
  for (Connection& connection : connections_) {
    if (connection.resend_at == SteadyClock::time_point{} || connection.resend_at > now) continue;
    connection.resend_at = {};
    Push(connection);
  }
}

void ScaleClient::Run(SteadyClock::time_point end, const Progress& progress) {
  epoll_event events[kEventCount];
  is_ending_ = false;
  for (Connection& connection : connections_) {
    if (!connection.is_busy) StartNext(connection);
  }
  auto heard = SteadyClock::now();
  auto told = heard;
  while (busy_count_ > 0) {
    const int count = epoll_wait(poll_, events, kEventCount, kTickMs);
    const auto now = SteadyClock::now();
    if (now >= end) is_ending_ = true;
    if (count > 0) heard = now;
    if (now - heard > kSilenceMax) Fail("the server has not answered for 30 seconds");
    for (int i = 0; i < count; ++i) Pull(connections_[events[i].data.u64]);
    for (Connection& connection : connections_) {
      if (!connection.is_busy) StartNext(connection);
    }
    if (retry_count_ > 0) ResendDue();
    if (progress && now - told >= kProgressInterval) {
      told = now;
      progress(done_, retry_count_);
    }
  }
}

}  // namespace gramme
