#include "http/testing/llhttp_oracle.h"

#include <llhttp.h>

namespace gramme {
namespace {

struct Reading {
  OracleHead head;
  std::string name;
  std::string value;
};

Reading& Of(llhttp_t* parser) { return *static_cast<Reading*>(parser->data); }

std::string Trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

int OnTarget(llhttp_t* parser, const char* at, std::size_t size) {
  Of(parser).head.target.append(at, size);
  return 0;
}
int OnName(llhttp_t* parser, const char* at, std::size_t size) {
  Of(parser).name.append(at, size);
  return 0;
}
int OnValue(llhttp_t* parser, const char* at, std::size_t size) {
  Of(parser).value.append(at, size);
  return 0;
}
int OnHeader(llhttp_t* parser) {
  Reading& reading = Of(parser);
  reading.head.headers.emplace_back(std::exchange(reading.name, {}),
                                    Trimmed(std::exchange(reading.value, {})));
  return 0;
}
int OnHeadersComplete(llhttp_t* parser) {
  OracleHead& head = Of(parser).head;
  head.is_accepted = true;
  head.method = llhttp_method_name(static_cast<llhttp_method_t>(parser->method));
  head.keep_alive = llhttp_should_keep_alive(parser) != 0;
  head.chunked = (parser->flags & F_CHUNKED) != 0;
  head.content_length = parser->content_length;
  parser->upgrade = 0;  // it would stop there
  return 1;             // without the body
}

}  // namespace

OracleHead ReadWithLlhttp(std::string_view bytes) {
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  settings.on_url = &OnTarget;
  settings.on_header_field = &OnName;
  settings.on_header_value = &OnValue;
  settings.on_header_value_complete = &OnHeader;
  settings.on_headers_complete = &OnHeadersComplete;
  Reading reading;
  llhttp_t parser;
  llhttp_init(&parser, HTTP_REQUEST, &settings);
  parser.data = &reading;
  const llhttp_errno_t error = llhttp_execute(&parser, bytes.data(), bytes.size());
  if (error != HPE_OK) reading.head.is_accepted = false;
  return reading.head;
}

}  // namespace gramme
