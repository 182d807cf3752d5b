// RawClient: a blocking socket for tests that say exactly which bytes go out, and when.
//
// Every wait ends after kHungAfter, which no working server reaches: a test never asserts on time,
// it only refuses to hang.

#ifndef GRAMME_HTTP_TESTING_RAW_CLIENT_H_
#define GRAMME_HTTP_TESTING_RAW_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http/listen_address.h"

namespace gramme {

inline constexpr std::chrono::seconds kHungAfter{60};

struct RawResponse {
  int status = 0;
  std::string head;  // status line and headers, with their line ends, without the empty line
  std::string body;

  // The value of the first header with this name, compared without case.
  std::optional<std::string> Find(std::string_view name) const;
};

// Not thread-safe. Move-only; closes its socket when destroyed.
class RawClient {
 public:
  // Aborts the test program when nobody listens.
  explicit RawClient(const ListenAddress& address);
  // A socket that is not connected yet, and takes its descriptor already.
  RawClient() = default;
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&& other) noexcept;
  ~RawClient();

  // A TCP or Unix socket; Connect() connects it. False when refused.
  void Open(const ListenAddress& address);
  bool Connect(const ListenAddress& address);

  // False when the server has closed the connection meanwhile, which tests of rejections expect.
  bool Send(std::string_view bytes);
  bool SendInPieces(std::string_view bytes, std::size_t piece_size);
  // No more bytes will come from this side.
  void ShutdownWrite();

  // The next response; nothing when the connection ends before one is complete. `has_body` is false
  // for the answer to HEAD. Status 1xx responses are returned like others.
  std::optional<RawResponse> ReadResponse(bool has_body = true);
  // True when the server closes the connection, false when it sends something more.
  bool ReadEnd();
  // At most `size_max` bytes, less at the end of the connection.
  std::string ReadSome(std::size_t size_max);

  int descriptor() const { return descriptor_; }

 private:
  // False at the end of the connection.
  bool Receive();
  void CloseDescriptor();

  int descriptor_ = -1;
  std::string received_;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_TESTING_RAW_CLIENT_H_
