// A pass: one Query or Scan read to its end, page by page, and what it must return.

#ifndef GRAMME_TESTS_ISOLATION_PAGE_PASS_H_
#define GRAMME_TESTS_ISOLATION_PAGE_PASS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/client/requests.h"
#include "tests/isolation/paged_table.h"

namespace gramme {

enum class SortRule { kAny, kLess, kAtLeast, kBetween };

// What is asked, without where to begin and how many.
struct PageQuestion {
  const PagedTable* table = nullptr;
  const PagedIndex* source = nullptr;
  bool is_scan = false;
  int segment = 0;  // of a scan
  int segment_count = 1;
  PagedValue partition;  // of a query, as the three that follow
  SortRule sort_rule = SortRule::kAny;
  PagedValue low;
  PagedValue high;
  bool is_backward = false;
  bool is_strong = false;
  std::optional<std::string> filter_below;  // a < this
  std::vector<std::string> projection;      // empty: all that the source has
  bool counts_only = false;

  static PageQuestion Draw(const PagedTable& table, Random& random);

  // The items that it is about, projected: of a scan, of all its segments. A query's in order, but
  // for items with equal sort keys.
  std::vector<PagedItem> Truth() const;
  // A sentence for a person, and the request of its first page.
  std::string Describe() const { return Body("", ""); }
  std::string Body(const std::string& limit, const std::string& start) const;

 private:
  bool Wants(const PagedItem& item) const;
  std::string Values() const;
};

struct PassOptions {
  // Chosen for each page; 0 for none.
  std::function<std::uint64_t()> limit;
  // Called between pages with the key attributes of the last one's end.
  std::function<Asked<void>(const PagedItem& cursor)> between;
};

struct Pass {
  std::vector<std::string> items;  // as JSON; empty where only counted
  std::uint64_t count = 0;
  std::uint64_t page_count = 0;
};

// Errors: a page that breaks a rule of its own, or a pass that does not end.
Asked<Pass> ReadPass(Connection& connection, const PageQuestion& question,
                     const PassOptions& options);

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_PAGE_PASS_H_
