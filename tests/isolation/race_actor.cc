#include "tests/isolation/race_actor.h"

#include <fmt/format.h>

#include "tests/isolation/isolation_server.h"

namespace gramme {
namespace {

// Takes version `to` from whoever holds the one before, under the name of a client.
std::string TakeJson(const std::string& key, int to, int client) {
  return fmt::format(R"j("TableName":"{}","Key":{},"UpdateExpression":"SET v = :to, w{} = :w",)j"
                     R"j("ConditionExpression":"v = :from","ExpressionAttributeValues":)j"
                     R"j({{":from":{{"N":"{}"}},":to":{{"N":"{}"}},":w":{{"N":"{}"}}}})j",
                     kRaceTable, key, to, to - 1, to, client);
}

}  // namespace

std::string RaceKeyText(std::uint64_t round) { return fmt::format("r{}", round); }

std::optional<ActorRequest> RaceActor::Next() {
  if (round() == round_count_) return std::nullopt;
  const std::string key_text = RaceKeyText(round());
  const std::string key = fmt::format(R"({{"k":{{"S":"{}"}}}})", key_text);
  switch (step()) {
    case RaceStep::kCreate:
      return ActorRequest{
          "PutItem",
          fmt::format(R"j({{"TableName":"{}","Item":{{"k":{{"S":"{}"}},"v":{{"N":"0"}},)j"
                      R"j("w0":{{"N":"{}"}}}},"ConditionExpression":"attribute_not_exists(k)"}})j",
                      kRaceTable, key_text, index_)};
    case RaceStep::kTakeVersion:
      return ActorRequest{"UpdateItem", fmt::format("{{{}}}", TakeJson(key, 1, index_))};
    case RaceStep::kTakeInTransaction:
      return ActorRequest{
          "TransactWriteItems",
          fmt::format(R"({{"TransactItems":[{{"Update":{{{}}}}}]}})", TakeJson(key, 2, index_))};
    case RaceStep::kCount:
      break;
  }
  return ActorRequest{"UpdateItem",
                      fmt::format(R"({{"TableName":"{}","Key":{},"UpdateExpression":"ADD c :one",)"
                                  R"("ExpressionAttributeValues":{{":one":{{"N":"1"}}}},)"
                                  R"("ReturnValues":"UPDATED_NEW"}})",
                                  kRaceTable, key)};
}

std::optional<std::string> RaceActor::OnAnswer(const Answer& answer, Span) {
  RaceResult result{.has_won = answer.is_success()};
  const bool is_transaction = step() == RaceStep::kTakeInTransaction;
  const std::string_view refusal =
      is_transaction ? "TransactionCanceledException" : "ConditionalCheckFailedException";
  if (!answer.is_success() && answer.error != refusal) return DescribeUnexpected("a race", answer);
  if (step() == RaceStep::kCount) {
    const auto counted = NumberIn(answer.Parsed()["Attributes"]["c"]);
    if (!counted) return DescribeUnexpected("UpdateItem, ADD", answer);
    result.counted = *counted;
  }
  results_.push_back(result);
  return std::nullopt;
}

}  // namespace gramme
