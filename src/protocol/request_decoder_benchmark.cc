// A request's body to what Run takes: JSON, constraints of the model, the operation's own rules.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/body_buffer.h"
#include "model/testing/example_item.h"
#include "protocol/json_text.h"
#include "protocol/operation_call.h"
#include "protocol/operation_table.h"

namespace gramme {
namespace {

void RequestDecode(benchmark::State& state, std::string_view name, const std::string& body) {
  const ServedOperation* operation = nullptr;
  for (const ServedOperation& served : OperationTable()) {
    if (served.name == name) operation = &served;
  }
  const std::string with_slack = body + std::string(kBodySlackBytes, '\0');
  for (auto _ : state) {
    const auto call = operation->make_call();
    const auto decoded = call->Decode(std::string_view(with_slack).substr(0, body.size()));
    if (!decoded || !call->Validate()) std::abort();
    benchmark::DoNotOptimize(call.get());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}

std::string PutItemBody() {
  std::string body = R"({"TableName":"Items","Item":)";
  AppendJsonAttributeMap(ExampleItem(), body);
  return body + "}";
}
BENCHMARK_CAPTURE(RequestDecode, put_item_1_kb, "PutItem", PutItemBody());
BENCHMARK_CAPTURE(RequestDecode, get_item, "GetItem",
                  R"({"TableName":"Items","Key":{"pk":{"S":"customer#00001742"}}})");
BENCHMARK_CAPTURE(RequestDecode, query, "Query",
                  R"({"TableName":"Groups","KeyConditionExpression":"pk = :p",)"
                  R"("ExpressionAttributeValues":{":p":{"S":"order#000042"}}})");

}  // namespace
}  // namespace gramme
