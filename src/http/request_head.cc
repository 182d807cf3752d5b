#include "http/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <system_error>

#include "http/characters.h"

namespace gramme {
namespace {

// Fits in 64 bits whatever the digits are.
constexpr std::size_t kContentLengthDigitsMax = 19;

// Those of RFC 9110 and PATCH; no proxy is here that CONNECT could be meant for.
constexpr std::array<std::string_view, 8> kMethods = {"POST",   "GET",     "HEAD",  "PUT",
                                                      "DELETE", "OPTIONS", "TRACE", "PATCH"};

constexpr std::string_view kRootPath = "/";

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether all are field characters; eight at a time.
bool IsFieldText(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), sizeof(word));
    // A high bit where a byte is below 0x20 or is 0x7f; a tab is among them.
    const std::uint64_t low = (word - kOnes * 0x20) & ~word;
    const std::uint64_t is_delete = word ^ (kOnes * 0x7f);
    const std::uint64_t found = (low | ((is_delete - kOnes) & ~is_delete)) & kHighs;
    if (found != 0 && !ConsistsOf(text.substr(0, sizeof(word)), kFieldCharacters)) return false;
    text.remove_prefix(sizeof(word));
  }
  return ConsistsOf(text, kFieldCharacters);
}

const Rejection* CheckVersion(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return nullptr;
  const bool is_version = version.size() == 8 && version.starts_with("HTTP/") &&
                          IsDigit(version[5]) && version[6] == '.' && IsDigit(version[7]);
  return is_version ? &rejections::kVersion : &rejections::kRequestLine;
}

// `value` is a list, as Connection has one; `token` is in lower case.
bool ListHas(std::string_view value, std::string_view token) {
  while (true) {
    const std::size_t comma = value.find(',');
    if (EqualsIgnoreCase(TrimWhiteSpace(value.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
}

}  // namespace

void RequestHead::Reset() {
  bytes_.clear();
  line_begin_ = headers_begin_ = 0;
  framing_headers_ = {};
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
  if (bytes_.empty()) {
    const ParseStep step = Scan(input);
    if (step.rejection != nullptr) return step;
    bytes_.assign(input.substr(0, step.consumed));
    if (step.done) MoveViews(input.data());
    return step;
  }
  std::size_t consumed = 0;
  while (consumed < input.size()) {
    std::string_view part = input.substr(consumed);
    const std::size_t line_feed = part.find('\n');
    if (line_feed != std::string_view::npos) part = part.substr(0, line_feed + 1);
    // Bounded before it is copied: nothing longer is ever held.
    if (const Rejection* rejection = CheckSize(bytes_.size() + part.size())) {
      return {.rejection = rejection};
    }
    bytes_.append(part);
    consumed += part.size();
    if (line_feed == std::string_view::npos) break;
    // The number of headers bounds how often.
    const ParseStep step = Scan(bytes_);
    if (step.rejection != nullptr) return step;
    if (step.done) return {.consumed = consumed, .done = true};
  }
  return {.consumed = consumed};
}

// `size`: of everything up to the end of the line that has begun.
const Rejection* RequestHead::CheckSize(std::size_t size) const {
  if (headers_begin_ == 0) {
    return size - line_begin_ > limits_.request_line_bytes_max ? &rejections::kLineTooLong
                                                               : nullptr;
  }
  return size - headers_begin_ > limits_.header_bytes_max ? &rejections::kHeadersTooLarge : nullptr;
}

ParseStep RequestHead::Scan(std::string_view text) {
  line_begin_ = headers_begin_ = 0;
  framing_headers_ = {};
  request_.headers.Clear();
  request_.method = {};  // until all is well
  while (true) {
    const std::size_t line_feed = text.find('\n', line_begin_);
    const bool is_complete = line_feed != std::string_view::npos;
    const std::size_t end = is_complete ? line_feed + 1 : text.size();
    if (const Rejection* rejection = CheckSize(end)) return {.rejection = rejection};
    if (!is_complete) return {.consumed = end};
    std::string_view line = text.substr(line_begin_, end - line_begin_);
    if (!line.ends_with("\r\n")) return {.rejection = &rejections::kLineEnd};
    line.remove_suffix(2);
    const bool is_first = line_begin_ == 0;
    line_begin_ = end;
    const Rejection* rejection = nullptr;
    if (headers_begin_ == 0) {
      // One empty line before a request is forgiven (RFC 9112 section 2.2).
      if (line.empty() && is_first) continue;
      headers_begin_ = end;
      rejection = TakeRequestLine(line);
    } else if (line.empty()) {
      return {.consumed = end, .done = true, .rejection = Finish()};
    } else {
      rejection = TakeHeader(line);
    }
    if (rejection == nullptr) continue;
    const bool is_line_end = line.find('\r') != std::string_view::npos;
    return {.rejection = is_line_end ? &rejections::kLineEnd : rejection};
  }
}

// "GET /path HTTP/1.1", with exactly one space twice.
const Rejection* RequestHead::TakeRequestLine(std::string_view line) {
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end == method_end) {
    return &rejections::kRequestLine;
  }
  const std::string_view method = line.substr(0, method_end);
  framing_headers_.method = method;
  request_.target = line.substr(method_end + 1, target_end - method_end - 1);
  if (std::ranges::find(kMethods, method) == kMethods.end()) return &rejections::kMethod;
  for (const char c : request_.target) {
    if (c <= ' ' || c >= 0x7f || c == '#') return &rejections::kRequestLine;
  }
  if (request_.target.empty()) return &rejections::kRequestLine;
  framing_.is_http_1_0 = line.back() == '0';
  return CheckVersion(line.substr(target_end + 1));
}

const Rejection* RequestHead::TakeHeader(std::string_view line) {
  if (request_.headers.size() == limits_.header_count_max) return &rejections::kTooManyHeaders;
  if (IsBlank(line.front())) return &rejections::kHeaderFold;
  std::size_t colon = 0;
  while (colon < line.size() && IsTokenCharacter(line[colon])) ++colon;
  if (colon == 0 || colon == line.size() || line[colon] != ':') return &rejections::kHeaderName;
  const std::string_view value = line.substr(colon + 1);
  if (!IsFieldText(value)) return &rejections::kHeaderValue;
  const Header header = {.name = line.substr(0, colon), .value = TrimWhiteSpace(value)};
  request_.headers.Add(header);
  TakeFramingHeader(header);
  // Readers differ on a tab behind what frames the body.
  const std::size_t value_end =
      static_cast<std::size_t>(header.value.data() + header.value.size() - value.data());
  if (value.find('\t', value_end) == std::string_view::npos) return nullptr;
  if (EqualsIgnoreCase(header.name, "content-length")) return &rejections::kContentLength;
  if (EqualsIgnoreCase(header.name, "transfer-encoding")) return &rejections::kTransferEncoding;
  return nullptr;
}

void RequestHead::TakeFramingHeader(const Header& header) {
  FramingHeaders& found = framing_headers_;
  const auto take = [&](std::string_view name, std::string_view& value, int& count) {
    if (!EqualsIgnoreCase(header.name, name)) return;
    value = header.value;
    ++count;
  };
  switch (header.name.size()) {
    case 4:
      return take("host", found.host, found.host_count);
    case 6:
      if (EqualsIgnoreCase(header.name, "expect")) found.expect = header.value;
      return;
    case 10:
      if (!EqualsIgnoreCase(header.name, "connection")) return;
      found.says_close |= ListHas(header.value, "close");
      found.says_keep_alive |= ListHas(header.value, "keep-alive");
      return;
    case 14:
      return take("content-length", found.content_length, found.content_length_count);
    case 16:
      return take("content-encoding", found.content_encoding, found.content_encoding_count);
    case 17:
      return take("transfer-encoding", found.transfer_encoding, found.transfer_encoding_count);
    default:
      return;
  }
}

const Rejection* RequestHead::Finish() {
  const FramingHeaders& found = framing_headers_;
  framing_.keep_alive = !found.says_close && (!framing_.is_http_1_0 || found.says_keep_alive);
  request_.host = found.host;
  const bool may_lack_host = framing_.is_http_1_0 && found.host_count == 0;
  if (!may_lack_host &&
      (found.host_count != 1 || found.host.empty() || !ConsistsOf(found.host, kHostCharacters))) {
    return &rejections::kHost;
  }
  if (const Rejection* rejection = FillTarget()) return rejection;
  if (const Rejection* rejection = FillBodyFraming()) return rejection;
  request_.method = found.method;
  return nullptr;
}

void RequestHead::MoveViews(const char* from) {
  const auto move = [&](std::string_view& view) {
    if (view.data() != nullptr) view = {bytes_.data() + (view.data() - from), view.size()};
  };
  for (std::string_view* view :
       {&request_.method, &request_.target, &request_.query, &request_.host}) {
    move(*view);
  }
  if (request_.path.data() != kRootPath.data()) move(request_.path);
  for (Header& header : request_.headers) {
    move(header.name);
    move(header.value);
  }
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
    if (authority_size == 0 || !EqualsIgnoreCase(rest.substr(0, authority_size), request_.host)) {
      return &rejections::kHostMismatch;
    }
    rest.remove_prefix(authority_size);
  } else if (rest == "*" && framing_headers_.method != "OPTIONS") {
    return &rejections::kRequestLine;
  }
  const std::size_t path_size = std::min(rest.find('?'), rest.size());
  request_.path = path_size == 0 ? kRootPath : rest.substr(0, path_size);
  request_.query = rest.substr(std::min(path_size + 1, rest.size()));
  return nullptr;
}

const Rejection* RequestHead::FillBodyFraming() {
  const FramingHeaders& found = framing_headers_;
  if (found.transfer_encoding_count > 0) {
    if (found.content_length_count > 0 || found.transfer_encoding_count != 1 ||
        framing_.is_http_1_0 || !EqualsIgnoreCase(found.transfer_encoding, "chunked")) {
      return &rejections::kTransferEncoding;
    }
    framing_.chunked = true;
  }
  if (found.content_length_count > 0) {
    const std::string_view length = found.content_length;
    if (found.content_length_count != 1 || length.empty() ||
        length.size() > kContentLengthDigitsMax) {
      return &rejections::kContentLength;
    }
    const char* const end = length.data() + length.size();
    const auto [stop, error] = std::from_chars(length.data(), end, framing_.content_length);
    if (stop != end || error != std::errc()) return &rejections::kContentLength;
    if (framing_.content_length > limits_.body_bytes_max) return &rejections::kBodyTooLarge;
  }
  if (found.content_encoding_count > 0) {
    framing_.gzip = EqualsIgnoreCase(found.content_encoding, "gzip");
    const bool is_known = framing_.gzip || EqualsIgnoreCase(found.content_encoding, "identity");
    if (!is_known || found.content_encoding_count != 1) return &rejections::kContentEncoding;
  }
  if (found.expect.data() != nullptr) {
    if (!EqualsIgnoreCase(found.expect, "100-continue")) return &rejections::kExpectation;
    const bool has_body = framing_.chunked || framing_.content_length > 0;
    framing_.expects_continue = has_body && !framing_.is_http_1_0;
  }
  return nullptr;
}

}  // namespace gramme
