#include "tests/crash/backup/money.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/random.h"
#include "base/result.h"

namespace gramme {
namespace {

constexpr int kAccountCount = 100;
constexpr std::int64_t kOpeningBalance = 1000;
constexpr int kFillerCount = 4000;
constexpr std::size_t kBatchCount = 25;
constexpr int kBucketCount = 10;
constexpr std::size_t kFillerBytes = 500;

std::string AccountName(int account) { return fmt::format("account{:03}", account); }
std::string WriterName(int writer) { return fmt::format("writer{}", writer); }
std::string FillerName(int filler) { return fmt::format("filler{:04}", filler); }

std::string PutJson(const std::string& name, std::int64_t number, int bucket, std::size_t padding) {
  return fmt::format(
      R"({{"PutRequest":{{"Item":{{"pk":{{"S":"{}"}},"n":{{"N":"{}"}},"bucket":{{"S":"b{}"}},)"
      R"("padding":{{"S":"{:x>{}}"}}}}}}}})",
      name, number, bucket, "", padding);
}

std::string AdditionJson(const std::string& name, std::int64_t amount) {
  return fmt::format(
      R"({{"Update":{{"TableName":"{}","Key":{{"pk":{{"S":"{}"}}}},"UpdateExpression":"ADD n :a",)"
      R"("ExpressionAttributeValues":{{":a":{{"N":"{}"}}}}}}}})",
      kMoneyTable, name, amount);
}

using Numbers = std::map<std::string, std::int64_t>;

Numbers NumbersOf(const std::vector<Json>& items) {
  Numbers numbers;
  for (const Json& item : items) {
    const std::string& number = item["n"]["N"].text();
    numbers[item["pk"]["S"].text()] = number.empty() ? INT64_MIN : std::stoll(number);
  }
  return numbers;
}

Asked<void> PutAll(Connection& connection, const std::vector<std::string>& puts) {
  for (std::size_t first = 0; first < puts.size(); first += kBatchCount) {
    std::string batch;
    for (std::size_t i = first; i < std::min(puts.size(), first + kBatchCount); ++i) {
      batch += (batch.empty() ? "" : ",") + puts[i];
    }
    GRAMME_TRY(const Json answer,
               Ask(connection, "BatchWriteItem",
                   fmt::format(R"({{"RequestItems":{{"{}":[{}]}}}})", kMoneyTable, batch)));
    if (!answer["UnprocessedItems"].members().empty()) {
      return std::unexpected("BatchWriteItem left items unprocessed");
    }
  }
  return {};
}

}  // namespace

Asked<void> Money::Create(Connection& connection) {
  const std::string body =
      fmt::format(R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
                  R"({{"AttributeName":"pk","AttributeType":"S"}},)"
                  R"({{"AttributeName":"bucket","AttributeType":"S"}}],)"
                  R"("KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}],)"
                  R"("GlobalSecondaryIndexes":[{{"IndexName":"ByBucket","KeySchema":[)"
                  R"({{"AttributeName":"bucket","KeyType":"HASH"}},)"
                  R"({{"AttributeName":"pk","KeyType":"RANGE"}}],)"
                  R"("Projection":{{"ProjectionType":"ALL"}}}}]}})",
                  kMoneyTable);
  GRAMME_RETURN_IF_ERROR(CreateTable(connection, kMoneyTable, body));
  std::vector<std::string> puts;
  for (int i = 0; i < kAccountCount; ++i) {
    puts.push_back(PutJson(AccountName(i), kOpeningBalance, i % kBucketCount, 1));
  }
  for (int i = 0; i < kWriterCount; ++i) puts.push_back(PutJson(WriterName(i), 0, i, 1));
  for (int i = 0; i < kFillerCount; ++i) {
    puts.push_back(PutJson(FillerName(i), i, i % kBucketCount, kFillerBytes));
  }
  return PutAll(connection, puts);
}

Asked<Counts> Money::Check(Connection& connection, std::string_view table) {
  GRAMME_TRY(const std::vector<Json> items, ScanAll(connection, table));
  GRAMME_TRY(const std::vector<Json> entries, ScanAll(connection, table, "ByBucket", true));
  const Numbers numbers = NumbersOf(items);
  if (numbers.size() != items.size()) {
    return std::unexpected(fmt::format("{} shows an item twice", table));
  }
  if (NumbersOf(entries) != numbers || entries.size() != items.size()) {
    return std::unexpected(fmt::format("the index of {} differs from the table", table));
  }
  std::int64_t total = 0;
  for (int i = 0; i < kAccountCount; ++i) {
    const auto found = numbers.find(AccountName(i));
    if (found == numbers.end()) return std::unexpected(AccountName(i) + " is missing");
    total += found->second;
  }
  if (total != kAccountCount * kOpeningBalance) {
    return std::unexpected(fmt::format("the accounts of {} hold {}, not {}", table, total,
                                       kAccountCount * kOpeningBalance));
  }
  for (int i = 0; i < kFillerCount; ++i) {
    const auto found = numbers.find(FillerName(i));
    if (found == numbers.end() || found->second != i) {
      return std::unexpected(fmt::format("{} of {} is missing or wrong", FillerName(i), table));
    }
  }
  Counts counts{};
  for (int i = 0; i < kWriterCount; ++i) {
    const auto found = numbers.find(WriterName(i));
    if (found == numbers.end()) return std::unexpected(WriterName(i) + " is missing");
    counts[static_cast<std::size_t>(i)] = found->second;
  }
  return counts;
}

Asked<void> Money::Settle(Connection& connection) {
  GRAMME_TRY(const Counts counts, Check(connection, kMoneyTable));
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    Writer& writer = writers_[i];
    if (counts[i] < writer.acknowledged || counts[i] > writer.sent) {
      return std::unexpected(
          fmt::format("{} transactions of writer {} are there; {} were acknowledged and {} sent",
                      counts[i], i, writer.acknowledged.load(), writer.sent.load()));
    }
    writer.sent = counts[i];
    writer.acknowledged = counts[i];
    writer.Settle(static_cast<std::size_t>(counts[i]));
  }
  return {};
}

void Money::Writer::Send() {
  ++sent;
  const std::lock_guard lock(mutex);
  sent_times.push_back(std::chrono::system_clock::now());
}

void Money::Writer::Answer(bool success) {
  if (success) ++acknowledged;
  const std::lock_guard lock(mutex);
  if (success) {
    answer_times.push_back(std::chrono::system_clock::now());
  } else {
    sent_times.pop_back();
  }
}

// One that was never answered is in the table or not.
void Money::Writer::Settle(std::size_t count) {
  const std::lock_guard lock(mutex);
  sent_times.resize(std::min(count, sent_times.size()));
  answer_times.resize(sent_times.size(), std::chrono::system_clock::now());
}

Asked<void> Money::CheckMoment(const Counts& counts,
                               std::chrono::system_clock::time_point time) const {
  const auto count_before = [&](const auto& times) {
    return std::ranges::upper_bound(times, time) - times.begin();
  };
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    const Writer& writer = writers_[i];
    const std::lock_guard lock(writer.mutex);
    const auto least = count_before(writer.answer_times);
    const auto most = count_before(writer.sent_times);
    if (counts[i] >= least && counts[i] <= most) continue;
    return std::unexpected(
        fmt::format("{} transactions of writer {} are there; {} had been answered and {} sent",
                    counts[i], i, least, most));
  }
  return {};
}

Counts Money::Acknowledged() const {
  Counts counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = writers_[i].acknowledged;
  return counts;
}

Counts Money::Sent() const {
  Counts counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = writers_[i].sent;
  return counts;
}

MoneyWriters::MoneyWriters(Money& money, std::uint16_t port, std::uint64_t seed) : money_(money) {
  for (int i = 0; i < kWriterCount; ++i) {
    const std::uint64_t own_seed = seed + static_cast<std::uint64_t>(i);
    threads_.emplace_back([this, i, port, own_seed] { Write(i, port, own_seed); });
  }
}

void MoneyWriters::Stop() {
  is_stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void MoneyWriters::Write(int writer, std::uint16_t port, std::uint64_t seed) {
  SeededRandom random(seed);
  Connection connection(port);
  Money::Writer& counts = money_.writers_[static_cast<std::size_t>(writer)];
  while (!is_stopping_) {
    const auto from = static_cast<int>(random.Below(kAccountCount));
    const auto to = (from + 1 + static_cast<int>(random.Below(kAccountCount - 1))) % kAccountCount;
    const auto amount = static_cast<std::int64_t>(random.Below(100)) + 1;
    const std::string body =
        fmt::format(R"({{"TransactItems":[{},{},{}]}})", AdditionJson(AccountName(from), -amount),
                    AdditionJson(AccountName(to), amount), AdditionJson(WriterName(writer), 1));
    counts.Send();
    const auto answer = connection.Call("TransactWriteItems", body);
    // It may have happened or not.
    if (!answer || answer->status >= 500) return;
    counts.Answer(answer->is_success());
  }
}

}  // namespace gramme
