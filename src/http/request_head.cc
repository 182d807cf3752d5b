#include "http/request_head.h"

#include <llhttp.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "http/characters.h"

namespace gramme {
namespace {

// Fits in 64 bits whatever the digits are.
constexpr std::size_t kContentLengthDigitsMax = 19;

std::string_view TrimWhiteSpace(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "GET /path HTTP/1.1", with exactly one space twice.
const Rejection* CheckRequestLine(std::string_view line) {
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end == method_end) {
    return &rejections::kRequestLine;
  }
  const std::string_view method = line.substr(0, method_end);
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::string_view version = line.substr(target_end + 1);
  for (const char c : method) {
    if ((c < 'A' || c > 'Z') && c != '-') return &rejections::kMethod;
  }
  for (const char c : target) {
    if (c <= ' ' || c >= 0x7f || c == '#') return &rejections::kRequestLine;
  }
  if (method.empty() || target.empty()) return &rejections::kRequestLine;
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return nullptr;
  const bool is_version = version.size() == 8 && version.starts_with("HTTP/") &&
                          IsDigit(version[5]) && version[6] == '.' && IsDigit(version[7]);
  return is_version ? &rejections::kVersion : &rejections::kRequestLine;
}

const Rejection* CheckHeaderLine(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') return &rejections::kHeaderFold;
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos ||
      !ConsistsOf(line.substr(0, colon), kTokenCharacters)) {
    return &rejections::kHeaderName;
  }
  const bool clean = ConsistsOf(line.substr(colon + 1), kFieldCharacters);
  return clean ? nullptr : &rejections::kHeaderValue;
}

const Rejection* RejectionOf(llhttp_errno_t error) {
  switch (error) {
    case HPE_INVALID_METHOD:
      return &rejections::kMethod;
    case HPE_INVALID_CONTENT_LENGTH:
    case HPE_UNEXPECTED_CONTENT_LENGTH:
      return &rejections::kContentLength;
    case HPE_INVALID_TRANSFER_ENCODING:
      return &rejections::kTransferEncoding;
    default:
      return &rejections::kSyntax;
  }
}

// A span may come in several calls, one after the other in memory.
void Extend(std::string_view& span, const char* at, std::size_t size) {
  const char* const begin = span.data() == nullptr ? at : span.data();
  span = {begin, static_cast<std::size_t>(at + size - begin)};
}

}  // namespace

// llhttp is given the address of one of these.
struct LlhttpCallbacks {
  RequestHead& head;
  std::string_view name = {};
  std::string_view value = {};

  static LlhttpCallbacks& Of(llhttp_t* parser) {
    return *static_cast<LlhttpCallbacks*>(parser->data);
  }
  static int OnTarget(llhttp_t* parser, const char* at, std::size_t size) {
    Extend(Of(parser).head.request_.target, at, size);
    return 0;
  }
  static int OnName(llhttp_t* parser, const char* at, std::size_t size) {
    Extend(Of(parser).name, at, size);
    return 0;
  }
  static int OnValue(llhttp_t* parser, const char* at, std::size_t size) {
    Extend(Of(parser).value, at, size);
    return 0;
  }
  static int OnHeader(llhttp_t* parser) {
    LlhttpCallbacks& self = Of(parser);
    self.head.request_.headers.Add({.name = std::exchange(self.name, {}),
                                    .value = TrimWhiteSpace(std::exchange(self.value, {}))});
    return 0;
  }
  static int OnHeadersComplete(llhttp_t* parser) {
    Framing& framing = Of(parser).head.framing_;
    framing.keep_alive = llhttp_should_keep_alive(parser) != 0;
    framing.is_http_1_0 = parser->http_minor == 0;
    Of(parser).head.done_ = true;
    // An offer to upgrade is declined by ignoring it; llhttp would stop there.
    parser->upgrade = 0;
    return 1;  // the body is ours
  }
  static const llhttp_settings_t& Settings() {
    static const llhttp_settings_t settings = [] {
      llhttp_settings_t made;
      llhttp_settings_init(&made);
      made.on_url = &OnTarget;
      made.on_header_field = &OnName;
      made.on_header_value = &OnValue;
      made.on_header_value_complete = &OnHeader;
      made.on_headers_complete = &OnHeadersComplete;
      return made;
    }();
    return settings;
  }
};

void RequestHead::Reset() {
  bytes_.clear();
  line_begin_ = headers_begin_ = header_count_ = 0;
  done_ = false;
  request_.headers.Clear();
  request_.method = request_.target = request_.body = {};
  framing_ = {};
}

void RequestHead::Release() {
  Reset();
  bytes_.shrink_to_fit();
  request_.headers = {};
}

ParseStep RequestHead::Consume(std::string_view input) {
  std::size_t consumed = 0;
  while (consumed < input.size()) {
    std::string_view part = input.substr(consumed);
    const std::size_t line_feed = part.find('\n');
    if (line_feed != std::string_view::npos) part = part.substr(0, line_feed + 1);
    // Bounded before it is copied: nothing longer is ever held.
    if (headers_begin_ == 0 &&
        bytes_.size() - line_begin_ + part.size() > limits_.request_line_bytes_max) {
      return {.rejection = &rejections::kLineTooLong};
    }
    if (headers_begin_ != 0 &&
        bytes_.size() - headers_begin_ + part.size() > limits_.header_bytes_max) {
      return {.rejection = &rejections::kHeadersTooLarge};
    }
    bytes_.append(part);
    consumed += part.size();
    if (line_feed == std::string_view::npos) break;
    if (const Rejection* rejection = FinishLine()) return {.rejection = rejection};
    if (done_) return {.consumed = consumed, .done = true};
  }
  return {.consumed = consumed};
}

const Rejection* RequestHead::FinishLine() {
  std::string_view line = std::string_view(bytes_).substr(line_begin_);
  if (line.size() < 2 || line.find('\r') != line.size() - 2) return &rejections::kLineEnd;
  line.remove_suffix(2);
  const bool is_first = line_begin_ == 0;
  line_begin_ = bytes_.size();
  if (headers_begin_ == 0) {
    // One empty line before a request is forgiven (RFC 9112 section 2.2).
    if (line.empty() && is_first) return nullptr;
    headers_begin_ = bytes_.size();
    return CheckRequestLine(line);
  }
  if (line.empty()) return Parse();
  if (++header_count_ > limits_.header_count_max) return &rejections::kTooManyHeaders;
  return CheckHeaderLine(line);
}

const Rejection* RequestHead::Parse() {
  LlhttpCallbacks callbacks{.head = *this};
  llhttp_t parser;
  llhttp_init(&parser, HTTP_REQUEST, &LlhttpCallbacks::Settings());
  parser.data = &callbacks;
  const llhttp_errno_t error = llhttp_execute(&parser, bytes_.data(), bytes_.size());
  if (error != HPE_OK) return RejectionOf(error);
  // Both readings must agree about what the headers are.
  if (!done_ || request_.headers.size() != header_count_) return &rejections::kSyntax;
  if (parser.method == HTTP_CONNECT) return &rejections::kMethod;
  request_.method = llhttp_method_name(static_cast<llhttp_method_t>(parser.method));
  for (const auto fill :
       {&RequestHead::FillHost, &RequestHead::FillTarget, &RequestHead::FillBodyFraming}) {
    if (const Rejection* rejection = (this->*fill)()) return rejection;
  }
  return nullptr;
}

const Rejection* RequestHead::FillHost() {
  const std::size_t count = request_.headers.Count("host");
  request_.host = {};
  if (count == 0 && framing_.is_http_1_0) return nullptr;
  if (count != 1) return &rejections::kHost;
  request_.host = *request_.headers.Find("host");
  const bool valid = !request_.host.empty() && ConsistsOf(request_.host, kHostCharacters);
  return valid ? nullptr : &rejections::kHost;
}

const Rejection* RequestHead::FillTarget() {
  std::string_view rest = request_.target;
  if (rest.front() != '/' && rest != "*") {
    const std::size_t scheme_end = rest.find("://");
    if (scheme_end == std::string_view::npos) return &rejections::kRequestLine;
    const std::string_view scheme = rest.substr(0, scheme_end);
    if (!EqualsIgnoreCase(scheme, "http") && !EqualsIgnoreCase(scheme, "https")) {
      return &rejections::kRequestLine;
    }
    rest.remove_prefix(scheme_end + 3);
    const std::size_t authority_size = std::min(rest.find_first_of("/?"), rest.size());
    if (!EqualsIgnoreCase(rest.substr(0, authority_size), request_.host)) {
      return &rejections::kHostMismatch;
    }
    rest.remove_prefix(authority_size);
  } else if (rest == "*" && request_.method != "OPTIONS") {
    return &rejections::kRequestLine;
  }
  const std::size_t path_size = std::min(rest.find('?'), rest.size());
  request_.path = path_size == 0 ? "/" : rest.substr(0, path_size);
  request_.query = rest.substr(std::min(path_size + 1, rest.size()));
  return nullptr;
}

const Rejection* RequestHead::FillBodyFraming() {
  const HeaderList& headers = request_.headers;
  const std::string_view* const encoding = headers.Find("transfer-encoding");
  const std::string_view* const length = headers.Find("content-length");
  if (encoding != nullptr) {
    if (length != nullptr || headers.Count("transfer-encoding") != 1 || framing_.is_http_1_0 ||
        !EqualsIgnoreCase(*encoding, "chunked")) {
      return &rejections::kTransferEncoding;
    }
    framing_.chunked = true;
  }
  if (length != nullptr) {
    if (headers.Count("content-length") != 1 || length->empty() ||
        length->size() > kContentLengthDigitsMax) {
      return &rejections::kContentLength;
    }
    const char* const end = length->data() + length->size();
    const auto [stop, error] = std::from_chars(length->data(), end, framing_.content_length);
    if (stop != end || error != std::errc()) return &rejections::kContentLength;
    if (framing_.content_length > limits_.body_bytes_max) return &rejections::kBodyTooLarge;
  }
  if (const std::string_view* const coding = headers.Find("content-encoding")) {
    framing_.gzip = EqualsIgnoreCase(*coding, "gzip");
    const bool known = framing_.gzip || EqualsIgnoreCase(*coding, "identity");
    if (!known || headers.Count("content-encoding") != 1) return &rejections::kContentEncoding;
  }
  if (const std::string_view* const expectation = headers.Find("expect")) {
    if (!EqualsIgnoreCase(*expectation, "100-continue")) return &rejections::kExpectation;
    const bool has_body = framing_.chunked || framing_.content_length > 0;
    framing_.expects_continue = has_body && !framing_.is_http_1_0;
  }
  return nullptr;
}

}  // namespace gramme
