#include "tests/isolation/money_actor.h"

#include <fmt/format.h>

#include <set>

#include "base/result.h"
#include "tests/isolation/isolation_server.h"

namespace gramme {
namespace {

std::string AccountKeyJson(int account) {
  return fmt::format(R"({{"k":{{"S":"account{}"}}}})", account);
}

std::string AddJson(const std::string& key, std::int64_t amount) {
  return fmt::format(R"({{"Update":{{"TableName":"{}","Key":{},"UpdateExpression":"ADD m :m",)"
                     R"("ExpressionAttributeValues":{{":m":{{"N":"{}"}}}}}}}})",
                     kMoneyTable, key, amount);
}

std::string Transfer(Random& random) {
  std::set<int> accounts;
  while (accounts.size() < 2 + random.Below(3)) {
    accounts.insert(static_cast<int>(random.Below(kMoneyAccountCount)));
  }
  std::string actions;
  const auto amount = static_cast<std::int64_t>(1 + random.Below(50));
  for (auto account = std::next(accounts.begin()); account != accounts.end(); ++account) {
    actions += AddJson(AccountKeyJson(*account), amount) + ",";
  }
  const auto taken = amount * static_cast<std::int64_t>(accounts.size() - 1);
  return actions + AddJson(AccountKeyJson(*accounts.begin()), -taken);
}

}  // namespace

std::string LedgerKeyJson(int pair) { return fmt::format(R"({{"k":{{"S":"ledger{}"}}}})", pair); }

Asked<void> CreateMoney(Connection& connection) {
  GRAMME_RETURN_IF_ERROR(CreateTable(connection, kMoneyTable, SimpleTableBody(kMoneyTable, false)));
  for (int account = 0; account < kMoneyAccountCount; ++account) {
    GRAMME_RETURN_IF_ERROR(Ask(
        connection, "PutItem",
        fmt::format(R"({{"TableName":"{}","Item":{{"k":{{"S":"account{}"}},"m":{{"N":"{}"}}}}}})",
                    kMoneyTable, account, kMoneyPerAccount)));
  }
  return {};
}

std::string AuditBody() {
  std::string gets;
  for (int account = 0; account < kMoneyAccountCount; ++account) {
    gets += fmt::format(R"({}{{"Get":{{"TableName":"{}","Key":{}}}}})", account == 0 ? "" : ",",
                        kMoneyTable, AccountKeyJson(account));
  }
  return fmt::format(R"({{"TransactItems":[{}]}})", gets);
}

std::optional<std::string> FindWrongTotal(const Json& answer) {
  std::int64_t total = 0;
  const auto& responses = answer["Responses"].elements();
  for (const Json& response : responses) {
    total += NumberIn(response["Item"]["m"]).value_or(INT32_MIN);
  }
  if (responses.size() == kMoneyAccountCount && total == kMoneyAccountCount * kMoneyPerAccount) {
    return std::nullopt;
  }
  return fmt::format("{} accounts hold {}", responses.size(), total);
}

std::optional<ActorRequest> MoneyActor::Next() {
  is_audit_ = false;
  is_repeat_ = !token_body_.empty();
  if (is_repeat_) return ActorRequest{"TransactWriteItems", token_body_};
  if (sent_count_ == options_.request_count) return std::nullopt;
  ++sent_count_;
  if (sent_count_ % 5 == 0) {
    // The same of both clients of the pair, to the byte.
    SeededRandom random(options_.pair_seed + sent_count_);
    token_body_ =
        fmt::format(R"({{"TransactItems":[{},{}],"ClientRequestToken":"pair-{}-{}"}})",
                    Transfer(random), AddJson(LedgerKeyJson(pair()), 1), pair(), sent_count_);
    return ActorRequest{"TransactWriteItems", token_body_};
  }
  if (random_.OneIn(4)) {
    is_audit_ = true;
    return ActorRequest{"TransactGetItems", AuditBody()};
  }
  return ActorRequest{"TransactWriteItems",
                      fmt::format(R"({{"TransactItems":[{}]}})", Transfer(random_))};
}

std::optional<std::string> MoneyActor::OnAnswer(const Answer& answer, Span) {
  if (!answer.is_success()) return DescribeUnexpected("a transaction", answer);
  if (is_audit_) {
    ++audit_count_;
    auto wrong = FindWrongTotal(answer.Parsed());
    if (wrong) return fmt::format("audit by client {}: {}", options_.index, *wrong);
  }
  // The first time it is to be repeated, the second time it is done.
  if (!token_body_.empty() && is_repeat_) {
    token_body_.clear();
    ++token_count_;
  }
  return std::nullopt;
}

}  // namespace gramme
