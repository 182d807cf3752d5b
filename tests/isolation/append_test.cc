// L3: transactions, single writes and reads of lists are strictly serializable, proved from the
// lists that the answers show. BatchGetItem too, which is a property of one machine.
//
// Environment: tests/isolation/isolation_server.h. The count is of transactions and requests.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "tests/isolation/append_actor.h"
#include "tests/isolation/append_history.h"
#include "tests/isolation/isolation_server.h"

namespace gramme {
namespace {

constexpr int kActorCount = 32;

struct AppendReport {
  std::uint64_t transaction_count = 0;
  std::uint64_t refused_count = 0;
  std::uint64_t element_count = 0;
  std::optional<std::string> violation;
};

Asked<std::map<int, List>> ReadLists(Connection& connection) {
  GRAMME_TRY(const std::vector<Json> items, ScanAll(connection, kListTable));
  std::map<int, List> lists;
  for (const Json& item : items) {
    auto list = ListIn(item);
    if (!list) return std::unexpected("a list of the table is none");
    lists[std::stoi(item["k"]["S"].text().substr(1))] = *std::move(list);
  }
  return lists;
}

Asked<AppendReport> RunAppends(const IsolationOptions& options) {
  GRAMME_TRY(const auto server, IsolationServer::Start(options));
  Connection connection(server->port());
  GRAMME_RETURN_IF_ERROR(CreateTable(connection, kListTable, SimpleTableBody(kListTable, false)));
  SeededRandom random(options.seed);
  ListSlots slots;
  Actors actors;
  std::vector<AppendActor*> appenders;
  for (int i = 0; i < kActorCount; ++i) {
    auto actor = std::make_unique<AppendActor>(
        AppendActor::Options{.index = i,
                             .transaction_count = options.count / kActorCount + 1,
                             .seed = random.Next64()},
        slots);
    appenders.push_back(actor.get());
    actors.push_back(std::move(actor));
  }
  AppendReport report;
  report.violation = server->Run(actors);
  if (report.violation) return report;
  AppendHistory history;
  for (const AppendActor* appender : appenders) {
    report.refused_count += appender->refused_count();
    for (const AppendTransaction& transaction : appender->transactions()) history.Add(transaction);
  }
  report.transaction_count = history.size();
  GRAMME_TRY(const auto lists, ReadLists(connection));
  for (const auto& [key, list] : lists) report.element_count += list.size();
  report.violation = history.FindViolation(lists);
  return report;
}

TEST(AppendTest, TransactionsAreStrictlySerializable) {
  const IsolationOptions options = IsolationOptions::FromEnvironment(50'000);
  const auto report = RunAppends(options);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(report->violation, std::nullopt) << "GRAMME_SEED=" << options.seed;
  EXPECT_LT(report->refused_count, report->transaction_count);
  std::printf("%llu transactions, %llu of them refused, %llu elements, no circle\n",
              static_cast<unsigned long long>(report->transaction_count),
              static_cast<unsigned long long>(report->refused_count),
              static_cast<unsigned long long>(report->element_count));
}

#ifdef GRAMME_PLANTED_BUGS

std::optional<std::string> FindViolation(const IsolationOptions& options) {
  auto report = RunAppends(options);
  EXPECT_TRUE(report) << report.error();
  return report ? std::move(report->violation) : std::nullopt;
}

TEST(AppendTest, CatchesTransactionsThatReadEachItemApart) {
  EXPECT_TRUE(IsCaught("view_per_item", 50'000, &FindViolation));
}

TEST(AppendTest, CatchesConditionChecksThatAreNotHeld) {
  EXPECT_TRUE(IsCaught("check_not_held", 50'000, &FindViolation));
}

TEST(AppendTest, CatchesACacheThatLearnsOfWritesLate) {
  EXPECT_TRUE(IsCaught("cache_told_late", 50'000, &FindViolation));
}

#endif

}  // namespace
}  // namespace gramme
