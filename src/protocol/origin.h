// Which Host and Origin headers a server without authentication trusts: those of this machine. Any
// web page may send requests to a loopback address; a page of a foreign origin carries its name in
// one of the two (DNS rebinding in Host).

#ifndef GRAMME_PROTOCOL_ORIGIN_H_
#define GRAMME_PROTOCOL_ORIGIN_H_

#include <span>
#include <string>
#include <string_view>

namespace gramme {

// `localhost`, a name below it, 127.0.0.0/8 or [::1], each with or without a port; or a name in
// `more`, without a port. Empty is a client of HTTP/1.0, which no browser is.
bool IsLocalHost(std::string_view host, std::span<const std::string> more);

// `http://` or `https://` and a host as above.
bool IsLocalOrigin(std::string_view origin, std::span<const std::string> more);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_ORIGIN_H_
