#include "http/testing/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "http/message.h"

namespace gramme {
namespace {

int FamilyOf(const ListenAddress& address) {
  if (!address.unix_path.empty()) return AF_UNIX;
  return address.host.find(':') == std::string::npos ? AF_INET : AF_INET6;
}

}  // namespace

std::optional<std::string> RawResponse::Find(std::string_view name) const {
  std::size_t begin = head.find("\r\n") + 2;
  while (begin < head.size()) {
    const std::size_t end = head.find("\r\n", begin);
    const std::string_view line = std::string_view(head).substr(begin, end - begin);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos && EqualsIgnoreCase(line.substr(0, colon), name)) {
      return std::string(line.substr(colon + 2));
    }
    begin = end + 2;
  }
  return std::nullopt;
}

RawClient::RawClient(const ListenAddress& address) {
  Open(address);
  GRAMME_CHECK(Connect(address), "cannot connect to " + FormatListenAddress(address));
}

RawClient::RawClient(RawClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), received_(std::move(other.received_)) {}

RawClient& RawClient::operator=(RawClient&& other) noexcept {
  CloseDescriptor();
  descriptor_ = std::exchange(other.descriptor_, -1);
  received_ = std::move(other.received_);
  return *this;
}

RawClient::~RawClient() { CloseDescriptor(); }

void RawClient::CloseDescriptor() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

void RawClient::Open(const ListenAddress& address) {
  const int family = FamilyOf(address);
  descriptor_ = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  GRAMME_CHECK(descriptor_ >= 0, "no socket");
  const timeval timeout{.tv_sec = kHungAfter.count(), .tv_usec = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
  setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
  const int enabled = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &enabled, sizeof(enabled));
}

bool RawClient::Connect(const ListenAddress& address) {
  if (FamilyOf(address) == AF_UNIX) {
    sockaddr_un place{};
    place.sun_family = AF_UNIX;
    std::strncpy(place.sun_path, address.unix_path.c_str(), sizeof(place.sun_path) - 1);
    return connect(descriptor_, reinterpret_cast<sockaddr*>(&place), sizeof(place)) == 0;
  }
  if (FamilyOf(address) == AF_INET6) {
    sockaddr_in6 place{};
    place.sin6_family = AF_INET6;
    place.sin6_port = htons(address.port);
    inet_pton(AF_INET6, address.host.c_str(), &place.sin6_addr);
    return connect(descriptor_, reinterpret_cast<sockaddr*>(&place), sizeof(place)) == 0;
  }
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(address.port);
  inet_pton(AF_INET, address.host.c_str(), &place.sin_addr);
  return connect(descriptor_, reinterpret_cast<sockaddr*>(&place), sizeof(place)) == 0;
}

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::SendInPieces(std::string_view bytes, std::size_t piece_size) {
  for (std::size_t at = 0; at < bytes.size(); at += piece_size) {
    if (!Send(bytes.substr(at, piece_size))) return false;
  }
  return true;
}

void RawClient::ShutdownWrite() { shutdown(descriptor_, SHUT_WR); }

bool RawClient::Receive() {
  std::array<char, 64 * 1024> buffer;
  const ssize_t size = recv(descriptor_, buffer.data(), buffer.size(), 0);
  GRAMME_CHECK(size >= 0 || errno != EAGAIN, "the server hangs");
  if (size <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<RawResponse> RawClient::ReadResponse(bool has_body) {
  std::size_t head_size = 0;
  while ((head_size = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!Receive()) return std::nullopt;
  }
  RawResponse response;
  response.head = received_.substr(0, head_size + 2);
  response.status = std::atoi(response.head.substr(std::strlen("HTTP/1.1 "), 3).c_str());
  received_.erase(0, head_size + 4);
  const auto length = response.Find("Content-Length");
  if (!has_body || !length) return response;
  const std::size_t size = std::strtoull(length->c_str(), nullptr, 10);
  while (received_.size() < size) {
    if (!Receive()) return std::nullopt;
  }
  response.body = received_.substr(0, size);
  received_.erase(0, size);
  return response;
}

bool RawClient::ReadEnd() { return received_.empty() && !Receive(); }

std::string RawClient::ReadSome(std::size_t size_max) {
  if (received_.empty()) Receive();
  std::string part = received_.substr(0, size_max);
  received_.erase(0, part.size());
  return part;
}

}  // namespace gramme
