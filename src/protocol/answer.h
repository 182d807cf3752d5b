// Answers: HTTP responses with the headers that every one of ours has.

#ifndef GRAMME_PROTOCOL_ANSWER_H_
#define GRAMME_PROTOCOL_ANSWER_H_

#include <string>
#include <string_view>

#include "http/message.h"

namespace gramme {

inline constexpr std::string_view kJson10 = "application/x-amz-json-1.0";
inline constexpr std::string_view kJson11 = "application/x-amz-json-1.1";
inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

// With x-amzn-RequestId and x-amz-crc32, which SDKs check against the body. `content_type` is a
// literal.
Response MakeAnswer(int status, std::string_view content_type, std::string_view request_id,
                    std::string body);

// Lets the page whose `Origin` header this is read the answer; nullptr: no page asks.
// REQUIRES: with `local_only` the origin is trusted.
void AddOriginHeaders(Response& response, const std::string_view* origin, bool local_only);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_ANSWER_H_
