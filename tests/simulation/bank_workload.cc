#include "tests/simulation/bank_workload.h"

#include <fmt/format.h>

#include <numeric>

#include "tests/simulation/reply_text.h"

namespace gramme {
namespace {

constexpr std::string_view kCreate =
    R"({"TableName":"Bank","BillingMode":"PAY_PER_REQUEST",)"
    R"("KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],)"
    R"("AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}]})";

std::string UpdateOf(const std::string& key, std::string_view expression, std::uint64_t amount,
                     std::string_view condition = {}) {
  std::string text = fmt::format(
      R"({{"Update":{{"TableName":"Bank","Key":{{"k":{{"S":"{}"}}}},"UpdateExpression":"{}",)"
      R"("ExpressionAttributeValues":{{":a":{{"N":"{}"}}}})",
      key, expression, amount);
  if (!condition.empty()) text += fmt::format(R"(,"ConditionExpression":"{}")", condition);
  return text + "}}";
}

std::string AccountKey(std::size_t account) { return fmt::format("account-{}", account); }
std::string LedgerKey(std::size_t client) { return fmt::format("ledger-{}", client); }

}  // namespace

void BankWorkload::Start() {
  Insist("CreateTable", std::string(kCreate), "ResourceInUseException", [this] { Open(0); });
}

void BankWorkload::Open(std::size_t account) {
  if (account < kAccountCount) {
    Insist("PutItem",
           fmt::format(R"({{"TableName":"Bank","Item":{{"k":{{"S":"{}"}},"v":{{"N":"{}"}}}}}})",
                       AccountKey(account), kOpeningBalance),
           "", [=, this] { Open(account + 1); });
    return;
  }
  for (std::size_t client = 0; client < kClientCount; ++client) {
    Transfer(client, kTransfersPerClient);
  }
  Audit(kAuditCount);
}

void BankWorkload::Transfer(std::size_t client, int transfers_left) {
  if (transfers_left == 0) return;
  const std::size_t from = random().Below(kAccountCount);
  const std::size_t to = (from + 1 + random().Below(kAccountCount - 1)) % kAccountCount;
  const std::uint64_t amount = 1 + random().Below(60);
  SendTransfer(
      client,
      fmt::format(R"({{"ClientRequestToken":"token-{}","TransactItems":[{},{},{}]}})",
                  next_token_++, UpdateOf(AccountKey(from), "SET v = v - :a", amount, "v >= :a"),
                  UpdateOf(AccountKey(to), "SET v = v + :a", amount),
                  UpdateOf(LedgerKey(client), "ADD v :a", 1)),
      transfers_left, false);
}

void BankWorkload::SendTransfer(std::size_t client, const std::string& body, int transfers_left,
                                bool may_have_happened) {
  server_.Send("TransactWriteItems", body, [=, this](const Reply& reply) {
    const bool is_conflict = reply.Has("TransactionConflict");
    if (is_conflict) CheckConflict(reply);
    if (reply.is_ok()) {
      ++confirmed_[client];
      Transfer(client, transfers_left - 1);
    } else if (reply.Has("ConditionalCheckFailed")) {
      Transfer(client, transfers_left - 1);
    } else if (reply.Has("ValidationException") || reply.Has("SerializationException") ||
               reply.Has("IdempotentParameterMismatch")) {
      Violate("a transfer was not understood: " + reply.body);
    } else if (is_conflict && !may_have_happened && random().OneIn(2)) {
      Transfer(client, transfers_left - 1);
    } else {
      SendTransfer(client, body, transfers_left, may_have_happened || !reply.is_refused());
    }
  });
}

void BankWorkload::CheckConflict(const Reply& reply) {
  const std::size_t count = CountOf(R"("Code":"TransactionConflict")", reply.body);
  const std::size_t none_count = CountOf(R"("Code":"None")", reply.body);
  const bool is_told =
      reply.status == 400 && ErrorNameIn(reply.body) == "TransactionCanceledException";
  if (is_told && (count == 1 || count == kActionsPerTransfer) &&
      count + none_count == kActionsPerTransfer) {
    return;
  }
  Violate("a conflict was not told as one: " + reply.body);
}

void BankWorkload::Audit(int audits_left) {
  if (audits_left == 0) return;
  std::string gets;
  for (std::size_t account = 0; account < kAccountCount; ++account) {
    gets += fmt::format(R"({}{{"Get":{{"TableName":"Bank","Key":{{"k":{{"S":"{}"}}}}}}}})",
                        account == 0 ? "" : ",", AccountKey(account));
  }
  server_.Send("TransactGetItems", fmt::format(R"({{"TransactItems":[{}]}})", gets),
               [=, this](const Reply& reply) {
                 if (reply.is_ok()) CheckAudit(reply);
                 Audit(audits_left - 1);
               });
}

void BankWorkload::CheckAudit(const Reply& reply) {
  const auto balances = NumbersAfter(kValueStart, reply.body);
  const auto sum = std::accumulate(balances.begin(), balances.end(), std::uint64_t{0});
  if (balances.size() == kAccountCount && sum == kAccountCount * kOpeningBalance) return;
  Violate(fmt::format("an audit found {} in {} accounts", sum, balances.size()));
}

void BankWorkload::BeginCheck() {
  Audit(1);
  for (std::size_t client = 0; client < kClientCount; ++client) {
    server_.Send(
        "GetItem",
        fmt::format(R"({{"TableName":"Bank","Key":{{"k":{{"S":"{}"}}}}}})", LedgerKey(client)),
        [=, this](const Reply& reply) {
          const auto numbers = NumbersAfter(kValueStart, reply.body);
          const std::uint64_t found = numbers.empty() ? 0 : numbers.front();
          if (reply.is_ok() && found == confirmed_[client]) return;
          Violate(fmt::format("client {} was told of {} transfers, and made {}", client,
                              confirmed_[client], found));
        });
  }
}

}  // namespace gramme
