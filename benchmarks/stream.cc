#include "benchmarks/stream.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "benchmarks/loopback.h"

namespace gramme {
namespace {

constexpr std::size_t kReceiveBytesMax = 256 * 1024;

// The length that the head announces; npos when it does not.
}  // namespace

void FailLoad(std::string_view why) {
  fmt::print(stderr, "benchmark_load: {}\n", why);
  std::exit(1);
}

Stream::Stream(StreamPlan plan, std::uint16_t port, int poll)
    : plan_(std::move(plan)),
      connections_(static_cast<std::size_t>(plan_.connection_count)),
      bodies_(plan_.requests.size()) {
  Open(port, poll);
}

Stream::~Stream() {
  for (const Connection& connection : connections_) close(connection.descriptor);
}

void Stream::Open(std::uint16_t port, int poll) {
  for (Connection& connection : connections_) {
    const int descriptor = ConnectToLoopback(port);
    if (descriptor < 0) FailLoad("nobody listens on the port");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
    connection.stream = this;
    connection.descriptor = descriptor;
  }
}

void Stream::Send(Connection& connection, Moment due) {
  connection.request = next_request_;
  next_request_ = (next_request_ + 1) % plan_.requests.size();
  const std::string& bytes = plan_.requests[connection.request].bytes;
  connection.due = due;
  ++on_their_way_count_;
  ++started_count_;
  const ssize_t sent = send(connection.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(bytes.size())) FailLoad("a request could not be sent whole");
}

bool Stream::Receive(Connection& connection) {
  static char buffer[kReceiveBytesMax];
  const ssize_t size = recv(connection.descriptor, buffer, sizeof(buffer), 0);
  if (size <= 0) FailLoad("the server closed a connection");
  std::string_view answer(buffer, static_cast<std::size_t>(size));
  if (!connection.received.empty()) answer = connection.received.append(answer);
  const std::size_t head_size = answer.find("\r\n\r\n");
  std::size_t length = 0;
  if (head_size != std::string_view::npos) {
    length = ContentLength(answer.substr(0, head_size));
    if (length == std::string_view::npos) FailLoad("an answer does not say its length");
  }
  if (head_size == std::string_view::npos || answer.size() < head_size + 4 + length) {
    if (connection.received.empty()) connection.received = answer;
    return false;
  }
  if (answer.size() != head_size + 4 + length) FailLoad("more bytes than one answer");
  const std::string_view body = answer.substr(head_size + 4);
  if (!answer.starts_with("HTTP/1.1 200 ")) FailLoad(fmt::format("an answer is {}", answer));
  Check(connection.request, body);
  connection.received.clear();
  return true;
}

void Stream::Check(std::size_t request, std::string_view body) {
  // Where items are put at the same time, a read finds one version or the other.
  if (!is_learning_ && body == bodies_[request]) return;
  if (!is_learning_ && plan_.is_fixed) FailLoad(fmt::format("the answer has changed to {}", body));
  for (const std::string& expected : plan_.requests[request].expected) {
    if (!plan_.is_fixed && body.find(expected) == std::string_view::npos) {
      FailLoad(fmt::format("{} is not in the answer {}", expected, body));
    }
  }
  bodies_[request] = body;
}

void Stream::OnReadable(Connection& connection) {
  if (!Receive(connection)) return;
  const Moment now = SteadyClock::now();
  --on_their_way_count_;
  ++answered_count_;
  if (is_learning_) {
    if (started_count_ < plan_.requests.size()) Send(connection, now);
    return;
  }
  const bool is_open_loop = plan_.rate > 0;
  const Moment counted = is_open_loop ? connection.due : now;
  if (counted >= measured_from_ && counted < end_) {
    latencies_ns_.push_back(static_cast<std::uint32_t>((now - connection.due).count()));
  }
  if (is_open_loop) {
    idle_.push_back(&connection);
    SendDue(now);
  } else if (now < end_) {
    Send(connection, now);
  }
}

void Stream::Learn() {
  is_learning_ = true;
  started_count_ = 0;
  for (Connection& connection : connections_) {
    if (started_count_ < plan_.requests.size()) Send(connection, SteadyClock::now());
  }
}

void Stream::Start(Moment now, Moment measured_from, Moment end) {
  is_learning_ = false;
  started_ = now;
  started_count_ = 0;
  measured_from_ = measured_from;
  end_ = end;
  latencies_ns_.clear();
  latencies_ns_.reserve(std::size_t{1} << 20);
  idle_.clear();
  for (Connection& connection : connections_) {
    if (plan_.rate > 0) {
      idle_.push_back(&connection);
    } else {
      Send(connection, now);
    }
  }
}

Stream::Moment Stream::NextDue() const {
  const double seconds = static_cast<double>(started_count_) / plan_.rate;
  return started_ +
         std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(seconds));
}

void Stream::SendDue(Moment now) {
  while (!idle_.empty()) {
    const Moment due = NextDue();
    if (due > now || due >= end_) return;
    Connection& connection = *idle_.back();
    idle_.pop_back();
    Send(connection, due);
  }
}

bool Stream::IsDone() const {
  if (on_their_way_count_ > 0) return false;
  if (is_learning_) return started_count_ >= plan_.requests.size();
  return plan_.rate > 0 ? NextDue() >= end_ : SteadyClock::now() >= end_;
}

}  // namespace gramme
