#include "tests/isolation/append_actor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tests/isolation/isolation_server.h"

namespace gramme {
namespace {

constexpr std::uint32_t kListElementsMax = 40;
// Of an item that gets one: such items make the server leave its network threads.
constexpr std::size_t kPaddingBytes = 40'000;
constexpr int kPaddedOneIn = 400;

// The expression of an append, and its values with `more` of them.
std::string AppendJson(Element element, std::string_view more, bool is_padded) {
  const std::string padding =
      is_padded ? fmt::format(R"(,":filler":{{"S":"{}"}})", std::string(kPaddingBytes, 'p')) : "";
  return fmt::format(
      R"j("UpdateExpression":"SET l = list_append(if_not_exists(l, :none), :new){}",)j"
      R"("ExpressionAttributeValues":{{":none":{{"L":[]}},":new":{{"L":[{{"N":"{}"}}]}}{}{}}})",
      is_padded ? ", filler = :filler" : "", element, padding, more);
}

}  // namespace

int ListSlots::ForAppend(int slot) {
  const std::uint32_t number = sent_counts_[static_cast<std::size_t>(slot)].fetch_add(1);
  return slot + kSlotCount * static_cast<int>(number / kListElementsMax);
}

int ListSlots::ForRead(int slot) const {
  const std::uint32_t number = sent_counts_[static_cast<std::size_t>(slot)].load();
  return slot + kSlotCount * static_cast<int>(number / kListElementsMax);
}

std::string ListKeyJson(int key) { return fmt::format(R"({{"k":{{"S":"l{}"}}}})", key); }

std::optional<List> ListIn(const Json& item) {
  List list;
  for (const Json& element : item["l"]["L"].elements()) {
    const auto number = NumberIn(element);
    if (!number) return std::nullopt;
    list.push_back(static_cast<Element>(*number));
  }
  return list;
}

AppendActor::AppendActor(const Options& options, ListSlots& slots)
    : options_(options),
      slots_(slots),
      random_(options.seed),
      last_element_((static_cast<Element>(options.index) + 1) << 40) {}

std::optional<ActorRequest> AppendActor::Next() {
  if (sent_count_ == options_.transaction_count) return std::nullopt;
  ++sent_count_;
  current_ = {};
  current_.actor = options_.index;
  has_condition_ = false;
  const std::uint64_t choice = random_.Below(20);
  if (choice < 8) return WriteMany();
  if (choice < 10) return WriteOne();
  if (choice < 16) return ReadMany();
  return choice < 18 ? ReadOne() : ReadBatch();
}

std::vector<int> AppendActor::DrawSlots(std::uint64_t count_max) {
  std::vector<int> slots;
  for (std::uint64_t i = 1 + random_.Below(count_max); i > 0; --i) {
    // Half of them are few.
    const int slot = static_cast<int>(random_.Below(random_.OneIn(2) ? 4 : kSlotCount));
    if (std::ranges::find(slots, slot) == slots.end()) slots.push_back(slot);
  }
  return slots;
}

std::string AppendActor::LengthCondition(int key) {
  has_condition_ = true;
  const std::size_t length = lengths_[key];
  current_.reads.push_back({.key = key, .length = length, .list = {}});
  const std::string_view condition = length == 0 ? "attribute_not_exists(l)" : "size(l) = :length";
  return fmt::format(R"("ConditionExpression":"{}")", condition);
}

ActorRequest AppendActor::WriteMany() {
  current_.name = "TransactWriteItems";
  std::string actions;
  for (const int slot : DrawSlots(4)) {
    if (!actions.empty()) actions += ",";
    const bool only_checks = !current_.appends.empty() && random_.OneIn(4);
    const int key = only_checks ? slots_.ForRead(slot) : slots_.ForAppend(slot);
    const bool is_conditional = only_checks || random_.OneIn(6);
    const std::string condition = is_conditional ? LengthCondition(key) : "";
    const std::size_t length = is_conditional ? lengths_[key] : 0;
    const std::string value = length == 0 ? "" : fmt::format(R"(":length":{{"N":"{}"}})", length);
    if (only_checks) {
      const std::string values =
          value.empty() ? "" : fmt::format(R"(,"ExpressionAttributeValues":{{{}}})", value);
      actions += fmt::format(R"({{"ConditionCheck":{{"TableName":"{}","Key":{},{}{}}}}})",
                             kListTable, ListKeyJson(key), condition, values);
      continue;
    }
    current_.appends.push_back({.key = key, .element = NewElement()});
    actions += fmt::format(
        R"({{"Update":{{"TableName":"{}","Key":{},{}{}{}}}}})", kListTable, ListKeyJson(key),
        AppendJson(current_.appends.back().element, value.empty() ? "" : "," + value,
                   random_.OneIn(kPaddedOneIn)),
        condition.empty() ? "" : ",", condition);
  }
  return {current_.name, fmt::format(R"({{"TransactItems":[{}]}})", actions)};
}

ActorRequest AppendActor::WriteOne() {
  current_.name = "UpdateItem";
  const int key = slots_.ForAppend(DrawSlots(1).front());
  current_.appends.push_back({.key = key, .element = NewElement()});
  current_.reads.push_back({.key = key, .length = 0, .list = {}});
  return {current_.name, fmt::format(R"({{"TableName":"{}","Key":{},{},"ReturnValues":"ALL_OLD"}})",
                                     kListTable, ListKeyJson(key),
                                     AppendJson(current_.appends.back().element, "",
                                                random_.OneIn(kPaddedOneIn)))};
}

ActorRequest AppendActor::ReadMany() {
  current_.name = "TransactGetItems";
  std::string gets;
  for (const int slot : DrawSlots(5)) {
    const int key = slots_.ForRead(slot);
    current_.reads.push_back({.key = key, .length = 0, .list = {}});
    gets += fmt::format(R"({}{{"Get":{{"TableName":"{}","Key":{}}}}})", gets.empty() ? "" : ",",
                        kListTable, ListKeyJson(key));
  }
  return {current_.name, fmt::format(R"({{"TransactItems":[{}]}})", gets)};
}

ActorRequest AppendActor::ReadOne() {
  current_.name = "GetItem";
  const int key = slots_.ForRead(DrawSlots(1).front());
  current_.reads.push_back({.key = key, .length = 0, .list = {}});
  return {current_.name, fmt::format(R"({{"TableName":"{}","Key":{},"ConsistentRead":true}})",
                                     kListTable, ListKeyJson(key))};
}

ActorRequest AppendActor::ReadBatch() {
  current_.name = "BatchGetItem";
  std::string keys;
  for (const int slot : DrawSlots(5)) {
    const int key = slots_.ForRead(slot);
    current_.reads.push_back({.key = key, .length = 0, .list = List()});
    if (!keys.empty()) keys += ",";
    keys += ListKeyJson(key);
  }
  return {current_.name,
          fmt::format(R"({{"RequestItems":{{"{}":{{"Keys":[{}],"ConsistentRead":true}}}}}})",
                      kListTable, keys)};
}

std::optional<std::string> AppendActor::OnAnswer(const Answer& answer, Span span) {
  current_.span = span;
  if (!answer.is_success()) {
    if (auto wrong = OnRefusal(answer)) return wrong;
    current_.is_refused = true;
    // Its conditions did not hold: nothing was seen.
    current_.reads.clear();
    ++refused_count_;
  } else if (!TakeAnswer(answer.Parsed())) {
    return "no lists: " + DescribeUnexpected(current_.name, answer);
  }
  transactions_.push_back(std::move(current_));
  return std::nullopt;
}

std::optional<std::string> AppendActor::OnRefusal(const Answer& answer) {
  const bool may_be_canceled = current_.name == "TransactWriteItems" && has_condition_;
  if (!may_be_canceled || answer.error != "TransactionCanceledException") {
    return DescribeUnexpected(current_.name, answer);
  }
  // What was believed of these is out of date.
  for (const ListRead& read : current_.reads) lengths_.erase(read.key);
  return std::nullopt;
}

bool AppendActor::TakeList(ListRead& read, const Json& item) {
  read.list = ListIn(item);
  if (!read.list) return false;
  read.length = read.list->size();
  lengths_[read.key] = read.length;
  return true;
}

bool AppendActor::TakeAnswer(const Json& body) {
  if (current_.name == "GetItem") return TakeList(current_.reads.front(), body["Item"]);
  if (current_.name == "UpdateItem") return TakeList(current_.reads.front(), body["Attributes"]);
  if (current_.name == "TransactGetItems") {
    const auto& responses = body["Responses"].elements();
    if (responses.size() != current_.reads.size()) return false;
    for (std::size_t i = 0; i < responses.size(); ++i) {
      if (!TakeList(current_.reads[i], responses[i]["Item"])) return false;
    }
    return true;
  }
  if (current_.name == "BatchGetItem") {
    if (!body["UnprocessedKeys"].members().empty()) return false;
    for (const Json& item : body["Responses"][kListTable].elements()) {
      const auto read = std::ranges::find_if(current_.reads, [&](const ListRead& candidate) {
        return item["k"]["S"].text() == fmt::format("l{}", candidate.key);
      });
      if (read == current_.reads.end() || !TakeList(*read, item)) return false;
    }
    return true;
  }
  // A transaction that was applied: the lists are at least as long as its conditions said.
  for (const ListRead& read : current_.reads) lengths_[read.key] = read.length;
  for (const ListAppend& append : current_.appends) ++lengths_[append.key];
  return true;
}

}  // namespace gramme
