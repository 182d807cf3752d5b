// The clients of the paging test with writers: those that write, and those that read pass after
// pass and look whether every stable item is there exactly once.

#ifndef GRAMME_TESTS_ISOLATION_CROWDED_ACTORS_H_
#define GRAMME_TESTS_ISOLATION_CROWDED_ACTORS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "tests/client/crowd.h"
#include "tests/isolation/crowded_table.h"

namespace gramme {

// Shared by all: writers go on until the last reader is done.
using ReaderCount = std::atomic<int>;

class CrowdedWriter : public Actor {
 public:
  CrowdedWriter(int index, std::uint64_t seed, const ReaderCount& readers)
      : random_(seed), version_((static_cast<std::uint64_t>(index) + 1) << 32), readers_(readers) {}

  std::optional<ActorRequest> Next() override;
  std::optional<std::string> OnAnswer(const Answer& answer, Span span) override;

 private:
  CrowdedItem NewItem();
  ActorRequest WriteTransaction();

  SeededRandom random_;
  std::uint64_t version_;
  const ReaderCount& readers_;
  std::string_view operation_;
};

class CrowdedReader : public Actor {
 public:
  struct Options {
    int index = 0;
    std::uint64_t page_count = 0;
    std::uint64_t seed = 1;
  };
  CrowdedReader(const Options& options, ReaderCount& readers)
      : options_(options), random_(options.seed), readers_(readers) {}

  std::optional<ActorRequest> Next() override;
  std::optional<std::string> OnAnswer(const Answer& answer, Span span) override;

  std::uint64_t page_count() const { return page_count_; }
  std::uint64_t pass_count() const { return pass_count_; }
  std::uint64_t pair_count() const { return pair_count_; }

 private:
  enum class Source { kTable, kLocal, kGlobal };

  // What is read, from its first page to its last.
  struct Pass {
    Source source = Source::kTable;
    bool is_scan = false;
    int segment_count = 1;
    bool is_backward = false;
    int partition = 0;  // of a query; of the global index, the group
    std::uint64_t limit_max = 0;
    bool is_strong = false;
    // Where it stands.
    int segment = 0;
    std::string start;
    std::uint64_t segment_pages = 0;
    std::optional<int> last_sort;  // of a query: sort key or rank
    std::map<CrowdedKey, int> seen;
  };

  void BeginPass();
  ActorRequest PageRequest();
  ActorRequest PairRequest();
  std::optional<std::string> TakePage(const Json& page);
  std::optional<std::string> TakeItem(const Json& item);
  std::optional<std::string> EndPass();
  std::optional<std::string> TakePair(const Answer& answer);
  bool MustShow(const CrowdedItem& item) const;
  std::string Describe() const;

  const Options options_;
  SeededRandom random_;
  ReaderCount& readers_;
  std::uint64_t page_count_ = 0;
  std::uint64_t pass_count_ = 0;
  std::uint64_t pair_count_ = 0;
  std::optional<Pass> pass_;
  std::string_view operation_;
  bool is_pair_ = false;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_CROWDED_ACTORS_H_
