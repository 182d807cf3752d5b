// Connection: one blocking keep-alive HTTP/1.1 connection that speaks DynamoDB's JSON protocol, one
// request at a time. It knows no operation; tests/client/requests.h knows a few, and
// tests/client/crowd.h drives many connections with few threads.
//
// An answer that did not come says nothing about the request: it may have been applied.

#ifndef GRAMME_TESTS_CLIENT_CONNECTION_H_
#define GRAMME_TESTS_CLIENT_CONNECTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/client/json.h"

namespace gramme {

struct Answer {
  int status = 0;
  std::string body;
  // The short name of the error, such as ResourceNotFoundException; empty for a success.
  std::string error;

  bool is_success() const { return status == 200; }
  // Null when the body is not JSON.
  Json Parsed() const { return Json::Parse(body).value_or(Json()); }
};

// Not thread-safe. Move-only; closes its socket when destroyed.
class Connection {
 public:
  // Connects to the loopback interface; when nobody listens, every call comes back empty.
  explicit Connection(std::uint16_t port);
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  // Sends one request and waits for its answer: nothing when the connection ends first, when no
  // answer comes in a minute, or when the answer's x-amz-crc32 does not fit its body (`broken()`
  // tells that case apart). After that the connection is of no further use.
  // `operation`: of DynamoDB, or of any service as `TARGET_PREFIX.Operation`.
  std::optional<Answer> Call(std::string_view operation, std::string_view body);
  // The two halves of Call, for who waits on several connections: false when nothing could be sent.
  bool Send(std::string_view operation, std::string_view body);
  std::optional<Answer> Receive();
  // For poll().
  int descriptor() const { return descriptor_; }

  // Why an answer that did come could not be taken; empty otherwise.
  const std::string& broken() const { return broken_; }

 private:
  bool SendBytes(std::string_view bytes);
  bool ReceiveBytes();

  int descriptor_ = -1;
  std::string received_;
  std::string broken_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_CONNECTION_H_
