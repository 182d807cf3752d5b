#include "protocol/dispatcher.h"

#include <algorithm>
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
std::optional<std::string_view> ContentTypeOf(const std::string_view* value) {
  if (value == nullptr) return std::nullopt;
  const std::string_view type = TrimWhiteSpace(value->substr(0, value->find(';')));
  for (const std::string_view known : {kJson10, kJson11, kJson}) {
    if (EqualsIgnoreCase(type, known)) return known;
  }
  return std::nullopt;
}

// Whether `Accept-Encoding: value` names gzip with a weight that is not zero.
bool ListsGzip(std::string_view value) {
  while (!value.empty()) {
    const std::string_view entry = value.substr(0, value.find(','));
    value.remove_prefix(std::min(value.size(), entry.size() + 1));
    if (!EqualsIgnoreCase(TrimWhiteSpace(entry.substr(0, entry.find(';'))), "gzip")) continue;
    const std::size_t weight = entry.find("q=");
    return weight == std::string_view::npos ||
           TrimWhiteSpace(entry.substr(weight + 2)).find_first_not_of("0.") !=
               std::string_view::npos;
  }
  return false;
}

// Lengths first, which differ between most operations, while all targets begin alike.
bool ComesBefore(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
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
      queue_(parts.pool, parts.engine.clock, parts.registry, options_.limits.memory_bytes_max),
      services_{.engine = parts.engine,
                .gate = parts.gate,
                .pool = parts.pool,
                .log = parts.log,
                .limits = options_.limits,
                .pool_queue_count = pool_queue_count_,
                .queue = queue_,
                .local_only = options_.local_only},
      unknown_metrics_(requests, durations, "Unknown") {
  for (const ServedOperation& operation : parts_.operations) {
    std::string target = std::string(operation.target) + "." + std::string(operation.name);
    GRAMME_CHECK(FindOperation(target) == nullptr, "an operation is listed once");
    const auto place = std::ranges::upper_bound(entries_, target, &ComesBefore, &Entry::target);
    entries_.insert(place, Entry{std::move(target), &operation,
                                 OperationMetrics(requests, durations, operation.name)});
  }
}

Dispatcher::KnownHeaders Dispatcher::FindHeaders(const Request& request) {
  KnownHeaders found;
  // The first of each name counts.
  const auto take = [](const Header& header, std::string_view name,
                       const std::string_view*& value) {
    if (value == nullptr && EqualsIgnoreCase(header.name, name)) value = &header.value;
  };
  for (const Header& header : request.headers) {
    if (header.name.size() == 6) take(header, "Origin", found.origin);
    if (header.name.size() == 15) take(header, "Accept-Encoding", found.accept_encoding);
    if (header.name.size() != 12) continue;
    take(header, "Content-Type", found.content_type);
    take(header, "X-Amz-Target", found.target);
  }
  return found;
}

void Dispatcher::Handle(const Request& request, Responder responder) {
  const RequestId id(parts_.engine.random);
  const std::string_view request_id = id.text();
  const KnownHeaders headers = FindHeaders(request);
  if (std::optional<Response> refusal = RefuseForeigner(request, headers.origin, request_id)) {
    responder.Complete(*std::move(refusal));
    return;
  }
  if (request.method == "POST") {
    HandleOperation(request, headers, std::move(responder), id);
    return;
  }
  Response response = request.method == "OPTIONS"
                          ? Preflight(request, headers.origin != nullptr, request_id)
                          : Page(request, request_id);
  AddOriginHeaders(response, headers.origin, options_.local_only);
  responder.Complete(std::move(response));
}

Response Dispatcher::RefuseForMemory(const Request& request) {
  const RequestId id(parts_.engine.random);
  const KnownHeaders headers = FindHeaders(request);
  if (std::optional<Response> refusal = RefuseForeigner(request, headers.origin, id.text())) {
    return *std::move(refusal);
  }
  const ApiError error = Unavailable();
  const Entry* entry = headers.target != nullptr ? FindOperation(*headers.target) : nullptr;
  const OperationMetrics& metrics = entry != nullptr ? entry->metrics : unknown_metrics_;
  metrics.Count(ErrorCodeName(error.code), Duration(0));
  Response response =
      MakeAnswer(HttpStatusOf(error.code), ContentTypeOf(headers.content_type).value_or(kJson10),
                 id.text(), ErrorBody(error));
  AddOriginHeaders(response, headers.origin, options_.local_only);
  return response;
}

void Dispatcher::HandleOperation(const Request& request, const KnownHeaders& headers,
                                 Responder responder, const RequestId& id) {
  const std::optional<std::string_view> content_type = ContentTypeOf(headers.content_type);
  const bool is_operation = request.path == "/" && content_type.has_value();
  const Entry* entry =
      is_operation && headers.target != nullptr ? FindOperation(*headers.target) : nullptr;
  if (entry == nullptr) {
    Response response =
        is_operation ? RefuseOperation(id.text(), *content_type)
                     : MakeAnswer(404, "text/html", id.text(), std::string(kUnknownOperationPage));
    AddOriginHeaders(response, headers.origin, options_.local_only);
    responder.Complete(std::move(response));
    return;
  }
  std::make_shared<OperationRun>(services_, *entry->operation, entry->metrics,
                                 RunRequest{.request = request,
                                            .id = id,
                                            .content_type = *content_type,
                                            .origin = headers.origin,
                                            .accepts_gzip = headers.accept_encoding != nullptr &&
                                                            ListsGzip(*headers.accept_encoding)},
                                 std::move(responder))
      ->Begin();
}

Response Dispatcher::RefuseOperation(std::string_view request_id,
                                     std::string_view content_type) const {
  const ApiError error = Error(ErrorCode::kUnknownOperationException, "").error();
  unknown_metrics_.Count(ErrorCodeName(error.code), Duration(0));
  return MakeAnswer(HttpStatusOf(error.code), content_type, request_id, ErrorBody(error));
}

const Dispatcher::Entry* Dispatcher::FindOperation(std::string_view target) const {
  const auto found = std::ranges::lower_bound(entries_, target, &ComesBefore, &Entry::target);
  return found == entries_.end() || found->target != target ? nullptr : &*found;
}

}  // namespace gramme
