// Rejection: why a request was refused before any handler saw it. Framing that is not sound closes
// the connection: what follows on it cannot be trusted to be a request.

#ifndef GRAMME_HTTP_REJECTION_H_
#define GRAMME_HTTP_REJECTION_H_

#include <string_view>

namespace gramme {

struct Rejection {
  int status;
  // Short, fixed, lower case: the label of the metric. Never made from what the client sent.
  std::string_view reason;
  // One sentence for the client's developer.
  std::string_view text;
};

namespace rejections {

inline constexpr Rejection kRequestLine = {400, "request_line", "The request line is malformed."};
inline constexpr Rejection kLineTooLong = {414, "line_too_long", "The request line is too long."};
inline constexpr Rejection kVersion = {505, "version", "Only HTTP/1.0 and HTTP/1.1 are served."};
inline constexpr Rejection kLineEnd = {400, "line_end", "Lines must end with CR LF."};
inline constexpr Rejection kHeaderName = {400, "header_name", "A header has no valid name."};
inline constexpr Rejection kHeaderValue = {400, "header_value",
                                           "A header value contains control characters."};
inline constexpr Rejection kHeaderFold = {400, "header_fold", "Folded headers are not accepted."};
inline constexpr Rejection kHeadersTooLarge = {431, "headers_too_large",
                                               "The headers are too large."};
inline constexpr Rejection kTooManyHeaders = {431, "too_many_headers",
                                              "There are too many headers."};
inline constexpr Rejection kSyntax = {400, "syntax", "The request is malformed."};
inline constexpr Rejection kMethod = {400, "method", "The method is not served."};
inline constexpr Rejection kHost = {400, "host", "Exactly one valid Host header is required."};
inline constexpr Rejection kHostMismatch = {400, "host_mismatch",
                                            "The target and the Host header disagree."};
inline constexpr Rejection kContentLength = {400, "content_length",
                                             "The Content-Length is not valid."};
inline constexpr Rejection kTransferEncoding = {400, "transfer_encoding",
                                                "Only 'Transfer-Encoding: chunked' is accepted, "
                                                "once and without Content-Length."};
inline constexpr Rejection kContentEncoding = {415, "content_encoding",
                                               "Only gzip is accepted as Content-Encoding."};
inline constexpr Rejection kExpectation = {417, "expectation",
                                           "Only 'Expect: 100-continue' is accepted."};
inline constexpr Rejection kBodyTooLarge = {413, "body_too_large", "The body is too large."};
inline constexpr Rejection kChunk = {400, "chunk", "The chunked body is malformed."};
inline constexpr Rejection kGzip = {400, "gzip", "The body is not valid gzip."};
inline constexpr Rejection kIncomplete = {400, "incomplete", "The request ended too early."};
inline constexpr Rejection kTimeout = {408, "timeout", "The request took too long to arrive."};
inline constexpr Rejection kBufferSpace = {503, "buffer_space",
                                           "The server holds too many bytes; try again later."};
inline constexpr Rejection kConnections = {503, "connections",
                                           "The server has too many connections."};

}  // namespace rejections
}  // namespace gramme

#endif  // GRAMME_HTTP_REJECTION_H_
