#include "tests/isolation/search_actor.h"

#include <fmt/format.h>

#include "tests/isolation/isolation_server.h"

namespace gramme {

std::string SearchKeyText(int group, std::uint64_t number) {
  return fmt::format("q{}-{}", group, number);
}

std::string SearchActor::KeyText() const {
  return SearchKeyText(options_.group, operations_.size() / kOperationsPerKey);
}

std::optional<ActorRequest> SearchActor::Next() {
  if (operations_.size() == options_.key_count * kOperationsPerKey) return std::nullopt;
  if (operations_.size() % kOperationsPerKey == 0) last_seen_ = 0;
  constexpr SearchKind kMix[] = {
      SearchKind::kRead,    SearchKind::kRead,    SearchKind::kRead,   SearchKind::kRead,
      SearchKind::kPut,     SearchKind::kCreate,  SearchKind::kCreate, SearchKind::kReplace,
      SearchKind::kReplace, SearchKind::kReplace, SearchKind::kRemove, SearchKind::kRemoveValue,
      SearchKind::kAdd,     SearchKind::kAdd};
  current_ = {.kind = kMix[random_.Below(std::size(kMix))], .actor = options_.index};
  const bool has_expected =
      current_.kind == SearchKind::kReplace || current_.kind == SearchKind::kRemoveValue;
  // A value that nobody wrote yet is refused.
  if (has_expected) current_.expected = last_seen_ == 0 ? 1 : last_seen_;
  if (current_.kind == SearchKind::kPut || current_.kind == SearchKind::kCreate ||
      current_.kind == SearchKind::kReplace) {
    current_.value =
        ((static_cast<std::uint64_t>(options_.index) + 1) << 32) | (operations_.size() + 2);
  }
  return RequestFor(current_);
}

ActorRequest SearchActor::RequestFor(const SearchOperation& operation) const {
  const std::string head = fmt::format(R"({{"TableName":"{}",)", kSearchTable);
  const std::string key = fmt::format(R"("Key":{{"k":{{"S":"{}"}}}})", KeyText());
  const std::string expects = fmt::format(R"(":e":{{"N":"{}"}})", operation.expected);
  switch (operation.kind) {
    case SearchKind::kRead:
      return {"GetItem", head + key + R"(,"ConsistentRead":true})"};
    case SearchKind::kPut:
    case SearchKind::kCreate:
      return {"PutItem",
              head + fmt::format(R"("Item":{{"k":{{"S":"{}"}},"v":{{"N":"{}"}}}}{}}})", KeyText(),
                                 operation.value,
                                 operation.kind == SearchKind::kPut
                                     ? std::string_view()
                                     : R"j(,"ConditionExpression":"attribute_not_exists(k)")j")};
    case SearchKind::kReplace:
      return {"UpdateItem", head + key +
                                fmt::format(R"(,"UpdateExpression":"SET v = :v",)"
                                            R"("ConditionExpression":"v = :e",)"
                                            R"("ExpressionAttributeValues":)"
                                            R"({{{},":v":{{"N":"{}"}}}}}})",
                                            expects, operation.value)};
    case SearchKind::kRemove:
      return {"DeleteItem", head + key + "}"};
    case SearchKind::kRemoveValue:
      return {"DeleteItem", head + key +
                                fmt::format(R"(,"ConditionExpression":"v = :e",)"
                                            R"("ExpressionAttributeValues":{{{}}}}})",
                                            expects)};
    case SearchKind::kAdd:
      break;
  }
  return {"UpdateItem", head + key +
                            R"(,"UpdateExpression":"ADD c :one","ReturnValues":"UPDATED_NEW",)"
                            R"("ExpressionAttributeValues":{":one":{"N":"1"}}})"};
}

std::optional<std::string> SearchActor::OnAnswer(const Answer& answer, Span span) {
  current_.span = span;
  const bool may_be_refused = current_.expected != 0 || current_.kind == SearchKind::kCreate;
  current_.is_refused = !answer.is_success();
  if (current_.is_refused &&
      (!may_be_refused || answer.error != "ConditionalCheckFailedException")) {
    return DescribeUnexpected(KeyText(), answer);
  }
  const Json body = answer.Parsed();
  const auto number = [](const Json& item, std::string_view name) {
    return static_cast<std::uint64_t>(NumberIn(item[name]).value_or(0));
  };
  if (current_.kind == SearchKind::kRead) {
    const Json& item = body["Item"];
    current_.state = {
        .exists = body.Has("Item"), .value = number(item, "v"), .counter = number(item, "c")};
    last_seen_ = current_.state.value;
  } else if (current_.kind == SearchKind::kAdd) {
    current_.state.counter = number(body["Attributes"], "c");
  } else if (!current_.is_refused) {
    last_seen_ = current_.value;
  }
  operations_.push_back(current_);
  return std::nullopt;
}

}  // namespace gramme
