#include "http/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <limits>
#include <string>

namespace gramme {
namespace {

// Between two looks at the connections that are already there.
constexpr int kAcceptCountPerWake = 64;

constexpr std::string_view kTooManyConnections =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 37\r\n"
    "Connection: close\r\n\r\nThe server has too many connections.\n";

std::string AddressText(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& ip4 = reinterpret_cast<const sockaddr_in&>(address);
    return inet_ntop(AF_INET, &ip4.sin_addr, text.data(), text.size());
  }
  if (address.ss_family == AF_INET6) {
    const auto& ip6 = reinterpret_cast<const sockaddr_in6&>(address);
    return inet_ntop(AF_INET6, &ip6.sin6_addr, text.data(), text.size());
  }
  return "unix";
}

// The next accept may well succeed. Any other error (no descriptors, no memory) would only be
// repeated by another accept right away.
bool IsAboutOneConnection(int error) {
  return error == EINTR || error == ECONNABORTED || error == EPROTO || error == EPERM;
}

}  // namespace

void Listener::Start() {
  if (!loop_.poller().WatchLevel(descriptor_, *this)) Pause();
}

void Listener::OnEvents(Events) { Accept(kAcceptCountPerWake); }

void Listener::Pause() {
  loop_.context().metrics.accept_pauses.Add();
  loop_.poller().Forget(descriptor_);
  paused_ = true;
}

void Listener::Resume() {
  if (!paused_) return;
  paused_ = false;
  Start();
}

void Listener::TakeAll() { Accept(std::numeric_limits<int>::max()); }

void Listener::Close() {
  if (closed_) return;
  closed_ = true;
  close(descriptor_);
}

void Listener::Accept(int count_max) {
  if (closed_) return;
  for (int count = 0; count < count_max; ++count) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    const int socket = accept4(descriptor_, reinterpret_cast<sockaddr*>(&address),
                               &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      Admit(socket, AddressText(address));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (!IsAboutOneConnection(errno)) {
      return Pause();
    }
  }
}

void Listener::Admit(int socket, std::string_view remote_address) {
  ServerContext& context = loop_.context();
  context.metrics.connections_accepted.Add();
  if (!context.connections.Add(context.limits.connection_count_max)) {
    context.metrics.rejections.With({rejections::kConnections.reason}).Add();
    [[maybe_unused]] const ssize_t sent =
        send(socket, kTooManyConnections.data(), kTooManyConnections.size(), MSG_NOSIGNAL);
    close(socket);
    return;
  }
  // Responses are written whole: nothing is gained by waiting for more. Fails on Unix sockets.
  const int enabled = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &enabled, sizeof(enabled));
  loop_.AddConnection(socket, remote_address);
}

}  // namespace gramme
