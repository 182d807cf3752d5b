// RequestMetrics: each request is counted and timed once, here.

#ifndef GRAMME_PROTOCOL_REQUEST_METRICS_H_
#define GRAMME_PROTOCOL_REQUEST_METRICS_H_

#include <string_view>

#include "base/clock.h"
#include "metrics/registry.h"

namespace gramme {

inline constexpr std::string_view kOkCode = "OK";

// Of one operation. Thread-safe; references into the registry.
class OperationMetrics {
 public:
  OperationMetrics(Family<Counter>& requests, Family<Histogram>& durations,
                   std::string_view operation)
      : requests_(&requests),
        operation_(operation),
        ok_(&requests.With({operation, kOkCode})),
        duration_(&durations.With({operation})) {}

  // `code` is kOkCode or the name of an error.
  void Count(std::string_view code, Duration duration) const {
    Counter& counter = code == kOkCode ? *ok_ : requests_->With({operation_, code});
    counter.Add();
    duration_->Record(static_cast<std::uint64_t>(duration.count() > 0 ? duration.count() : 0));
  }

 private:
  Family<Counter>* requests_;
  std::string_view operation_;
  Counter* ok_;
  Histogram* duration_;
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_REQUEST_METRICS_H_
