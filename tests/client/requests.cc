#include "tests/client/requests.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "base/result.h"

namespace gramme {
namespace {

constexpr int kLooksMax = 12'000;
constexpr std::chrono::milliseconds kLookEvery{5};

}  // namespace

Asked<Json> Ask(Connection& connection, std::string_view operation, std::string_view body) {
  const std::optional<Answer> answer = connection.Call(operation, body);
  if (!answer)
    return std::unexpected(fmt::format("{} got no answer {}", operation, connection.broken()));
  if (!answer->is_success()) {
    return std::unexpected(fmt::format("{} got {} {} for {}", operation, answer->status,
                                       answer->body.substr(0, 400), body.substr(0, 400)));
  }
  return answer->Parsed();
}

Asked<void> CreateTable(Connection& connection, std::string_view name, std::string_view body) {
  GRAMME_RETURN_IF_ERROR(Ask(connection, "CreateTable", body));
  return AwaitActive(connection, name);
}

Asked<void> AwaitActive(Connection& connection, std::string_view name) {
  std::string status;
  for (int look = 0; look < kLooksMax; ++look) {
    GRAMME_TRY(const Json answer,
               Ask(connection, "DescribeTable", fmt::format(R"({{"TableName":"{}"}})", name)));
    status = answer["Table"]["TableStatus"].text();
    if (status == "ACTIVE") return {};
    if (status != "CREATING" && status != "UPDATING") break;
    std::this_thread::sleep_for(kLookEvery);
  }
  return std::unexpected(fmt::format("{} is {}, not ACTIVE", name, status));
}

// A key is one object of one-member objects, {"pk":{"S":"x"}}.
std::string FormatKey(const Json& key) {
  std::string text = "{";
  for (const auto& [name, value] : key.members()) {
    if (text.size() > 1) text += ",";
    const auto& [type, scalar] = *value.members().begin();
    text += Quote(name) + ":{" + Quote(type) + ":" + Quote(scalar.text()) + "}";
  }
  return text + "}";
}

Asked<std::vector<Json>> ScanAll(Connection& connection, std::string_view table,
                                 std::string_view index, bool is_global_index) {
  std::vector<Json> items;
  std::string start;
  do {
    const std::string body = fmt::format(
        R"({{"TableName":"{}"{}{}{}}})", table, is_global_index ? "" : R"(,"ConsistentRead":true)",
        index.empty() ? "" : fmt::format(R"(,"IndexName":"{}")", index),
        start.empty() ? "" : fmt::format(R"(,"ExclusiveStartKey":{})", start));
    GRAMME_TRY(const Json page, Ask(connection, "Scan", body));
    const std::vector<Json>& found = page["Items"].elements();
    items.insert(items.end(), found.begin(), found.end());
    start = page.Has("LastEvaluatedKey") ? FormatKey(page["LastEvaluatedKey"]) : "";
  } while (!start.empty());
  return items;
}

}  // namespace gramme
