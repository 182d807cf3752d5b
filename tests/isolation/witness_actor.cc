#include "tests/isolation/witness_actor.h"

#include <fmt/format.h>

#include "tests/isolation/isolation_server.h"

namespace gramme {

WitnessActor::WitnessActor(const Options& options)
    : options_(options),
      random_(options.seed),
      last_seen_(static_cast<std::size_t>(options.key_count)) {}

std::optional<ActorRequest> WitnessActor::Next() {
  if (sent_count_ == options_.operation_count) return std::nullopt;
  ++sent_count_;
  sent_ = {};
  // The lower the number, the hotter: every power of two gets about as much as the next.
  std::uint64_t bound = static_cast<std::uint64_t>(options_.key_count);
  for (int i = 0; i < 2; ++i) bound = 1 + random_.Below(bound);
  sent_.key.index = static_cast<int>(random_.Below(bound));
  if (random_.OneIn(2)) return Read();
  const std::uint64_t index = static_cast<std::uint64_t>(options_.index) + 1;
  sent_.wrote = (index << 32) | sent_count_;
  if (sent_.key.is_blind() && !random_.OneIn(4)) return WriteBlindly();
  sent_.expected = last_seen_[static_cast<std::size_t>(sent_.key.index)];
  // Writes of an absent item are refused to blind keys: which absence they saw nobody could tell.
  if (sent_.key.is_blind() && sent_.expected == 0) return WriteBlindly();
  const std::uint64_t choice = random_.Below(4);
  if (sent_.key.is_blind() || choice == 0) {
    sent_.condition = sent_.expected == 0 ? Condition::kAbsent : Condition::kLastSeen;
  } else if (choice == 1) {
    sent_.condition = Condition::kAbsent;
  }
  return Write();
}

ActorRequest WitnessActor::Read() {
  const std::string key = sent_.key.json();
  const std::string_view table = sent_.key.table();
  const std::uint64_t choice = random_.Below(20);
  if (choice < 14) {
    const bool is_strong = choice < 8;
    sent_.name = is_strong ? "GetItem, strong" : "GetItem";
    sent_.shown = Shown::kItem;
    return {"GetItem", fmt::format(R"({{"TableName":"{}","Key":{},"ConsistentRead":{}}})", table,
                                   key, is_strong)};
  }
  if (choice < 16) {
    sent_.name = "BatchGetItem";
    sent_.shown = Shown::kBatch;
    return {sent_.name,
            fmt::format(R"({{"RequestItems":{{"{}":{{"Keys":[{}],"ConsistentRead":true}}}}}})",
                        table, key)};
  }
  if (choice < 18) {
    sent_.name = "TransactGetItems";
    sent_.shown = Shown::kResponses;
    return {sent_.name,
            fmt::format(R"({{"TransactItems":[{{"Get":{{"TableName":"{}","Key":{}}}}}]}})", table,
                        key)};
  }
  sent_.name = "Query";
  sent_.shown = Shown::kItems;
  return {
      sent_.name,
      fmt::format(R"({{"TableName":"{}","ConsistentRead":true,"KeyConditionExpression":"k = :k",)"
                  R"("ExpressionAttributeValues":{{":k":{{"S":"{}"}}}}}})",
                  table, sent_.key.text())};
}

ActorRequest WitnessActor::WriteBlindly() {
  sent_.kind = WitnessKind::kBlindWrite;
  const std::string_view table = sent_.key.table();
  const std::string item = ItemJson(sent_.key, sent_.wrote);
  switch (random_.Below(4)) {
    case 0:
      sent_.name = "PutItem";
      return {sent_.name, fmt::format(R"({{"TableName":"{}","Item":{}}})", table, item)};
    case 1:
      sent_.name = "UpdateItem";
      return {sent_.name, fmt::format(R"({{"TableName":"{}","Key":{},{}}}}})", table,
                                      sent_.key.json(), UpdateJson(sent_.key, sent_.wrote))};
    case 2:
      sent_.name = "BatchWriteItem";
      return {sent_.name,
              fmt::format(R"({{"RequestItems":{{"{}":[{{"PutRequest":{{"Item":{}}}}}]}}}})", table,
                          item)};
    default:
      sent_.name = "TransactWriteItems";
      return {sent_.name,
              fmt::format(R"({{"TransactItems":[{{"Put":{{"TableName":"{}","Item":{}}}}}]}})",
                          table, item)};
  }
}

ActorRequest WitnessActor::Write() {
  const std::uint64_t choice = random_.Below(10);
  if (choice < 2 && sent_.condition != Condition::kNone) return WriteInTransaction();
  const std::string_view table = sent_.key.table();
  const std::string condition = ConditionJson();
  const std::string value = ConditionValue();
  const std::string values =
      value.empty() ? "" : fmt::format(R"(,"ExpressionAttributeValues":{{{}}})", value);
  constexpr std::string_view kReturns = R"("ReturnValues":"ALL_OLD")";
  sent_.kind = WitnessKind::kWrite;
  sent_.shown = Shown::kAttributes;
  if (choice < 4 && !sent_.key.is_blind() && sent_.condition != Condition::kAbsent) {
    sent_.kind = WitnessKind::kRemove;
    sent_.name = "DeleteItem";
    sent_.wrote = 0;
    return {sent_.name, fmt::format(R"({{"TableName":"{}","Key":{},{}{}{}}})", table,
                                    sent_.key.json(), kReturns, condition, values)};
  }
  if (choice < 7) {
    sent_.name = "UpdateItem";
    return {sent_.name, fmt::format(R"({{"TableName":"{}","Key":{},{}{}{}}},{}{}}})", table,
                                    sent_.key.json(), UpdateJson(sent_.key, sent_.wrote),
                                    value.empty() ? "" : ",", value, kReturns, condition)};
  }
  sent_.name = "PutItem";
  return {sent_.name, fmt::format(R"({{"TableName":"{}","Item":{},{}{}{}}})", table,
                                  ItemJson(sent_.key, sent_.wrote), kReturns, condition, values)};
}

ActorRequest WitnessActor::WriteInTransaction() {
  sent_.kind = WitnessKind::kWrite;
  sent_.name = "TransactWriteItems";
  const std::string value = ConditionValue();
  const std::string_view table = sent_.key.table();
  if (random_.OneIn(2)) {
    return {sent_.name,
            fmt::format(
                R"({{"TransactItems":[{{"Update":{{"TableName":"{}","Key":{},{}{}{}}}{}}}}}]}})",
                table, sent_.key.json(), UpdateJson(sent_.key, sent_.wrote),
                value.empty() ? "" : ",", value, ConditionJson())};
  }
  const std::string values =
      value.empty() ? "" : fmt::format(R"(,"ExpressionAttributeValues":{{{}}})", value);
  return {sent_.name,
          fmt::format(R"({{"TransactItems":[{{"Put":{{"TableName":"{}","Item":{}{}{}}}}}]}})",
                      table, ItemJson(sent_.key, sent_.wrote), ConditionJson(), values)};
}

std::string WitnessActor::ConditionJson() const {
  if (sent_.condition == Condition::kNone) return "";
  return fmt::format(R"(,"ConditionExpression":"{}",)"
                     R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD")",
                     sent_.condition == Condition::kAbsent ? "attribute_not_exists(k)" : "v = :e");
}

std::string WitnessActor::ConditionValue() const {
  if (sent_.condition != Condition::kLastSeen) return "";
  return fmt::format(R"(":e":{})", VersionJson(sent_.expected));
}

const Json& WitnessActor::ShownIn(const Json& body) const {
  static const Json kNothing;
  const auto first = [](const Json& array) -> const Json& {
    return array.elements().empty() ? kNothing : array.elements().front();
  };
  switch (sent_.shown) {
    case Shown::kItem:
      return body["Item"];
    case Shown::kItems:
      return first(body["Items"]);
    case Shown::kBatch:
      return first(body["Responses"][sent_.key.table()]);
    case Shown::kResponses:
      return first(body["Responses"])["Item"];
    case Shown::kAttributes:
      return body["Attributes"];
    case Shown::kNothing:
      break;
  }
  return kNothing;
}

std::optional<std::string> WitnessActor::OnAnswer(const Answer& answer, Span span) {
  const Json body = answer.Parsed();
  if (!answer.is_success()) return OnRefusal(answer, body, span);
  if (body.Has("UnprocessedItems") && !body["UnprocessedItems"].members().empty()) {
    return Blame("left unprocessed", answer);
  }
  if (sent_.kind == WitnessKind::kBlindWrite) {
    Record(sent_.kind, sent_.wrote, 0, span);
    return std::nullopt;
  }
  const auto saw = VersionOf(sent_.key, ShownIn(body));
  if (!saw) return Blame(saw.error(), answer);
  // A transaction does not tell what it replaced; its condition does.
  const bool is_told = sent_.kind == WitnessKind::kRead || sent_.shown != Shown::kNothing;
  if (is_told && sent_.condition == Condition::kAbsent && *saw != 0) {
    return Blame("attribute_not_exists held for an item", answer);
  }
  if (is_told && sent_.condition == Condition::kLastSeen && *saw != sent_.expected) {
    return Blame("a condition on the version held for another", answer);
  }
  const Version replaced =
      is_told ? *saw : sent_.expected * (sent_.condition == Condition::kLastSeen);
  const bool has_no_effect = sent_.kind == WitnessKind::kRemove && replaced == 0;
  Record(has_no_effect ? WitnessKind::kRead : sent_.kind, sent_.wrote, replaced, span);
  return std::nullopt;
}

std::optional<std::string> WitnessActor::OnRefusal(const Answer& answer, const Json& body,
                                                   Span span) {
  const bool is_canceled = answer.error == "TransactionCanceledException";
  if (sent_.condition == Condition::kNone ||
      (!is_canceled && answer.error != "ConditionalCheckFailedException")) {
    return Blame("not to be refused", answer);
  }
  const auto& reasons = body["CancellationReasons"].elements();
  if (is_canceled &&
      (reasons.size() != 1 || reasons.front()["Code"].text() != "ConditionalCheckFailed")) {
    return Blame("not to be canceled for that", answer);
  }
  const auto saw = VersionOf(sent_.key, is_canceled ? reasons.front()["Item"] : body["Item"]);
  if (!saw) return Blame(saw.error(), answer);
  const bool held = sent_.condition == Condition::kAbsent ? *saw == 0 : *saw == sent_.expected;
  if (held) return Blame("refused though its condition holds", answer);
  Record(WitnessKind::kRead, 0, *saw, span);
  return std::nullopt;
}

void WitnessActor::Record(WitnessKind kind, Version wrote, Version saw, Span span) {
  const bool is_write = kind == WitnessKind::kWrite || kind == WitnessKind::kBlindWrite;
  records_.push_back({.key = sent_.key.index,
                      .operation = {.kind = kind,
                                    .actor = static_cast<std::uint16_t>(options_.index),
                                    .wrote = is_write ? wrote : 0,
                                    .saw = saw,
                                    .span = span,
                                    .name = sent_.name}});
  Version& last = last_seen_[static_cast<std::size_t>(sent_.key.index)];
  last = is_write ? wrote : kind == WitnessKind::kRemove ? 0 : saw;
}

std::string WitnessActor::Blame(std::string_view what, const Answer& answer) const {
  return fmt::format("client {}, {} {} writing {:x} where {:x} was expected: {}: {}",
                     options_.index, sent_.name, sent_.key.text(), sent_.wrote, sent_.expected,
                     what, DescribeUnexpected(sent_.name, answer));
}

}  // namespace gramme
