#include "http/listen_address.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

// Connections that the kernel completes before we accept them; it cuts this to its own maximum.
constexpr int kBacklog = 4096;
constexpr std::string_view kUnixPrefix = "unix:";

// Closes what has been opened when a later step fails.
class Sockets {
 public:
  Sockets() = default;
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;
  ~Sockets() {
    for (const int descriptor : open_) close(descriptor);
  }
  void Add(int descriptor) { open_.push_back(descriptor); }
  std::vector<int> Take() { return std::exchange(open_, {}); }

 private:
  std::vector<int> open_;
};

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  // IPv4 and IPv6 keep it in the same place.
  std::uint16_t port() const {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
  }
  void set_port(std::uint16_t port) {
    reinterpret_cast<sockaddr_in*>(&storage)->sin_port = htons(port);
  }
};

std::unexpected<std::string> Failure(const ListenAddress& address, std::string_view cause) {
  return std::unexpected(
      fmt::format("cannot listen on {}: {}", FormatListenAddress(address), cause));
}

std::unexpected<std::string> SystemFailure(const ListenAddress& address, int error) {
  switch (error) {
    case EADDRINUSE:
      return Failure(address, "another process listens there");
    case EADDRNOTAVAIL:
      return Failure(address, "this machine does not have that address");
    case EACCES:
      return Failure(address, "permission denied (ports below 1024 need CAP_NET_BIND_SERVICE)");
    default:
      return Failure(address, std::generic_category().message(error));
  }
}

std::expected<SocketAddress, std::string> Resolve(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(address.host.c_str(), nullptr, &hints, &found);
  if (error != 0) return Failure(address, gai_strerror(error));
  // "localhost" is 127.0.0.1 to most clients, whatever order the resolver prefers.
  const addrinfo* chosen = found;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    if (each->ai_family == AF_INET) {
      chosen = each;
      break;
    }
  }
  SocketAddress result;
  std::memcpy(&result.storage, chosen->ai_addr, chosen->ai_addrlen);
  result.size = chosen->ai_addrlen;
  result.set_port(address.port);
  freeaddrinfo(found);
  return result;
}

// A bound socket, or -1 with errno.
int OpenBound(const SocketAddress& address, bool shared) {
  const int family = address.storage.ss_family;
  const int descriptor = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  const int enabled = 1;
  if (family != AF_UNIX) {
    // Connections of a server that has just ended do not count.
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &enabled, sizeof(enabled));
  }
  if (shared) setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &enabled, sizeof(enabled));
  if (family == AF_INET6) {
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &enabled, sizeof(enabled));
  }
  if (bind(descriptor, address.get(), address.size) == 0) return descriptor;
  const int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

std::expected<std::vector<int>, std::string> OpenTcp(ListenAddress& address,
                                                     std::size_t socket_count) {
  GRAMME_TRY(SocketAddress where, Resolve(address));
  if (address.port != 0) {
    // Sockets with SO_REUSEPORT would share the port with another server in silence. One without it
    // is refused. (The kernel never gives a shared port when it may choose.)
    const int probe = OpenBound(where, /*shared=*/false);
    if (probe < 0) return SystemFailure(address, errno);
    close(probe);
  }
  Sockets sockets;
  for (std::size_t i = 0; i < socket_count; ++i) {
    const int descriptor = OpenBound(where, /*shared=*/true);
    if (descriptor < 0) return SystemFailure(address, errno);
    sockets.Add(descriptor);
    if (listen(descriptor, kBacklog) != 0) return SystemFailure(address, errno);
    if (getsockname(descriptor, where.get(), &where.size) != 0) {
      return SystemFailure(address, errno);
    }
    address.port = where.port();
  }
  return sockets.Take();
}

// Whether somebody accepts connections at the path.
bool IsServed(const SocketAddress& where) {
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return true;
  const bool refused = connect(descriptor, where.get(), where.size) != 0 && errno == ECONNREFUSED;
  close(descriptor);
  return !refused;
}

std::expected<std::vector<int>, std::string> OpenUnix(const ListenAddress& address,
                                                      std::size_t socket_count) {
  SocketAddress where;
  auto& place = reinterpret_cast<sockaddr_un&>(where.storage);
  place.sun_family = AF_UNIX;
  if (address.unix_path.size() >= sizeof(place.sun_path)) {
    return Failure(address,
                   fmt::format("the path is longer than {} bytes", sizeof(place.sun_path) - 1));
  }
  std::memcpy(place.sun_path, address.unix_path.c_str(), address.unix_path.size() + 1);
  where.size = sizeof(place);
  struct stat status{};
  if (lstat(address.unix_path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode)) return Failure(address, "a file that is no socket is there");
    if (IsServed(where)) return SystemFailure(address, EADDRINUSE);
    unlink(address.unix_path.c_str());
  }
  Sockets sockets;
  const int first = OpenBound(where, /*shared=*/false);
  if (first < 0) return SystemFailure(address, errno);
  sockets.Add(first);
  if (listen(first, kBacklog) != 0) return SystemFailure(address, errno);
  for (std::size_t i = 1; i < socket_count; ++i) {
    const int copy = fcntl(first, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return SystemFailure(address, errno);
    sockets.Add(copy);
  }
  return sockets.Take();
}

}  // namespace

std::expected<ListenAddress, std::string> ParseListenAddress(std::string_view text) {
  const auto malformed = [&] {
    return std::unexpected(
        fmt::format("'{}' is not an address: write HOST:PORT, [IPV6]:PORT or unix:PATH", text));
  };
  ListenAddress address;
  if (text.starts_with(kUnixPrefix)) {
    address.unix_path = text.substr(kUnixPrefix.size());
    if (address.unix_path.empty()) return malformed();
    return address;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return malformed();
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || (!bracketed && host.find_first_of(":[]") != std::string_view::npos)) {
    return malformed();
  }
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size()) return malformed();
  address.host = host;
  return address;
}

std::string FormatListenAddress(const ListenAddress& address) {
  if (!address.unix_path.empty()) return std::string(kUnixPrefix) + address.unix_path;
  const bool is_ip6 = address.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(is_ip6 ? "[{}]:{}" : "{}:{}"), address.host, address.port);
}

std::expected<std::vector<int>, std::string> OpenListeningSockets(ListenAddress& address,
                                                                  std::size_t socket_count) {
  return address.unix_path.empty() ? OpenTcp(address, socket_count)
                                   : OpenUnix(address, socket_count);
}

}  // namespace gramme
