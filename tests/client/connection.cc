#include "tests/client/connection.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace gramme {
namespace {

constexpr int kAnswerSecondsMax = 60;

// The value of a header, whose name is given in lower case; empty when it is absent.
std::string_view HeaderValue(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    const bool is_same =
        std::equal(name.begin(), name.end(), line.begin(), [](char wanted, char c) {
          return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
        });
    if (!is_same) continue;
    const std::string_view value = line.substr(name.size() + 1);
    return value.substr(std::min(value.find_first_not_of(' '), value.size()));
  }
  return {};
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string ShortErrorName(const Answer& answer) {
  const std::string type = answer.Parsed()["__type"].text();
  return type.substr(type.find('#') + 1);
}

}  // namespace

Connection::Connection(std::uint16_t port) {
  descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  const timeval limit{.tv_sec = kAnswerSecondsMax, .tv_usec = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // A refused connection shows at the first send.
  static_cast<void>(
      connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)));
}

Connection::Connection(Connection&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      received_(std::move(other.received_)),
      broken_(std::move(other.broken_)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(received_, other.received_);
  std::swap(broken_, other.broken_);
  return *this;
}

Connection::~Connection() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::optional<Answer> Connection::Call(std::string_view operation, std::string_view body) {
  if (!Send(operation, body)) return std::nullopt;
  return Receive();
}

bool Connection::Send(std::string_view operation, std::string_view body) {
  const std::string head = fmt::format(
      "POST / HTTP/1.1\r\n"
      "Host: localhost\r\n"
      "Content-Type: application/x-amz-json-1.0\r\n"
      "X-Amz-Target: {}{}\r\n"
      "X-Amz-Date: 20261120T110000Z\r\n"
      "Authorization: AWS4-HMAC-SHA256 Credential=local/20261120/us-east-1/dynamodb/aws4_request, "
      "SignedHeaders=host;x-amz-date;x-amz-target, Signature={:064}\r\n"
      "Content-Length: {}\r\n\r\n",
      operation.contains('.') ? "" : "DynamoDB_20120810.", operation, 0, body.size());
  return SendBytes(head + std::string(body));
}

bool Connection::SendBytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Connection::ReceiveBytes() {
  char buffer[64 * 1024];
  const ssize_t size = recv(descriptor_, buffer, sizeof(buffer), 0);
  if (size <= 0) return false;
  received_.append(buffer, static_cast<std::size_t>(size));
  return true;
}

std::optional<Answer> Connection::Receive() {
  std::size_t head_size = std::string::npos;
  while ((head_size = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReceiveBytes()) return std::nullopt;
  }
  const std::string head = received_.substr(0, head_size + 2);
  const auto length = ParseNumber<std::size_t>(HeaderValue(head, "content-length"));
  const auto status = ParseNumber<int>(std::string_view(head).substr(9, 3));
  if (!head.starts_with("HTTP/1.1 ") || !length || !status) {
    broken_ = "no answer of HTTP: " + head;
    return std::nullopt;
  }
  while (received_.size() < head_size + 4 + *length) {
    if (!ReceiveBytes()) return std::nullopt;
  }
  Answer answer{.status = *status, .body = received_.substr(head_size + 4, *length), .error = {}};
  received_.erase(0, head_size + 4 + *length);
  const auto checksum = ParseNumber<std::uint32_t>(HeaderValue(head, "x-amz-crc32"));
  if (checksum != libdeflate_crc32(0, answer.body.data(), answer.body.size())) {
    broken_ = "x-amz-crc32 is absent or wrong: " + head + answer.body.substr(0, 200);
    return std::nullopt;
  }
  if (!answer.is_success()) answer.error = ShortErrorName(answer);
  return answer;
}

}  // namespace gramme
