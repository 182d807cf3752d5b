#include "protocol/error_body.h"

#include <fmt/core.h>

#include <string_view>

#include "base/check.h"
#include "protocol/json_text.h"

namespace gramme {
namespace {

std::string_view NamespaceOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kValidationException:
      return "com.amazon.coral.validate#";
    case ErrorCode::kSerializationException:
    case ErrorCode::kUnknownOperationException:
    case ErrorCode::kAccessDeniedException:
      return "com.amazon.coral.service#";
    case ErrorCode::kServiceUnavailable:
      return "com.amazon.coral.availability#";
    default:
      return "com.amazonaws.dynamodb.v20120810#";
  }
}

// The service model spells it with a capital for these, and so do its own errors of serialization
// and access.
std::string_view MessageMemberOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kSerializationException:
    case ErrorCode::kAccessDeniedException:
    case ErrorCode::kIdempotentParameterMismatchException:
    case ErrorCode::kTransactionCanceledException:
    case ErrorCode::kTransactionInProgressException:
      return "Message";
    default:
      return "message";
  }
}

// A message of what a client sent, however much that was. Where it would be longer the middle is
// left out: the beginning and the end say what is wrong.
constexpr std::size_t kMessageBytesMax = 8 * 1024;
constexpr std::size_t kMessageEndBytes = 1024;

bool IsInsideCharacter(std::string_view text, std::size_t position) {
  return (static_cast<unsigned char>(text[position]) & 0xc0u) == 0x80u;
}

void AppendMessage(std::string_view message, std::string& out) {
  if (message.size() <= kMessageBytesMax) return AppendJsonString(message, out);
  std::size_t begin = kMessageBytesMax - kMessageEndBytes;
  while (begin > 0 && IsInsideCharacter(message, begin)) --begin;
  std::size_t end = message.size() - kMessageEndBytes;
  while (end < message.size() && IsInsideCharacter(message, end)) ++end;
  AppendJsonString(fmt::format("{} ... {}", message.substr(0, begin), message.substr(end)), out);
}

void AppendReason(const CancellationReason& reason, std::string& out) {
  out += "{\"Code\":";
  AppendJsonString(reason.code, out);
  if (reason.item) {
    out += ",\"Item\":";
    AppendJsonAttributeMap(*reason.item, out);
  }
  if (reason.message) {
    out += ",\"Message\":";
    AppendMessage(*reason.message, out);
  }
  out += '}';
}

}  // namespace

ApiError Unavailable() {
  return Error(ErrorCode::kServiceUnavailable,
               "The service is currently unavailable. Please try again.")
      .error();
}

int HttpStatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInternalServerError:
      return 500;
    case ErrorCode::kServiceUnavailable:
      return 503;
    default:
      return 400;
  }
}

std::string ErrorBody(const ApiError& error) {
  GRAMME_CHECK(error.code != ErrorCode::kRetryOnPool && error.code != ErrorCode::kRetryStale &&
                   error.code != ErrorCode::kRetryWithRoom,
               "a retry that was never run");
  std::string out = "{\"__type\":\"";
  out += NamespaceOf(error.code);
  out += ErrorCodeName(error.code);
  out += '"';
  if (!error.message.empty()) {
    out += ",\"";
    out += MessageMemberOf(error.code);
    out += "\":";
    AppendMessage(error.message, out);
  }
  if (error.item) {
    out += ",\"Item\":";
    AppendJsonAttributeMap(*error.item, out);
  }
  if (!error.cancellation_reasons.empty()) {
    out += ",\"CancellationReasons\":[";
    for (std::size_t i = 0; i < error.cancellation_reasons.size(); ++i) {
      if (i > 0) out += ',';
      AppendReason(error.cancellation_reasons[i], out);
    }
    out += ']';
  }
  out += '}';
  return out;
}

}  // namespace gramme
