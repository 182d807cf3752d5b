#include "tests/crash/kill/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace gramme {
namespace {

constexpr std::array<std::string_view, 5> kSurelyNotApplied = {
    "ConditionalCheckFailedException", "TransactionCanceledException",
    "TransactionConflictException", "ThrottlingException",
    "ProvisionedThroughputExceededException"};

int KeyAt(Random& random) { return static_cast<int>(random.Below(kKeyCount)); }

}  // namespace

void ClientReport::Add(const ClientReport& other) {
  write_count += other.write_count;
  transaction_count += other.transaction_count;
  refused_count += other.refused_count;
  open_count += other.open_count;
  read_count += other.read_count;
  token_retry_count += other.token_retry_count;
  violations.insert(violations.end(), other.violations.begin(), other.violations.end());
}

Client::Client(int index, std::uint64_t seed, Mix mix, std::uint16_t port,
               RegisterOracle& registers, Bank& bank)
    : index_(index),
      mix_(mix),
      random_(seed),
      connection_(port),
      registers_(registers),
      bank_(bank) {}

void Client::Run() {
  while (!is_gone_ && report_.violations.empty() && Step()) {
  }
}

bool Client::Step() {
  if (mix_ == Mix::kTokens && !random_.OneIn(10)) return TransferWithToken();
  const std::uint64_t choice = random_.Below(100);
  if (choice < 45) return WriteOne(choice);
  if (choice < 50) return AddToTally();
  if (choice < 60) return WriteSeveral();
  if (choice < 67) return TransferWithToken();
  if (choice < 69) return TransferWithoutToken();
  if (choice < 70) return RetryLastToken();
  if (choice < 85) return ReadOne();
  if (choice < 93) return ReadPartition();
  if (choice < 96) return ReadGlobalIndex();
  return Audit();
}

void Client::Blame(std::optional<std::string> violation) {
  if (violation) report_.violations.push_back(*std::move(violation));
}

Client::Fate Client::Write(std::string_view operation, const std::string& body) {
  const std::optional<Answer> answer = connection_.Call(operation, body);
  if (!answer) {
    if (!connection_.broken().empty()) Blame(connection_.broken());
    is_gone_ = true;
    ++report_.open_count;
    return Fate::kGone;
  }
  if (answer->is_success()) {
    last_answer_ = answer->Parsed();
    return Fate::kApplied;
  }
  if (answer->status >= 500 || answer->error == "TransactionInProgressException") {
    ++report_.open_count;
    return Fate::kOpen;
  }
  if (std::ranges::find(kSurelyNotApplied, answer->error) == kSurelyNotApplied.end()) {
    Blame(fmt::format("{} got {} {} for {}", operation, answer->status, answer->body.substr(0, 300),
                      body.substr(0, 300)));
  }
  ++report_.refused_count;
  return Fate::kRefused;
}

Client::Fate Client::WriteRegisters(std::string_view operation, const std::string& body,
                                    WriteId id) {
  const Fate fate = Write(operation, body);
  if (fate == Fate::kApplied) registers_.Acknowledge(id);
  if (fate == Fate::kRefused) registers_.Refuse(id);
  return fate;
}

std::string Client::ConditionJson() {
  switch (random_.Below(8)) {
    case 0:
      return R"~("ConditionExpression":"attribute_exists(pk)",)~";
    case 1:
      return R"~("ConditionExpression":"attribute_not_exists(pk)",)~";
    default:
      return "";
  }
}

bool Client::WriteOne(std::uint64_t kind) {
  const int key = KeyAt(random_);
  const bool is_delete = kind >= 35;
  const WriteId id = registers_.Begin({{.key = key, .is_delete = is_delete}});
  const std::string table = fmt::format(R"({{"TableName":"{}",{})", kMainTable, ConditionJson());
  Fate fate = Fate::kOpen;
  if (is_delete) {
    fate = WriteRegisters("DeleteItem", fmt::format(R"({}"Key":{}}})", table, KeyJson(key)), id);
  } else if (kind < 20) {
    fate = WriteRegisters("PutItem", fmt::format(R"({}"Item":{}}})", table, ItemJson(key, id)), id);
  } else {
    fate = WriteRegisters(
        "UpdateItem", fmt::format(R"({}"Key":{},{}}})", table, KeyJson(key), UpdateJson(key, id)),
        id);
  }
  if (fate == Fate::kApplied) ++report_.write_count;
  return fate != Fate::kGone;
}

bool Client::AddToTally() {
  const int tally = static_cast<int>(random_.Below(kTallyCount));
  bank_.BeginTally(tally);
  const Fate fate = Write("UpdateItem", Bank::TallyBody(tally));
  if (fate == Fate::kRefused) bank_.RefuseTally(tally);
  if (fate == Fate::kApplied) {
    ++report_.write_count;
    const std::string& value = last_answer_["Attributes"]["n"]["N"].text();
    Blame(bank_.EndTally(tally, value.empty() ? INT64_MIN : std::stoll(value)));
  }
  return fate != Fate::kGone;
}

bool Client::WriteSeveral() {
  std::vector<Target> targets;
  const std::size_t count = 2 + random_.Below(9);
  while (targets.size() < count) {
    const Target target{.key = KeyAt(random_), .is_delete = random_.OneIn(6)};
    const bool is_there =
        std::ranges::any_of(targets, [&](const Target& other) { return other.key == target.key; });
    if (!is_there) targets.push_back(target);
  }
  const WriteId id = registers_.Begin(targets);
  std::string actions;
  for (const Target& target : targets) {
    if (!actions.empty()) actions += ",";
    const std::string table = fmt::format(R"("TableName":"{}",)", kMainTable);
    if (target.is_delete) {
      actions += fmt::format(R"({{"Delete":{{{}"Key":{}}}}})", table, KeyJson(target.key));
    } else if (random_.OneIn(2)) {
      actions += fmt::format(R"({{"Put":{{{}"Item":{}}}}})", table, ItemJson(target.key, id));
    } else {
      actions += fmt::format(R"({{"Update":{{{}"Key":{},{}}}}})", table, KeyJson(target.key),
                             UpdateJson(target.key, id));
    }
  }
  const Fate fate =
      WriteRegisters("TransactWriteItems", fmt::format(R"({{"TransactItems":[{}]}})", actions), id);
  if (fate == Fate::kApplied) ++report_.transaction_count;
  return fate != Fate::kGone;
}

bool Client::TransferWithToken() {
  Ledger& ledger = bank_.ledger(index_);
  // An open token of this life of the server is finished first.
  if (!ledger.open) ledger.open = Bank::TokenTransfer(index_, random_);
  const TokenRequest request = *ledger.open;
  const Fate fate = Write("TransactWriteItems", request.body);
  if (fate == Fate::kApplied) {
    ++report_.transaction_count;
    ++ledger.applied_count;
    ledger.last = std::exchange(ledger.open, std::nullopt);
  }
  if (fate == Fate::kRefused) ledger.open.reset();
  return fate != Fate::kGone;
}

bool Client::TransferWithoutToken() {
  const Fate fate = Write("TransactWriteItems", Bank::TransferBody(random_));
  if (fate == Fate::kApplied) ++report_.transaction_count;
  return fate != Fate::kGone;
}

bool Client::RetryLastToken() {
  const Ledger& ledger = bank_.ledger(index_);
  if (!ledger.last) return TransferWithToken();
  const Fate fate = Write("TransactWriteItems", ledger.last->body);
  ++report_.token_retry_count;
  if (fate == Fate::kRefused) Blame("a token that was acknowledged was refused when retried");
  return fate != Fate::kGone;
}

std::optional<Json> Client::Read(std::string_view operation, const std::string& body) {
  const std::optional<Answer> answer = connection_.Call(operation, body);
  if (!answer) {
    if (!connection_.broken().empty()) Blame(connection_.broken());
    is_gone_ = true;
    return std::nullopt;
  }
  if (answer->is_success()) return answer->Parsed();
  const bool is_allowed =
      answer->status >= 500 ||
      std::ranges::find(kSurelyNotApplied, answer->error) != kSurelyNotApplied.end();
  if (!is_allowed) Blame(fmt::format("{} got {}", operation, answer->body.substr(0, 300)));
  return std::nullopt;
}

bool Client::ReadOne() {
  const int key = KeyAt(random_);
  const Moment sent = registers_.Now();
  const auto answer =
      Read("GetItem", fmt::format(R"({{"TableName":"{}","ConsistentRead":true,"Key":{}}})",
                                  kMainTable, KeyJson(key)));
  if (!answer) return !is_gone_;
  ++report_.read_count;
  if (!answer->Has("Item")) {
    Blame(registers_.CheckRead(sent, key, std::nullopt));
    return true;
  }
  const auto seen = ReadItem((*answer)["Item"]);
  if (!seen) {
    Blame(seen.error());
  } else if (seen->key != key) {
    Blame(fmt::format("GetItem of {} gave item {}", KeyJson(key), KeyJson(seen->key)));
  } else {
    Blame(registers_.CheckRead(sent, key, seen->id));
  }
  return true;
}

bool Client::ReadPartition() {
  const int partition = static_cast<int>(random_.Below(kPartitionCount));
  const Moment sent = registers_.Now();
  const auto answer = Read(
      "Query",
      fmt::format(R"({{"TableName":"{}","ConsistentRead":true,"KeyConditionExpression":"pk = :p",)"
                  R"("ExpressionAttributeValues":{{":p":{{"S":"{}"}}}}}})",
                  kMainTable, PartitionName(partition)));
  if (!answer) return !is_gone_;
  std::array<std::optional<WriteId>, kKeysPerPartition> found;
  int last_sort = -1;
  for (const Json& item : (*answer)["Items"].elements()) {
    const auto seen = ReadItem(item);
    const int sort = seen ? seen->key % kKeysPerPartition : 0;
    if (!seen) {
      Blame(seen.error());
    } else if (seen->key / kKeysPerPartition != partition || sort <= last_sort) {
      Blame(fmt::format("a query of {} gave {} out of place", PartitionName(partition),
                        KeyJson(seen->key)));
    } else {
      found[static_cast<std::size_t>(sort)] = seen->id;
      last_sort = sort;
    }
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    ++report_.read_count;
    Blame(
        registers_.CheckRead(sent, partition * kKeysPerPartition + static_cast<int>(i), found[i]));
  }
  return true;
}

// Offered as eventually consistent only: what it shows must have been written, no more.
bool Client::ReadGlobalIndex() {
  const auto answer =
      Read("Query", fmt::format(R"({{"TableName":"{}","IndexName":"{}","Limit":20,)"
                                R"("KeyConditionExpression":"team = :t",)"
                                R"("ExpressionAttributeValues":{{":t":{{"S":"{}"}}}}}})",
                                kMainTable, kGlobalIndex,
                                GroupName(static_cast<int>(random_.Below(kGroupCount)))));
  if (!answer) return !is_gone_;
  for (const Json& item : (*answer)["Items"].elements()) {
    ++report_.read_count;
    const auto seen = ReadItem(item);
    if (!seen) {
      Blame(seen.error());
    } else if (!registers_.IsOurs(seen->key, seen->id)) {
      Blame(fmt::format("the global index shows write {} of {}, which nobody sent", seen->id,
                        KeyJson(seen->key)));
    }
  }
  return true;
}

bool Client::Audit() {
  const auto answer = Read("TransactGetItems", Bank::AuditBody());
  if (!answer) return !is_gone_;
  report_.read_count += kAccountCount;
  Blame(Bank::CheckAudit(*answer));
  return true;
}

}  // namespace gramme
