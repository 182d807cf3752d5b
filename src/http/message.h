// Request and Response as handlers see them, and the Responder that carries the answer back.
//
// This header is what the layers around http/ use. It knows no socket, no event loop and no
// DynamoDB: the same types serve the simulation, where there is no network.

#ifndef GRAMME_HTTP_MESSAGE_H_
#define GRAMME_HTTP_MESSAGE_H_

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_budget.h"

namespace gramme {

// How many bytes after Request::body may be read: what simdjson wants in order to parse in place.
// Their value is unspecified.
inline constexpr std::size_t kBodySlackBytes = 64;

// ASCII case only, as HTTP compares names.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
// Without blanks and tabs at both ends.
std::string_view TrimWhiteSpace(std::string_view text);

struct Header {
  std::string_view name;   // as sent; never empty
  std::string_view value;  // without surrounding white space; may be empty
};

// The header fields of one request, in the order sent. At most Limits::header_count_max, so that
// a linear search is the fastest one.
class HeaderList {
 public:
  void Add(Header header) { headers_.push_back(header); }
  void Clear() { headers_.clear(); }

  // The value of the first field with this name, nullptr if there is none. Names are compared
  // without case. The pointer lives until the list changes.
  const std::string_view* Find(std::string_view name) const;
  std::size_t Count(std::string_view name) const;

  std::size_t size() const { return headers_.size(); }
  auto begin() const { return headers_.begin(); }
  auto end() const { return headers_.end(); }
  auto begin() { return headers_.begin(); }
  auto end() { return headers_.end(); }

 private:
  std::vector<Header> headers_;
};

// One well-framed request. A value that points into memory of its connection: it and all its views
// stay valid until its Responder has been completed or destroyed, whichever thread does that.
struct Request {
  std::string_view method;  // upper case: GET, POST, …
  std::string_view target;  // as sent: "/console/?x=1", "http://host/…" or "*"
  std::string_view path;    // of the target, not percent-decoded; "/" at least, or "*"
  std::string_view query;   // what follows the first '?', not percent-decoded
  std::string_view host;    // the Host field; empty only for HTTP/1.0 without one
  HeaderList headers;       // without framing surprises: see http/request_parser.h
  // Content-Encoding is undone (then the header is still listed). Followed by kBodySlackBytes
  // readable bytes.
  std::string_view body;
  std::string_view remote_address;  // "127.0.0.1", "::1", or "unix"
};

// The header fields of one response, in the form in which they are sent.
class ResponseHeaders {
 public:
  ResponseHeaders() = default;
  ResponseHeaders(std::initializer_list<Header> headers) {
    for (const Header& header : headers) Add(header.name, header.value);
  }

  // `value` may hold what a client sent: control characters become spaces. `name` is ours.
  void Add(std::string_view name, std::string_view value);
  // The same of a `value` that is ours too.
  void AddOwn(std::string_view name, std::string_view value) {
    text_.append(name).append(": ").append(value).append("\r\n");
  }
  void Reserve(std::size_t bytes) { text_.reserve(bytes); }

  // "Name: value\r\n" for each.
  std::string_view text() const { return text_; }

 private:
  std::string text_;
};

// What to send. Status line, Date, Content-Length and Connection are added by the connection.
struct Response {
  int status = 200;
  std::string_view content_type;  // a literal as above; empty sends none
  ResponseHeaders headers;
  std::string body;    // not sent for HEAD, 204 and 304
  bool close = false;  // close the connection after it
  // For the memory of the body: given back when all is sent or the connection is gone.
  ByteCharge charge;
};

// The right, and the duty, to answer one request once. Move-only; may be completed from any thread,
// at any later time, even when connection or server are gone (then the response is dropped).
class Responder {
 public:
  using Send = std::move_only_function<void(Response)>;

  // `send` is called exactly once.
  explicit Responder(Send send) : send_(std::move(send)) {}
  Responder(Responder&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  Responder& operator=(Responder&& other) noexcept;
  // Not answered: sends status 500 and closes, so that no client waits for ever.
  ~Responder() { Abandon(); }

  // Answers. The request's views are invalid from here on. REQUIRES: not completed or moved from.
  void Complete(Response response);

 private:
  void Abandon();

  Send send_;
};

// Whoever answers requests. Called by the loops, from several threads at once, one request at a
// time per connection.
class Handler {
 public:
  virtual ~Handler() = default;

  // Runs on the connection's loop and must not block. `request` is valid until `responder` is
  // completed, here or later. Does not throw.
  virtual void Handle(const Request& request, Responder responder) = 0;

  // What to answer, with status 503, where there was no memory for the body in time. `request` is
  // without its body, and valid during the call. Runs and behaves as Handle does.
  virtual Response RefuseForMemory(const Request& request) = 0;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_MESSAGE_H_
