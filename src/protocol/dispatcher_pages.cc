// The part of the dispatcher that is not about operations: pages, probes and origins.

#include <utility>

#include "protocol/answer.h"
#include "protocol/dispatcher.h"
#include "protocol/json_text.h"
#include "protocol/origin.h"

namespace gramme {
namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";

constexpr std::string_view kMethods = "POST, GET, HEAD, OPTIONS";
// What SDKs in a browser send.
constexpr std::string_view kRequestHeaders =
    "amz-sdk-invocation-id, amz-sdk-request, authorization, content-type, x-amz-content-sha256, "
    "x-amz-date, x-amz-security-token, x-amz-target, x-amz-user-agent";
constexpr std::string_view kPreflightSeconds = "172800";

bool WantsHtml(const Request& request) {
  const std::string_view* accept = request.headers.Find("Accept");
  return accept != nullptr && accept->find("text/html") != std::string_view::npos;
}

std::string BrowserPage(std::string_view host, std::string_view version) {
  std::string endpoint = "http://";
  // The Host of the request, as far as it can stand in a page without being escaped.
  for (const char c : host) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '.' || c == ':' || c == '-' || c == '[' ||
                          c == ']';
    if (is_plain) endpoint += c;
  }
  std::string page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Gramme</title>"
      "</head>\n<body>\n<h1>Gramme is running</h1>\n"
      "<p>This port speaks the DynamoDB API. Point the AWS CLI or any AWS SDK at it:</p>\n"
      "<pre>aws dynamodb list-tables --endpoint-url ";
  page.append(endpoint).append("</pre>\n<p>Version ").append(version);
  page +=
      ". <a href=\"/healthz\">Health</a>, <a href=\"/readyz\">readiness</a>, "
      "<a href=\"/metrics\">metrics</a>.</p>\n</body></html>\n";
  return page;
}

}  // namespace

std::optional<Response> Dispatcher::RefuseForeigner(const Request& request,
                                                    const std::string_view* origin,
                                                    std::string_view request_id) const {
  if (!options_.local_only) return std::nullopt;
  if (!IsLocalHost(request.host, options_.local_names)) {
    return MakeAnswer(403, kPlainText, request_id,
                      "Without authentication this server answers only under the names of its own "
                      "machine, such as localhost.\n");
  }
  if (origin != nullptr && !IsLocalOrigin(*origin, options_.local_names)) {
    return MakeAnswer(403, kPlainText, request_id,
                      "Without authentication this server does not answer pages of other origins."
                      "\n");
  }
  return std::nullopt;
}

Response Dispatcher::Preflight(const Request& request, bool has_origin,
                               std::string_view request_id) const {
  Response response = MakeAnswer(200, {}, request_id, "");
  response.headers.Add("Allow", kMethods);
  if (!has_origin) return response;
  response.headers.Add("Access-Control-Allow-Methods", "POST");
  // What is asked for is what is allowed: every header is read with care or not at all.
  const std::string_view* asked = request.headers.Find("Access-Control-Request-Headers");
  response.headers.Add("Access-Control-Allow-Headers", asked == nullptr ? kRequestHeaders : *asked);
  response.headers.Add("Access-Control-Max-Age", kPreflightSeconds);
  return response;
}

Response Dispatcher::ReadinessPage(std::string_view request_id) const {
  const Readiness readiness = options_.readiness ? options_.readiness() : Readiness{};
  std::string body = readiness.is_ready ? "{\"status\":\"ready\"" : "{\"status\":\"not ready\"";
  body += ",\"checks\":{";
  bool is_first = true;
  for (const auto& [name, is_passed] : readiness.checks) {
    if (!is_first) body += ',';
    is_first = false;
    AppendJsonString(name, body);
    body += is_passed ? ":\"ok\"" : ":\"failed\"";
  }
  body += "}}\n";
  return MakeAnswer(readiness.is_ready ? 200 : 503, kJson, request_id, std::move(body));
}

Response Dispatcher::Page(const Request& request, std::string_view request_id) const {
  if (request.method != "GET" && request.method != "HEAD") {
    Response response = MakeAnswer(405, kPlainText, request_id, "Not served here.\n");
    response.headers.Add("Allow", kMethods);
    return response;
  }
  if (request.path == "/healthz") {
    return MakeAnswer(200, kJson, request_id, "{\"status\":\"ok\"}\n");
  }
  if (request.path == "/readyz") return ReadinessPage(request_id);
  if (request.path == "/metrics") {
    return MakeAnswer(200, kPrometheusContentType, request_id, parts_.registry.Render());
  }
  if (request.path == "/version") {
    std::string body = "{\"version\":";
    AppendJsonString(options_.version, body);
    body += "}\n";
    return MakeAnswer(200, kJson, request_id, std::move(body));
  }
  if (request.path != "/") {
    return MakeAnswer(404, kPlainText, request_id, "There is no such page.\n");
  }
  if (WantsHtml(request)) {
    return MakeAnswer(200, kHtml, request_id,
                      BrowserPage(request.host, options_.version));
  }
  return MakeAnswer(
      200, kPlainText, request_id,
      "healthy: dynamodb." + parts_.engine.settings.labels.region + ".amazonaws.com ");
}

}  // namespace gramme
