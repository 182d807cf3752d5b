// L2: of many who try the same under a condition, exactly one wins, and the item says who; of many
// who count, all count.
//
// Environment: tests/isolation/isolation_server.h. The count is of rounds; 64 clients race in each.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "tests/isolation/isolation_server.h"
#include "tests/isolation/race_actor.h"

namespace gramme {
namespace {

constexpr int kRacerCount = 64;

using Racers = std::vector<const RaceActor*>;

std::optional<std::string> FindWrongWinner(std::uint64_t round, const Racers& racers,
                                           const Json& item) {
  constexpr std::pair<RaceStep, std::string_view> kRaces[] = {{RaceStep::kCreate, "w0"},
                                                              {RaceStep::kTakeVersion, "w1"},
                                                              {RaceStep::kTakeInTransaction, "w2"}};
  for (const auto& [step, attribute] : kRaces) {
    std::string winners;
    for (int i = 0; i < kRacerCount; ++i) {
      if (racers[static_cast<std::size_t>(i)]->result(round, step).has_won) {
        winners += std::to_string(i) + " ";
      }
    }
    const std::string& holder = item[attribute]["N"].text();
    if (winners == holder + " ") continue;
    return fmt::format("round {}, {}: clients {}were told that they won, the item says \"{}\"",
                       round, attribute, winners, holder);
  }
  return std::nullopt;
}

std::optional<std::string> FindWrongCount(std::uint64_t round, const Racers& racers,
                                          const Json& item) {
  std::set<std::int64_t> counts;
  for (const RaceActor* racer : racers) {
    counts.insert(racer->result(round, RaceStep::kCount).counted);
  }
  const bool is_right = counts.size() == kRacerCount && *counts.begin() == 1 &&
                        *counts.rbegin() == kRacerCount &&
                        NumberIn(item["c"]) == std::int64_t{kRacerCount};
  if (is_right) return std::nullopt;
  return fmt::format(
      "round {}: {} clients counted, {} different counts, from {} to {}, in the end {}", round,
      kRacerCount, counts.size(), *counts.begin(), *counts.rbegin(), item["c"]["N"].text());
}

Asked<std::optional<std::string>> RunRaces(const IsolationOptions& options) {
  GRAMME_TRY(const auto server, IsolationServer::Start(options));
  Connection connection(server->port());
  GRAMME_RETURN_IF_ERROR(CreateTable(connection, kRaceTable, SimpleTableBody(kRaceTable, false)));
  Actors actors;
  Racers racers;
  for (int i = 0; i < kRacerCount; ++i) {
    auto racer = std::make_unique<RaceActor>(i, options.count);
    racers.push_back(racer.get());
    actors.push_back(std::move(racer));
  }
  if (auto violation = server->Run(actors)) return violation;
  GRAMME_TRY(const std::vector<Json> items, ScanAll(connection, kRaceTable));
  std::map<std::string, const Json*> by_key;
  for (const Json& item : items) by_key[item["k"]["S"].text()] = &item;
  for (std::uint64_t round = 0; round < options.count; ++round) {
    const Json* item = by_key[RaceKeyText(round)];
    if (item == nullptr) return "a race left no item: " + RaceKeyText(round);
    if (auto wrong = FindWrongWinner(round, racers, *item)) return wrong;
    if (auto wrong = FindWrongCount(round, racers, *item)) return wrong;
  }
  return std::nullopt;
}

TEST(RaceTest, ExactlyOneWins) {
  const IsolationOptions options = IsolationOptions::FromEnvironment(200);
  const auto violation = RunRaces(options);
  ASSERT_TRUE(violation) << violation.error();
  EXPECT_EQ(*violation, std::nullopt);
  std::printf("%llu rounds of %d clients, one winner of each race, every count counted\n",
              static_cast<unsigned long long>(options.count), kRacerCount);
}

#ifdef GRAMME_PLANTED_BUGS

std::optional<std::string> FindViolation(const IsolationOptions& options) {
  auto violation = RunRaces(options);
  EXPECT_TRUE(violation) << violation.error();
  return violation ? *std::move(violation) : std::nullopt;
}

TEST(RaceTest, CatchesAConditionOnAnOldValue) {
  EXPECT_TRUE(IsCaught("condition_on_old_value", 200, &FindViolation));
}

#endif

}  // namespace
}  // namespace gramme
