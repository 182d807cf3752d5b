// The bytes before a response's body. Pure; http/connection.h sends them.

#ifndef GRAMME_HTTP_RESPONSE_HEAD_H_
#define GRAMME_HTTP_RESPONSE_HEAD_H_

#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"

namespace gramme {

// What the connection adds to a handler's response.
enum class ConnectionHeader {
  kNone,       // HTTP/1.1 that stays open
  kKeepAlive,  // HTTP/1.0 that stays open, which must be said
  kClose,
};

// False for responses that never carry a body, nor a Content-Length: 1xx, 204, 304.
bool StatusHasBody(int status);

// Appends status line, `date`, the response's own headers and framing, up to the empty line.
// Content-Length is the body's size even when HEAD keeps it from being sent.
void AppendResponseHead(const Response& response, std::string_view date,
                        ConnectionHeader connection, std::string& out);

// "Fri, 20 Nov 2026 11:02:31 GMT": what Date carries.
std::string FormatHttpDate(WallTime time);

}  // namespace gramme

#endif  // GRAMME_HTTP_RESPONSE_HEAD_H_
