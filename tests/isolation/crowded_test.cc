// L4 with writers: an item that nobody deletes or moves appears exactly once in every pass over its
// table and its indexes, in order and whole, whatever is written around the cursors; and a
// transaction shows whole on a page, in a batch and in a transaction.
//
// Environment: tests/isolation/isolation_server.h. The count is of pages.

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
#include "tests/isolation/crowded_actors.h"
#include "tests/isolation/isolation_server.h"

namespace gramme {
namespace {

constexpr int kReaderCount = 12;
constexpr int kWriterCount = 12;

struct CrowdedReport {
  std::uint64_t page_count = 0;
  std::uint64_t pass_count = 0;
  std::uint64_t pair_count = 0;
  std::optional<std::string> violation;
};

Asked<CrowdedReport> RunCrowded(const IsolationOptions& options) {
  GRAMME_TRY(const auto server, IsolationServer::Start(options));
  Connection connection(server->port());
  GRAMME_RETURN_IF_ERROR(CreateCrowdedTable(connection));
  SeededRandom random(options.seed);
  ReaderCount reader_count = kReaderCount;
  Actors actors;
  std::vector<const CrowdedReader*> readers;
  for (int i = 0; i < kReaderCount; ++i) {
    auto reader = std::make_unique<CrowdedReader>(
        CrowdedReader::Options{
            .index = i, .page_count = options.count / kReaderCount, .seed = random.Next64()},
        reader_count);
    readers.push_back(reader.get());
    actors.push_back(std::move(reader));
  }
  for (int i = 0; i < kWriterCount; ++i) {
    actors.push_back(std::make_unique<CrowdedWriter>(i, random.Next64(), reader_count));
  }
  CrowdedReport report;
  report.violation = server->Run(actors);
  for (const CrowdedReader* reader : readers) {
    report.page_count += reader->page_count();
    report.pass_count += reader->pass_count();
    report.pair_count += reader->pair_count();
  }
  return report;
}

TEST(CrowdedPagingTest, StableItemsAppearExactlyOnce) {
  const IsolationOptions options = IsolationOptions::FromEnvironment(20'000);
  const auto report = RunCrowded(options);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(report->violation, std::nullopt) << "GRAMME_SEED=" << options.seed;
  std::printf(
      "%llu pages of %llu passes while others wrote, %llu pairs, none repeated, lost, torn\n",
      static_cast<unsigned long long>(report->page_count),
      static_cast<unsigned long long>(report->pass_count),
      static_cast<unsigned long long>(report->pair_count));
}

#ifdef GRAMME_PLANTED_BUGS

std::optional<std::string> FindViolation(const IsolationOptions& options) {
  auto report = RunCrowded(options);
  EXPECT_TRUE(report) << report.error();
  return report ? std::move(report->violation) : std::nullopt;
}

TEST(CrowdedPagingTest, CatchesACursorThatIsInclusive) {
  EXPECT_TRUE(IsCaught("cursor_inclusive", 20'000, &FindViolation));
}

#endif

}  // namespace
}  // namespace gramme
