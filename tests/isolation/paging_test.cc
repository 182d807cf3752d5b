// L4: the pages of a Query or Scan, joined, are the unpaged truth: for random tables, indexes, key
// conditions, filters, projections, limits, directions and segments; and also when the item that a
// page ended with is deleted before the next is asked for.
//
// Environment: tests/isolation/isolation_server.h. The count is of pages.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "tests/isolation/isolation_server.h"
#include "tests/isolation/page_pass.h"

namespace gramme {
namespace {

constexpr int kQuestionsPerTable = 60;

struct PagingReport {
  std::uint64_t page_count = 0;
  std::uint64_t question_count = 0;
  std::uint64_t deleted_count = 0;
};

// Asks about one table. Errors: what is wrong, a page or the server.
class PagingRun {
 public:
  PagingRun(Connection& connection, const PagedTable& table, Random& random, PagingReport& report)
      : connection_(connection), table_(table), random_(random), report_(report) {}

  Asked<void> AskOnce() {
    PageQuestion question = PageQuestion::Draw(table_, random_);
    ++report_.question_count;
    std::vector<std::string> joined;
    std::uint64_t count = 0;
    for (; question.segment < question.segment_count; ++question.segment) {
      GRAMME_TRY(const Pass unpaged, Read(question, {}));
      joined.insert(joined.end(), unpaged.items.begin(), unpaged.items.end());
      count += unpaged.count;
      GRAMME_RETURN_IF_ERROR(ComparePaged(question, unpaged));
    }
    return CompareWithTruth(question, std::move(joined), count);
  }

 private:
  Asked<Pass> Read(const PageQuestion& question, const PassOptions& options) {
    GRAMME_TRY(Pass pass, ReadPass(connection_, question, options));
    report_.page_count += pass.page_count;
    return pass;
  }

  PassOptions SmallPages() {
    const std::uint64_t limit_max = random_.OneIn(3) ? 1 : 2 + random_.Below(30);
    return {.limit = [this, limit_max] { return 1 + random_.Below(limit_max); }, .between = {}};
  }

  Asked<void> ComparePaged(const PageQuestion& question, const Pass& unpaged) {
    GRAMME_TRY(const Pass paged, Read(question, SmallPages()));
    GRAMME_RETURN_IF_ERROR(Compare("pages", question, paged, unpaged));
    if (random_.OneIn(4)) GRAMME_RETURN_IF_ERROR(CompareWithDeletes(question, unpaged));
    if (question.is_scan || !random_.OneIn(2)) return {};
    PageQuestion turned = question;
    turned.is_backward = !turned.is_backward;
    GRAMME_TRY(Pass backward, Read(turned, SmallPages()));
    std::ranges::reverse(backward.items);
    return Compare("pages of the other direction", question, backward, unpaged);
  }

  Asked<void> CompareWithDeletes(const PageQuestion& question, const Pass& unpaged) {
    PassOptions options = SmallPages();
    std::vector<PagedItem> deleted;
    options.between = [&](const PagedItem& cursor) -> Asked<void> {
      deleted.push_back(table_.KeyOf(cursor));
      ++report_.deleted_count;
      GRAMME_RETURN_IF_ERROR(Ask(
          connection_, "DeleteItem",
          fmt::format(R"({{"TableName":"{}","Key":{}}})", table_.name(), ToJson(deleted.back()))));
      return {};
    };
    GRAMME_TRY(const Pass paged, Read(question, options));
    for (const PagedItem& key : deleted) GRAMME_RETURN_IF_ERROR(table_.Restore(connection_, key));
    return Compare("pages with the item at each cursor deleted", question, paged, unpaged);
  }

  static Asked<void> Compare(std::string_view what, const PageQuestion& question, const Pass& pass,
                             const Pass& unpaged) {
    if (pass.count != unpaged.count) return Differ(what, question, pass.count, unpaged.count, "");
    const auto [found, wanted] = std::ranges::mismatch(pass.items, unpaged.items);
    if (found == pass.items.end() && wanted == unpaged.items.end()) return {};
    const auto place = static_cast<std::size_t>(wanted - unpaged.items.begin());
    return Differ(what, question, pass.count, unpaged.count,
                  fmt::format(", item {}: {} for {}", place,
                              found == pass.items.end() ? "nothing" : found->substr(0, 200),
                              wanted == unpaged.items.end() ? "nothing" : wanted->substr(0, 200)));
  }

  Asked<void> CompareWithTruth(const PageQuestion& question, std::vector<std::string> joined,
                               std::uint64_t count) {
    const std::vector<PagedItem> truth = question.Truth();
    std::vector<std::string> wanted;
    for (const PagedItem& item : truth) wanted.push_back(ToJson(item));
    if (count != wanted.size()) return Differ("all", question, count, wanted.size(), "");
    if (question.counts_only) return {};
    // The table's own sort keys leave no choice.
    const bool has_order = !question.is_scan && question.source->name.empty();
    if (!has_order) {
      std::ranges::sort(joined);
      std::ranges::sort(wanted);
    }
    const auto [found, missed] = std::ranges::mismatch(joined, wanted);
    if (found == joined.end()) return {};
    return Differ("all", question, count, wanted.size(),
                  fmt::format(": {} for {}", found->substr(0, 200), missed->substr(0, 200)));
  }

  static Asked<void> Differ(std::string_view what, const PageQuestion& question,
                            std::uint64_t count, std::uint64_t wanted_count,
                            std::string_view detail) {
    return std::unexpected(fmt::format("{}{}: {} items, wanted {}{}; {} {}", kDifference, what,
                                       count, wanted_count, detail,
                                       question.is_scan ? "Scan" : "Query", question.Describe()));
  }

  Connection& connection_;
  const PagedTable& table_;
  Random& random_;
  PagingReport& report_;
};

Asked<PagingReport> RunPaging(const IsolationOptions& options) {
  GRAMME_TRY(const auto server, IsolationServer::Start(options));
  Connection connection(server->port());
  SeededRandom random(options.seed);
  PagingReport report;
  for (int number = 0; report.page_count < options.count; ++number) {
    PagedTable table = PagedTable::Draw(fmt::format("Paged{}", number), random);
    GRAMME_RETURN_IF_ERROR(table.Create(connection));
    PagingRun run(connection, table, random, report);
    for (int i = 0; i < kQuestionsPerTable; ++i) {
      GRAMME_RETURN_IF_ERROR(run.AskOnce());
      for (std::uint64_t j = random.Below(4); j > 0; --j) {
        GRAMME_RETURN_IF_ERROR(table.Change(connection, random));
      }
    }
    GRAMME_RETURN_IF_ERROR(table.Delete(connection));
  }
  return report;
}

TEST(PagingTest, PagesJoinedAreTheUnpagedTruth) {
  const IsolationOptions options = IsolationOptions::FromEnvironment(6'000);
  const auto report = RunPaging(options);
  ASSERT_TRUE(report) << "GRAMME_SEED=" << options.seed << ": " << report.error();
  std::printf("%llu pages of %llu questions, %llu items deleted at the cursor, no difference\n",
              static_cast<unsigned long long>(report->page_count),
              static_cast<unsigned long long>(report->question_count),
              static_cast<unsigned long long>(report->deleted_count));
}

#ifdef GRAMME_PLANTED_BUGS

std::optional<std::string> FindViolation(const IsolationOptions& options) {
  auto report = RunPaging(options);
  if (report) return std::nullopt;
  EXPECT_TRUE(report.error().starts_with(kDifference)) << report.error();
  return std::move(report).error();
}

TEST(PagingTest, CatchesACursorThatIsInclusive) {
  EXPECT_TRUE(IsCaught("cursor_inclusive", 10'000, &FindViolation));
}

TEST(PagingTest, CatchesAnIndexEntryLeftBehind) {
  EXPECT_TRUE(IsCaught("index_entry_left", 10'000, &FindViolation));
}

TEST(PagingTest, CatchesNegativeNumbersThatSortWrongly) {
  EXPECT_TRUE(IsCaught("negatives_unturned", 10'000, &FindViolation));
}

#endif

}  // namespace
}  // namespace gramme
