// The floor: the least that a server can do. One thread, raw epoll, no parsing: whatever arrives in
// one read is taken for one request and gets the same answer, 220 bytes with its head. What another
// server costs above this is its own work.
//
//   benchmark_floor PORT     0 takes a free port; the port is printed once it listens

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

constexpr int kEventCount = 256;
constexpr int kBacklog = 4096;
constexpr std::size_t kAnswerBytes = 220;

std::string MakeAnswer() {
  std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
      "x-amzn-RequestId: 00000000-0000-0000-0000-000000000000\r\nx-amz-crc32: 2745614147\r\n"
      "Content-Length: ";
  const std::size_t body_bytes = kAnswerBytes - head.size() - 2 - 4;
  return fmt::format("{}{}\r\n\r\n{:x>{}}", head, body_bytes, "", body_bytes);
}

int Listen(std::uint16_t port) {
  // Without SO_REUSEPORT: an old server on the port must be noticed.
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || listen(listener, kBacklog) != 0) {
    std::perror("benchmark_floor");
    std::exit(1);
  }
  getsockname(listener, generic, &size);
  fmt::print("{}\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

void Watch(int poll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

[[noreturn]] void Serve(int listener) {
  const std::string answer = MakeAnswer();
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  Watch(poll, listener);
  static char buffer[64 * 1024];
  epoll_event events[kEventCount];
  for (;;) {
    const int count = epoll_wait(poll, events, kEventCount, -1);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[i].data.fd;
      if (descriptor == listener) {
        const int accepted = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        const int on = 1;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        Watch(poll, accepted);
        continue;
      }
      if (recv(descriptor, buffer, sizeof(buffer), 0) <= 0 ||
          send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) {
        close(descriptor);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  Serve(Listen(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0)));
}
