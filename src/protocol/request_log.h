// RequestLog: what the edge tells the operator about single requests. server/ writes it to the log.
// Neither items nor secrets are ever among it.

#ifndef GRAMME_PROTOCOL_REQUEST_LOG_H_
#define GRAMME_PROTOCOL_REQUEST_LOG_H_

#include <string_view>

#include "base/clock.h"
#include "model/api_error.h"

namespace gramme {

struct RequestSummary {
  std::string_view request_id;
  std::string_view operation;
  std::string_view remote_address;
};

// Thread-safe; does not block. Views are valid during the call.
class RequestLog {
 public:
  virtual ~RequestLog() = default;

  // It took longer than DispatcherOptions::slow_request. `code` is `OK` or an error's name.
  virtual void OnSlowRequest(const RequestSummary& request, std::string_view code,
                             Duration duration) = 0;
  // It was answered 500 or 503. `cause` is for the operator and never sent.
  virtual void OnServerError(const RequestSummary& request, std::string_view code,
                             std::string_view cause) = 0;
  // A bug of ours: something was thrown.
  virtual void OnEscape(const RequestSummary& request, std::string_view what) = 0;
};

// Says nothing.
class SilentRequestLog final : public RequestLog {
 public:
  void OnSlowRequest(const RequestSummary&, std::string_view, Duration) override {}
  void OnServerError(const RequestSummary&, std::string_view, std::string_view) override {}
  void OnEscape(const RequestSummary&, std::string_view) override {}
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_REQUEST_LOG_H_
