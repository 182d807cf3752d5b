// L1: operations on single items happen in one order that agrees with real time, proved by the
// versions that the answers show. Eventually consistent reads too: the property of one machine.
//
// Environment: tests/isolation/isolation_server.h.

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
#include "tests/isolation/witness_actor.h"
#include "tests/isolation/witness_history.h"

namespace gramme {
namespace {

constexpr int kActorCount = 48;
constexpr int kKeyCount = 200;

struct WitnessReport {
  std::uint64_t operation_count = 0;
  std::uint64_t write_count = 0;
  std::optional<std::string> violation;
};

WitnessReport CheckKeys(const std::vector<WitnessActor*>& actors) {
  WitnessReport report;
  std::vector<std::vector<WitnessOperation>> histories(kKeyCount);
  for (const WitnessActor* actor : actors) {
    for (const WitnessRecord& record : actor->records()) {
      histories[static_cast<std::size_t>(record.key)].push_back(record.operation);
      ++report.operation_count;
      if (record.operation.kind != WitnessKind::kRead) ++report.write_count;
    }
  }
  for (int key = 0; key < kKeyCount && !report.violation; ++key) {
    report.violation =
        FindWitnessViolation(WitnessKey{key}.text(), histories[static_cast<std::size_t>(key)]);
  }
  return report;
}

Asked<WitnessReport> RunWitness(const IsolationOptions& options) {
  GRAMME_TRY(const auto server, IsolationServer::Start(options));
  Connection connection(server->port());
  GRAMME_RETURN_IF_ERROR(CreateTable(connection, kPlainTable, SimpleTableBody(kPlainTable, false)));
  GRAMME_RETURN_IF_ERROR(CreateTable(connection, kIndexedTable, IndexedTableBody()));
  SeededRandom random(options.seed);
  Actors actors;
  std::vector<WitnessActor*> witnesses;
  for (int i = 0; i < kActorCount; ++i) {
    auto actor = std::make_unique<WitnessActor>(
        WitnessActor::Options{.index = i,
                              .key_count = kKeyCount,
                              .operation_count = options.count / kActorCount + 1,
                              .seed = random.Next64()});
    witnesses.push_back(actor.get());
    actors.push_back(std::move(actor));
  }
  if (auto violation = server->Run(actors)) return WitnessReport{.violation = std::move(violation)};
  return CheckKeys(witnesses);
}

TEST(WitnessTest, SingleItemsAreLinearizable) {
  const IsolationOptions options = IsolationOptions::FromEnvironment(100'000);
  const auto report = RunWitness(options);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(report->violation, std::nullopt) << "GRAMME_SEED=" << options.seed;
  std::printf("%llu operations, %llu of them writes, no violation\n",
              static_cast<unsigned long long>(report->operation_count),
              static_cast<unsigned long long>(report->write_count));
}

#ifdef GRAMME_PLANTED_BUGS

std::optional<std::string> FindViolation(const IsolationOptions& options) {
  auto report = RunWitness(options);
  EXPECT_TRUE(report) << report.error();
  return report ? std::move(report->violation) : std::nullopt;
}

TEST(WitnessTest, CatchesACacheThatLearnsOfWritesLate) {
  EXPECT_TRUE(IsCaught("cache_told_late", 40'000, &FindViolation));
}

TEST(WitnessTest, CatchesAConditionOnAnOldValue) {
  EXPECT_TRUE(IsCaught("condition_on_old_value", 40'000, &FindViolation));
}

TEST(WitnessTest, CatchesARefusalOfWhatWasWritten) {
  EXPECT_TRUE(IsCaught("refused_after_commit", 10'000, &FindViolation));
}

#endif

}  // namespace
}  // namespace gramme
