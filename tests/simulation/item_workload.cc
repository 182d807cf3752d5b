#include "tests/simulation/item_workload.h"

#include <fmt/format.h>

#include <optional>

#include "tests/simulation/reply_text.h"

namespace gramme {
namespace {

constexpr std::string_view kTable = "Items";
constexpr std::string_view kConditionFailed = "ConditionalCheckFailedException";

std::string KeyText(std::size_t client) {
  return fmt::format(R"("Key":{{"k":{{"S":"key-{}"}}}})", client);
}

std::string ItemText(std::size_t client, std::uint64_t value) {
  return fmt::format(R"("Item":{{"k":{{"S":"key-{}"}},"v":{{"N":"{}"}}}})", client, value);
}

std::string Body(const std::string& rest) {
  return fmt::format(R"({{"TableName":"{}",{}}})", kTable, rest);
}

// The number in attribute `v` of a GetItem answer.
RegisterValue ValueIn(const Reply& reply) {
  const auto numbers = NumbersAfter(kValueStart, reply.body);
  return numbers.empty() ? RegisterValue() : RegisterValue(numbers.front());
}

std::string Text(RegisterValue value) { return value ? std::to_string(*value) : "nothing"; }

WriteFate FateOf(const Reply& reply) {
  if (reply.is_ok()) return WriteFate::kApplied;
  return reply.is_refused() ? WriteFate::kRefused : WriteFate::kUnknown;
}

}  // namespace

void ItemWorkload::Start() {
  Insist("CreateTable",
         Body(R"("BillingMode":"PAY_PER_REQUEST",)"
              R"("KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],)"
              R"("AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}])"),
         "ResourceInUseException", [this] {
           for (std::size_t client = 0; client < kClientCount; ++client) GoOn(client);
         });
}

void ItemWorkload::GoOn(std::size_t client) {
  if (clients_[client].steps_left-- <= 0) return;
  switch (random().Below(6)) {
    case 0:
      return Put(client);
    case 1:
      return PutIf(client);
    case 2:
      return Delete(client);
    case 3:
      return Count(client);
    default:
      return Read(client);
  }
}

void ItemWorkload::Write(std::size_t client, std::string_view operation, std::string body,
                         RegisterValue value) {
  clients_[client].history.BeginWrite(value, server_.Tick());
  server_.Send(operation, std::move(body), [this, client](const Reply& reply) {
    clients_[client].history.EndWrite(FateOf(reply), server_.Tick());
    GoOn(client);
  });
}

void ItemWorkload::Put(std::size_t client) {
  const std::uint64_t value = next_value_++;
  Write(client, "PutItem", Body(ItemText(client, value)), value);
}

void ItemWorkload::Delete(std::size_t client) {
  Write(client, "DeleteItem", Body(KeyText(client)), std::nullopt);
}

void ItemWorkload::PutIf(std::size_t client) {
  const std::uint64_t value = next_value_++;
  const std::uint64_t expected = value > 1 ? 1 + random().Below(value - 1) : 1;
  const bool wants_absent = random().OneIn(2);
  const RegisterValue wanted = wants_absent ? RegisterValue() : RegisterValue(expected);
  std::string body =
      Body(ItemText(client, value) +
           (wants_absent ? std::string(R"x(,"ConditionExpression":"attribute_not_exists(v)")x")
                         : fmt::format(R"(,"ConditionExpression":"v = :v",)"
                                       R"("ExpressionAttributeValues":{{":v":{{"N":"{}"}}}})",
                                       expected)));
  RegisterHistory& history = clients_[client].history;
  // Judged before the write is part of the history.
  const std::uint64_t now = server_.Tick();
  const bool may_hold = history.MayRead(wanted, now, now);
  const bool may_fail = history.MayReadOther(wanted, now, now);
  history.BeginWrite(value, server_.Tick());
  server_.Send("PutItem", std::move(body), [=, this](const Reply& reply) {
    if (reply.is_ok() && !may_hold) {
      Violate(
          fmt::format("key-{}: a condition held on {} that was not there", client, Text(wanted)));
    }
    if (reply.Has(kConditionFailed) && !may_fail) {
      Violate(fmt::format("key-{}: a condition failed on {} that was there", client, Text(wanted)));
    }
    clients_[client].history.EndWrite(FateOf(reply), server_.Tick());
    GoOn(client);
  });
}

void ItemWorkload::Read(std::size_t client) {
  const std::size_t key = random().Below(kClientCount);
  const std::uint64_t begin = server_.Tick();
  server_.Send("GetItem", Body(KeyText(key) + R"(,"ConsistentRead":true)"),
               [=, this](const Reply& reply) {
                 CheckRead(key, reply, begin);
                 GoOn(client);
               });
}

void ItemWorkload::CheckRead(std::size_t key, const Reply& reply, std::uint64_t begin) {
  if (!reply.is_ok()) return;
  const RegisterValue value = ValueIn(reply);
  if (clients_[key].history.MayRead(value, begin, server_.Tick())) return;
  Violate(fmt::format("key-{}: read {}, which nothing explains", key, Text(value)));
}

// Everybody adds to one counter.
void ItemWorkload::Count(std::size_t client) {
  server_.Send("UpdateItem",
               Body(R"("Key":{"k":{"S":"counter"}},"UpdateExpression":"ADD v :one",)"
                    R"("ExpressionAttributeValues":{":one":{"N":"1"}})"),
               [=, this](const Reply& reply) {
                 const WriteFate fate = FateOf(reply);
                 if (fate == WriteFate::kApplied) ++counted_;
                 if (fate == WriteFate::kUnknown) ++perhaps_counted_;
                 GoOn(client);
               });
}

void ItemWorkload::BeginCheck() {
  for (std::size_t key = 0; key < kClientCount; ++key) {
    const std::uint64_t begin = server_.Tick();
    server_.Send("GetItem", Body(KeyText(key) + R"(,"ConsistentRead":true)"),
                 [=, this](const Reply& reply) {
                   if (!reply.is_ok()) Violate("a read failed without faults: " + reply.body);
                   CheckRead(key, reply, begin);
                 });
  }
  server_.Send("GetItem", Body(R"("Key":{"k":{"S":"counter"}},"ConsistentRead":true)"),
               [this](const Reply& reply) {
                 const std::uint64_t value = ValueIn(reply).value_or(0);
                 if (value >= counted_ && value <= counted_ + perhaps_counted_) return;
                 Violate(fmt::format("the counter is {}, not {} to {}", value, counted_,
                                     counted_ + perhaps_counted_));
               });
}

}  // namespace gramme
