#include "protocol/dispatcher.h"

#include <memory>

#include "base/check.h"
#include "protocol/answer.h"
#include "protocol/error_body.h"
#include "protocol/origin.h"
#include "protocol/request_id.h"

namespace gramme {
namespace {

constexpr std::string_view kUnknownOperationPage = "<UnknownOperationException/>\n";

// The JSON content type to answer in; nothing for what no client of DynamoDB sends.
std::optional<std::string_view> ContentTypeOf(const Request& request) {
  const std::string_view* value = request.headers.Find("Content-Type");
  if (value == nullptr) return std::nullopt;
  std::string_view type = value->substr(0, value->find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  if (EqualsIgnoreCase(type, kJson10) || EqualsIgnoreCase(type, "application/json")) return kJson10;
  if (EqualsIgnoreCase(type, kJson11)) return kJson11;
  return std::nullopt;
}

Family<Counter>& RequestFamily(Registry& registry) {
  return registry.AddCounterFamily(
      "gramme_requests_total", "Requests answered, by operation and code.", {"operation", "code"});
}

Family<Histogram>& DurationFamily(Registry& registry) {
  return registry.AddHistogramFamily("gramme_request_duration_seconds",
                                     "From the whole request to its answer, by operation.", 1e-6,
                                     {"operation"});
}

}  // namespace

Dispatcher::Dispatcher(const DispatcherParts& parts, DispatcherOptions options)
    : Dispatcher(parts, std::move(options), RequestFamily(parts.registry),
                 DurationFamily(parts.registry)) {}

Dispatcher::Dispatcher(const DispatcherParts& parts, DispatcherOptions options,
                       Family<Counter>& requests, Family<Histogram>& durations)
    : parts_(parts),
      options_(std::move(options)),
      services_{.engine = parts.engine,
                .gate = parts.gate,
                .pool = parts.pool,
                .log = parts.log,
                .limits = options_.limits,
                .pool_queue_count = pool_queue_count_,
                .finish_response =
                    [this](Response& response, const Request& request) {
                      AddOriginHeaders(response, request);
                    }},
      unknown_metrics_(requests, durations, "Unknown") {
  for (const ServedOperation& operation : parts_.operations) {
    std::string target = std::string(operation.target) + "." + std::string(operation.name);
    const bool is_new =
        entries_
            .try_emplace(std::move(target),
                         Entry{&operation, OperationMetrics(requests, durations, operation.name)})
            .second;
    GRAMME_CHECK(is_new, "an operation is listed once");
  }
}

void Dispatcher::Handle(const Request& request, Responder responder) {
  const RequestId id(parts_.engine.random);
  const std::string_view request_id = id.text();
  if (std::optional<Response> refusal = RefuseForeigner(request, request_id)) {
    responder.Complete(*std::move(refusal));
    return;
  }
  if (request.method == "POST") {
    HandleOperation(request, std::move(responder), id);
    return;
  }
  Response response = request.method == "OPTIONS" ? Preflight(request, request_id)
                                                  : Page(request, request_id);
  AddOriginHeaders(response, request);
  responder.Complete(std::move(response));
}

void Dispatcher::HandleOperation(const Request& request, Responder responder, const RequestId& id) {
  const std::string_view request_id = id.text();
  const std::optional<std::string_view> content_type = ContentTypeOf(request);
  if (request.path != "/" || !content_type) {
    Response response =
        MakeAnswer(404, "text/html", request_id, std::string(kUnknownOperationPage));
    AddOriginHeaders(response, request);
    responder.Complete(std::move(response));
    return;
  }
  const std::string_view* target = request.headers.Find("X-Amz-Target");
  const Entry* entry = target == nullptr ? nullptr : FindOperation(*target);
  if (entry == nullptr) {
    RefuseOperation(request, std::move(responder), request_id, *content_type);
    return;
  }
  std::make_shared<OperationRun>(services_, *entry->operation, entry->metrics, request,
                                 std::move(responder), id, *content_type)
      ->Begin();
}

void Dispatcher::RefuseOperation(const Request& request, Responder responder,
                                 std::string_view request_id, std::string_view content_type) const {
  const ApiError error = Error(ErrorCode::kUnknownOperationException, "").error();
  unknown_metrics_.Count(ErrorCodeName(error.code), Duration(0));
  Response response =
      MakeAnswer(HttpStatusOf(error.code), content_type, request_id, ErrorBody(error));
  AddOriginHeaders(response, request);
  responder.Complete(std::move(response));
}

const Dispatcher::Entry* Dispatcher::FindOperation(std::string_view target) const {
  const auto found = entries_.find(target);
  return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace gramme
