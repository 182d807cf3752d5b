// TestRequest: a request with the memory it points into, and the response once it came.

#ifndef GRAMME_PROTOCOL_TESTING_TEST_REQUEST_H_
#define GRAMME_PROTOCOL_TESTING_TEST_REQUEST_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"

namespace gramme {

// Text followed by the bytes that the JSON parser may read.
class PaddedText {
 public:
  explicit PaddedText(std::string_view text)
      : bytes_(std::string(text) + std::string(kBodySlackBytes, '\0')), size_(text.size()) {}
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::string bytes_;
  std::size_t size_;
};

// Not thread-safe. Stays where it is, for the request points into it.
class TestRequest {
 public:
  TestRequest(std::string method, std::string path, std::string_view body);
  TestRequest(const TestRequest&) = delete;
  TestRequest& operator=(const TestRequest&) = delete;

  // POST / of an operation, as an SDK sends it.
  static std::unique_ptr<TestRequest> Call(std::string_view operation, std::string_view body);

  // Replaces an earlier one of the same name.
  TestRequest& SetHeader(std::string name, std::string value);
  TestRequest& RemoveHeader(std::string_view name);
  void SendTo(Handler& handler);
  // What the handler answers where there was no memory for the body.
  Response RefusalForMemory(Handler& handler);
  // Called inside the answer, when response() is there.
  void OnResponse(std::function<void()> on_response) { on_response_ = std::move(on_response); }

  // Nothing until it is answered.
  const std::optional<Response>& response() const { return response_; }
  // The header of the response, empty if absent. REQUIRES: answered.
  std::string ResponseHeaderValue(std::string_view name) const;

 private:
  // request_, pointing into this, without its body.
  void FillHead();

  std::string method_;
  std::string path_;
  PaddedText body_;
  std::vector<std::pair<std::string, std::string>> headers_;
  Request request_;
  std::optional<Response> response_;
  std::function<void()> on_response_;
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_TESTING_TEST_REQUEST_H_
