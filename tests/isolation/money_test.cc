// L3b: the total of a hundred accounts is exact in every TransactGetItems while money moves between
// them, and a transaction whose token is sent four times, by two clients, counts once.
//
// Environment: tests/isolation/isolation_server.h. The count is of requests.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "tests/isolation/isolation_server.h"
#include "tests/isolation/money_actor.h"

namespace gramme {
namespace {

constexpr int kActorCount = 24;

struct MoneyReport {
  std::uint64_t audit_count = 0;
  std::int64_t token_count = 0;
  std::optional<std::string> violation;
};

Asked<MoneyReport> RunMoney(const IsolationOptions& options) {
  GRAMME_TRY(const auto server, IsolationServer::Start(options));
  Connection connection(server->port());
  GRAMME_RETURN_IF_ERROR(CreateMoney(connection));
  SeededRandom random(options.seed);
  Actors actors;
  std::vector<const MoneyActor*> clients;
  std::uint64_t pair_seed = 0;
  for (int i = 0; i < kActorCount; ++i) {
    if (i % 2 == 0) pair_seed = random.Next64();
    auto actor = std::make_unique<MoneyActor>(
        MoneyActor::Options{.index = i,
                            .request_count = options.count / kActorCount + 1,
                            .seed = random.Next64(),
                            .pair_seed = pair_seed});
    clients.push_back(actor.get());
    actors.push_back(std::move(actor));
  }
  MoneyReport report;
  report.violation = server->Run(actors);
  for (int i = 0; i < kActorCount && !report.violation; ++i) {
    const MoneyActor& client = *clients[static_cast<std::size_t>(i)];
    report.audit_count += client.audit_count();
    if (i % 2 != 0) continue;
    report.token_count += client.token_count();
    GRAMME_TRY(const Json ledger,
               Ask(connection, "GetItem",
                   fmt::format(R"({{"TableName":"{}","Key":{},"ConsistentRead":true}})",
                               kMoneyTable, LedgerKeyJson(i / 2))));
    const std::int64_t counted = NumberIn(ledger["Item"]["m"]).value_or(0);
    if (counted == client.token_count()) continue;
    report.violation = fmt::format("pair {} had {} tokens acknowledged, {} counted", i / 2,
                                   client.token_count(), counted);
  }
  if (report.violation) return report;
  GRAMME_TRY(const Json audit, Ask(connection, "TransactGetItems", AuditBody()));
  report.violation = FindWrongTotal(audit);
  return report;
}

TEST(MoneyTest, TotalIsExactAndTokensCountOnce) {
  const IsolationOptions options = IsolationOptions::FromEnvironment(20'000);
  const auto report = RunMoney(options);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(report->violation, std::nullopt) << "GRAMME_SEED=" << options.seed;
  std::printf("%llu requests, %llu exact totals, %lld tokens sent four times and counted once\n",
              static_cast<unsigned long long>(options.count),
              static_cast<unsigned long long>(report->audit_count),
              static_cast<long long>(report->token_count));
}

#ifdef GRAMME_PLANTED_BUGS

std::optional<std::string> FindViolation(const IsolationOptions& options) {
  auto report = RunMoney(options);
  EXPECT_TRUE(report) << report.error();
  return report ? std::move(report->violation) : std::nullopt;
}

TEST(MoneyTest, CatchesTransactionsThatReadEachItemApart) {
  EXPECT_TRUE(IsCaught("view_per_item", 5'000, &FindViolation));
}

TEST(MoneyTest, CatchesATokenThatIsNotRead) {
  EXPECT_TRUE(IsCaught("token_unread", 2'000, &FindViolation));
}

#endif

}  // namespace
}  // namespace gramme
