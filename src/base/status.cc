#include "base/status.h"

namespace gramme {

std::string_view StatusCodeName(StatusCode code) {
  switch (code) {
    case StatusCode::kWouldBlock: return "would block";
    case StatusCode::kStale: return "stale";
    case StatusCode::kMoved: return "moved";
    case StatusCode::kOverloaded: return "overloaded";
    case StatusCode::kUnavailable: return "unavailable";
    case StatusCode::kConflict: return "conflict";
    case StatusCode::kUnknown: return "unknown";
    case StatusCode::kCorruption: return "corruption";
    case StatusCode::kIoError: return "i/o error";
    case StatusCode::kOutOfSpace: return "out of space";
    case StatusCode::kDeadline: return "deadline passed";
  }
  return "unnamed";
}

}  // namespace gramme
