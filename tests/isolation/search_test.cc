// L1 once more, without help from the answers: whether an order of the operations on a single item
// can be found at all. Also the search itself, on histories made by hand.
//
// Environment: tests/isolation/isolation_server.h. The count is of operations.

#include <fmt/format.h>
#include <gmock/gmock.h>
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
#include "tests/isolation/order_search.h"
#include "tests/isolation/search_actor.h"

namespace gramme {
namespace {

using testing::HasSubstr;
using testing::Optional;

constexpr int kGroupCount = 6;
constexpr int kClientsPerKey = 8;
constexpr std::size_t kStateCountMax = 200'000;

struct SearchReport {
  std::uint64_t operation_count = 0;
  std::uint64_t key_count = 0;
  std::optional<std::string> violation;
};

void SearchKeys(const std::vector<const SearchActor*>& clients, std::uint64_t keys_per_group,
                SearchReport& report) {
  for (int group = 0; group < kGroupCount; ++group) {
    for (std::uint64_t key = 0; key < keys_per_group && !report.violation; ++key) {
      std::vector<SearchOperation> operations;
      for (int i = group * kClientsPerKey; i < (group + 1) * kClientsPerKey; ++i) {
        const auto& all = clients[static_cast<std::size_t>(i)]->operations();
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(key * kOperationsPerKey);
        operations.insert(operations.end(), first, first + kOperationsPerKey);
      }
      report.operation_count += operations.size();
      ++report.key_count;
      report.violation = FindNoOrder(SearchKeyText(group, key), operations, kStateCountMax);
    }
  }
}

Asked<SearchReport> RunSearch(const IsolationOptions& options) {
  GRAMME_TRY(const auto server, IsolationServer::Start(options));
  Connection connection(server->port());
  GRAMME_RETURN_IF_ERROR(
      CreateTable(connection, kSearchTable, SimpleTableBody(kSearchTable, false)));
  SeededRandom random(options.seed);
  const std::uint64_t keys_per_group =
      options.count / (kGroupCount * kClientsPerKey * kOperationsPerKey) + 1;
  Actors actors;
  std::vector<const SearchActor*> clients;
  for (int i = 0; i < kGroupCount * kClientsPerKey; ++i) {
    auto actor = std::make_unique<SearchActor>(SearchActor::Options{.index = i,
                                                                    .group = i / kClientsPerKey,
                                                                    .key_count = keys_per_group,
                                                                    .seed = random.Next64()});
    clients.push_back(actor.get());
    actors.push_back(std::move(actor));
  }
  SearchReport report;
  report.violation = server->Run(actors);
  if (!report.violation) SearchKeys(clients, keys_per_group, report);
  return report;
}

TEST(SearchTest, SingleItemsHaveAnOrder) {
  const IsolationOptions options = IsolationOptions::FromEnvironment(40'000);
  const auto report = RunSearch(options);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(report->violation, std::nullopt) << "GRAMME_SEED=" << options.seed;
  std::printf("%llu operations on %llu keys, an order found for each\n",
              static_cast<unsigned long long>(report->operation_count),
              static_cast<unsigned long long>(report->key_count));
}

SearchOperation Make(SearchKind kind, Span span, std::uint64_t value = 0,
                     std::uint64_t expected = 0) {
  return {.kind = kind, .value = value, .expected = expected, .span = span};
}
SearchOperation Saw(Span span, std::uint64_t value, std::uint64_t counter = 0) {
  return {.kind = SearchKind::kRead,
          .state = {.exists = value != 0 || counter != 0, .value = value, .counter = counter},
          .span = span};
}
SearchOperation Added(Span span, std::uint64_t counter) {
  return {.kind = SearchKind::kAdd, .state = {.exists = true, .counter = counter}, .span = span};
}

TEST(OrderSearchTest, FindsAnOrder) {
  EXPECT_EQ(FindNoOrder("key", {}, 10), std::nullopt);
  EXPECT_EQ(FindNoOrder("key",
                        {Saw({0, 1}, 0), Make(SearchKind::kPut, {2, 9}, 5), Saw({3, 4}, 5),
                         Make(SearchKind::kReplace, {3, 9}, 6, 5), Saw({5, 6}, 5), Saw({7, 8}, 6),
                         Added({10, 11}, 1), Saw({12, 13}, 6, 1),
                         Make(SearchKind::kRemove, {14, 15}), Added({16, 17}, 1)},
                        1000),
            std::nullopt);
}

TEST(OrderSearchTest, FindsNone) {
  const auto find = [](const std::vector<SearchOperation>& operations) {
    return FindNoOrder("key", operations, 1000);
  };
  EXPECT_THAT(find({Make(SearchKind::kPut, {0, 1}, 5), Saw({2, 3}, 0)}),
              Optional(HasSubstr("none of these")));
  EXPECT_THAT(find({Make(SearchKind::kPut, {0, 9}, 5), Saw({1, 2}, 5), Saw({3, 4}, 0)}),
              Optional(HasSubstr("none of these")));
  EXPECT_THAT(find({Make(SearchKind::kCreate, {0, 9}, 5), Make(SearchKind::kCreate, {0, 9}, 6)}),
              Optional(HasSubstr("none of these")));
  EXPECT_THAT(find({Added({0, 9}, 1), Added({0, 9}, 1)}), Optional(HasSubstr("none of these")));
  SearchOperation refused = Make(SearchKind::kCreate, {0, 1}, 5);
  refused.is_refused = true;
  EXPECT_THAT(find({refused}), Optional(HasSubstr("none of these")));
}

TEST(OrderSearchTest, SaysThatItGaveUp) {
  std::vector<SearchOperation> operations;
  for (std::uint64_t i = 1; i < 12; ++i) operations.push_back(Make(SearchKind::kPut, {0, 9}, i));
  operations.push_back(Saw({10, 11}, 99));
  EXPECT_THAT(FindNoOrder("key", operations, 100), Optional(HasSubstr("gave up")));
}

#ifdef GRAMME_PLANTED_BUGS

std::optional<std::string> FindViolation(const IsolationOptions& options) {
  auto report = RunSearch(options);
  EXPECT_TRUE(report) << report.error();
  return report ? std::move(report->violation) : std::nullopt;
}

TEST(SearchTest, CatchesAConditionOnAnOldValue) {
  EXPECT_TRUE(IsCaught("condition_on_old_value", 10'000, &FindViolation));
}

TEST(SearchTest, CatchesACacheThatLearnsOfWritesLate) {
  EXPECT_TRUE(IsCaught("cache_told_late", 10'000, &FindViolation));
}

#endif

}  // namespace
}  // namespace gramme
