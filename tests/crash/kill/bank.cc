#include "tests/crash/kill/bank.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

constexpr std::int64_t kOpeningBalance = 1000;
constexpr std::int64_t kTotal = kAccountCount * kOpeningBalance;
constexpr std::uint64_t kAmountMax = 50;

std::string AccountName(int account) { return fmt::format("account{:02}", account); }
std::string LedgerName(int client) { return fmt::format("ledger{:02}", client); }
std::string TallyName(int tally) { return fmt::format("tally{}", tally); }

std::string PutJson(const std::string& name, std::int64_t value) {
  return fmt::format(
      R"({{"Put":{{"TableName":"{}","Item":{{"pk":{{"S":"{}"}},"n":{{"N":"{}"}}}}}}}})", kBankTable,
      name, value);
}

std::string AdditionJson(const std::string& name, std::int64_t amount) {
  return fmt::format(
      R"({{"Update":{{"TableName":"{}","Key":{{"pk":{{"S":"{}"}}}},"UpdateExpression":"ADD n :a",)"
      R"("ExpressionAttributeValues":{{":a":{{"N":"{}"}}}}}}}})",
      kBankTable, name, amount);
}

std::string Join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

// Additions to `count` different accounts that sum up to nothing.
std::vector<std::string> Transfer(std::size_t count, Random& random) {
  std::vector<int> accounts(kAccountCount);
  for (int i = 0; i < kAccountCount; ++i) accounts[static_cast<std::size_t>(i)] = i;
  std::vector<std::string> additions;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(accounts[i], accounts[i + random.Below(accounts.size() - i)]);
    const auto drawn = static_cast<std::int64_t>(random.Below(kAmountMax)) + 1;
    const std::int64_t amount = i + 1 == count ? -sum : (random.OneIn(2) ? drawn : -drawn);
    sum += amount;
    additions.push_back(AdditionJson(AccountName(accounts[i]), amount));
  }
  return additions;
}

std::int64_t NumberOf(const Json& item) {
  const std::string& text = item["n"]["N"].text();
  return text.empty() ? INT64_MIN : std::stoll(text);
}

}  // namespace

Asked<void> Bank::Create(Connection& connection) {
  GRAMME_RETURN_IF_ERROR(CreateTable(
      connection, kBankTable,
      fmt::format(R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
                  R"({{"AttributeName":"pk","AttributeType":"S"}}],)"
                  R"("KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}]}})",
                  kBankTable)));
  std::vector<std::string> puts;
  for (int i = 0; i < kAccountCount; ++i) puts.push_back(PutJson(AccountName(i), kOpeningBalance));
  for (int i = 0; i < kClientCount; ++i) puts.push_back(PutJson(LedgerName(i), 0));
  for (int i = 0; i < kTallyCount; ++i) puts.push_back(PutJson(TallyName(i), 0));
  GRAMME_RETURN_IF_ERROR(Ask(connection, "TransactWriteItems",
                             fmt::format(R"({{"TransactItems":[{}]}})", Join(puts))));
  return {};
}

std::string Bank::TransferBody(Random& random) {
  return fmt::format(R"({{"TransactItems":[{}]}})", Join(Transfer(2 + random.Below(9), random)));
}

TokenRequest Bank::TokenTransfer(int client, Random& random) {
  std::vector<std::string> additions = Transfer(2 + random.Below(8), random);
  additions.insert(additions.begin() + static_cast<std::ptrdiff_t>(random.Below(additions.size())),
                   AdditionJson(LedgerName(client), 1));
  TokenRequest request{.token = NewUuid(random), .body = {}};
  request.body = fmt::format(R"({{"ClientRequestToken":"{}","TransactItems":[{}]}})", request.token,
                             Join(additions));
  return request;
}

std::string Bank::TallyBody(int tally) {
  return fmt::format(
      R"({{"TableName":"{}","Key":{{"pk":{{"S":"{}"}}}},"UpdateExpression":"ADD n :a",)"
      R"("ExpressionAttributeValues":{{":a":{{"N":"1"}}}},"ReturnValues":"UPDATED_NEW"}})",
      kBankTable, TallyName(tally));
}

std::string Bank::AuditBody() {
  std::vector<std::string> gets;
  for (int i = 0; i < kAccountCount; ++i) {
    gets.push_back(fmt::format(R"({{"Get":{{"TableName":"{}","Key":{{"pk":{{"S":"{}"}}}}}}}})",
                               kBankTable, AccountName(i)));
  }
  return fmt::format(R"({{"TransactItems":[{}]}})", Join(gets));
}

std::optional<std::string> Bank::CheckAudit(const Json& answer) {
  const std::vector<Json>& responses = answer["Responses"].elements();
  std::int64_t total = 0;
  for (const Json& response : responses) total += NumberOf(response["Item"]);
  if (responses.size() == kAccountCount && total == kTotal) return std::nullopt;
  return fmt::format("an audit of {} accounts found {} instead of {}", responses.size(), total,
                     kTotal);
}

void Bank::BeginTally(int tally) {
  const std::lock_guard lock(mutex_);
  ++tallies_[static_cast<std::size_t>(tally)].sent_count;
}

std::optional<std::string> Bank::EndTally(int tally, std::int64_t value) {
  const std::lock_guard lock(mutex_);
  Tally& settled = tallies_[static_cast<std::size_t>(tally)];
  ++settled.acknowledged_count;
  settled.value_max = std::max(settled.value_max, value);
  // At least all that were acknowledged, at most all that were ever sent.
  const std::int64_t low = settled.base + settled.acknowledged_count;
  if (settled.value_max >= low && value <= settled.base + settled.sent_count) return std::nullopt;
  return fmt::format("{} is {} after {} acknowledged and {} sent additions to {}", TallyName(tally),
                     value, settled.acknowledged_count, settled.sent_count, settled.base);
}

void Bank::RefuseTally(int tally) {
  const std::lock_guard lock(mutex_);
  --tallies_[static_cast<std::size_t>(tally)].sent_count;
}

Asked<Bank::Values> Bank::Read(Connection& connection) {
  GRAMME_TRY(const std::vector<Json> items, ScanAll(connection, kBankTable));
  Values values;
  for (const Json& item : items) values[item["pk"]["S"].text()] = NumberOf(item);
  return values;
}

void Bank::CheckTotal(const Values& values, std::vector<std::string>& violations) const {
  std::int64_t total = 0;
  std::size_t count = 0;
  for (const auto& [name, value] : values) {
    if (!name.starts_with("account")) continue;
    total += value;
    ++count;
  }
  if (total == kTotal && count == kAccountCount) return;
  violations.push_back(fmt::format("{} accounts hold {} instead of {}", count, total, kTotal));
}

void Bank::SettleTallies(const Values& values, std::vector<std::string>& violations) {
  for (int i = 0; i < kTallyCount; ++i) {
    Tally& tally = tallies_[static_cast<std::size_t>(i)];
    const auto found = values.find(TallyName(i));
    const std::int64_t value = found == values.end() ? INT64_MIN : found->second;
    if (value < tally.base + tally.acknowledged_count || value < tally.value_max ||
        value > tally.base + tally.sent_count) {
      violations.push_back(fmt::format(
          "{} is {}: it was {}, {} additions were acknowledged, {} sent, and {} was seen",
          TallyName(i), value, tally.base, tally.acknowledged_count, tally.sent_count,
          tally.value_max));
    }
    tally = Tally{.base = value, .value_max = value};
  }
}

Asked<void> Bank::RetryTokens(Connection& connection) {
  for (Ledger& ledger : ledgers_) {
    // A token that was acknowledged must have no further effect; an open one has it now or had it.
    if (ledger.last) {
      ++token_retry_count_;
      GRAMME_RETURN_IF_ERROR(Ask(connection, "TransactWriteItems", ledger.last->body));
    }
    if (!ledger.open) continue;
    for (int attempt = 0; attempt < 2; ++attempt) {
      ++token_retry_count_;
      GRAMME_RETURN_IF_ERROR(Ask(connection, "TransactWriteItems", ledger.open->body));
    }
    ++ledger.applied_count;
    ledger.last = std::exchange(ledger.open, std::nullopt);
  }
  return {};
}

Asked<std::vector<std::string>> Bank::Settle(Connection& connection) {
  std::vector<std::string> violations;
  GRAMME_TRY(const Values before, Read(connection));
  CheckTotal(before, violations);
  SettleTallies(before, violations);
  std::array<std::int64_t, kClientCount> open_counts{};
  for (std::size_t i = 0; i < ledgers_.size(); ++i) open_counts[i] = ledgers_[i].open ? 1 : 0;

  GRAMME_RETURN_IF_ERROR(RetryTokens(connection));
  GRAMME_TRY(const Values after, Read(connection));
  CheckTotal(after, violations);
  for (int i = 0; i < kClientCount; ++i) {
    const std::string name = LedgerName(i);
    Ledger& ledger = ledgers_[static_cast<std::size_t>(i)];
    const auto found_before = before.find(name);
    const auto found_after = after.find(name);
    const std::int64_t first = found_before == before.end() ? INT64_MIN : found_before->second;
    const std::int64_t second = found_after == after.end() ? INT64_MIN : found_after->second;
    const std::int64_t low = ledger.applied_count - open_counts[static_cast<std::size_t>(i)];
    if (first >= low && first <= ledger.applied_count && second == ledger.applied_count) continue;
    violations.push_back(
        fmt::format("{} was {} after the restart and {} after its token was retried; {} tokens had "
                    "been acknowledged, {} was open",
                    name, first, second, low, open_counts[static_cast<std::size_t>(i)]));
  }
  return violations;
}

}  // namespace gramme
