// Status: why a storage or encoding call did not succeed, told by what the caller does next.
//
// Used by `storage/` and `encoding/`. Above them `table/store_error.h` turns each code into the one
// ApiError that clients see. A Status is a value; it owns its message.

#ifndef GRAMME_BASE_STATUS_H_
#define GRAMME_BASE_STATUS_H_

#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gramme {

enum class StatusCode {
  kWouldBlock,   // needs the disk and the caller asked for memory only: run again on the pool
  kStale,        // decided under an older generation: take a new view and decide again
  kMoved,        // this server no longer owns the group: the router tries elsewhere
  kOverloaded,   // surely not applied: answer with throttling, the client retries later
  kUnavailable,  // surely not applied: the store cannot serve now
  kConflict,     // surely not applied: another transaction won
  kUnknown,      // may or may not have happened: answer 5xx and promise nothing
  kCorruption,   // stored bytes are damaged: answer 5xx, alert the operator
  kIoError,      // the disk failed: answer 5xx
  kOutOfSpace,   // surely not applied: the disk is full
  kDeadline,     // surely not applied: the deadline passed before the outcome was decided
};

std::string_view StatusCodeName(StatusCode code);

class [[nodiscard]] Status {
 public:
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}
  // kConflict over the key of that number.
  static Status ConflictOver(std::size_t key_index, std::string message) {
    Status status(StatusCode::kConflict, std::move(message));
    status.key_index_ = static_cast<std::uint32_t>(key_index);
    return status;
  }

  StatusCode code() const { return code_; }
  // Of a kConflict: which of the keys of the call another transaction won, counted from 0 in the
  // order given. Nothing where whoever failed could not say.
  std::optional<std::size_t> key_index() const {
    return key_index_ == kNoKey ? std::nullopt : std::optional<std::size_t>(key_index_);
  }
  // For logs and operators; never sent to clients.
  const std::string& message() const { return message_; }

  friend bool operator==(const Status&, const Status&) = default;

 private:
  static constexpr std::uint32_t kNoKey = std::numeric_limits<std::uint32_t>::max();

  StatusCode code_;
  std::uint32_t key_index_ = kNoKey;  // beside the code, where it takes no room
  std::string message_;
};

template <typename T>
using StoreResult = std::expected<T, Status>;

inline std::unexpected<Status> StoreError(StatusCode code, std::string message) {
  return std::unexpected(Status(code, std::move(message)));
}

}  // namespace gramme

#endif  // GRAMME_BASE_STATUS_H_
