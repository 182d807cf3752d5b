// ListenAddress: where a server listens, as users write it, and the sockets that follow from it.

#ifndef GRAMME_HTTP_LISTEN_ADDRESS_H_
#define GRAMME_HTTP_LISTEN_ADDRESS_H_

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace gramme {

struct ListenAddress {
  std::string host;        // a numeric IPv4 or IPv6 address, or a name; the first address counts
  std::uint16_t port = 0;  // 0: any free one
  std::string unix_path;   // not empty: a Unix socket, and host and port mean nothing

  bool operator==(const ListenAddress&) const = default;
};

// "127.0.0.1:8000", "[::1]:8000", "localhost:8000" or "unix:/run/gramme.sock". The error is one
// sentence.
std::expected<ListenAddress, std::string> ParseListenAddress(std::string_view text);
// What ParseListenAddress() reads.
std::string FormatListenAddress(const ListenAddress& address);

// Opens `socket_count` listening, non-blocking sockets on one address, which share its connections
// (SO_REUSEPORT; copies of one socket for a Unix path). Fills in the port where it was 0. The
// caller owns the descriptors. An address that any process listens on already is an error, never
// shared. IPv6 sockets do not take IPv4 connections. A Unix socket that nobody listens on any more
// is replaced. The error is one line that names address and cause.
std::expected<std::vector<int>, std::string> OpenListeningSockets(ListenAddress& address,
                                                                  std::size_t socket_count);

}  // namespace gramme

#endif  // GRAMME_HTTP_LISTEN_ADDRESS_H_
