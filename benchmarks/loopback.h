// What the load programs share: a connection to a server on this machine, and the length of an
// answer.

#ifndef GRAMME_BENCHMARKS_LOOPBACK_H_
#define GRAMME_BENCHMARKS_LOOPBACK_H_

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace gramme {

// A descriptor, or -1 where nobody listens on the port.
inline int ConnectToLoopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    return descriptor;
  }
  close(descriptor);
  return -1;
}

// Of the head of an answer; npos where it does not say.
inline std::size_t ContentLength(std::string_view head) {
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

}  // namespace gramme

#endif  // GRAMME_BENCHMARKS_LOOPBACK_H_
