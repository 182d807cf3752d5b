// PowerLossHistory: what the writers and readers of one power-loss test were told, and whether a
// store that was opened afterwards keeps all of it.
//
// The oracle is the commit order itself: every Update says its number, so the state after a crash
// must be exactly the replay of the commits up to the last one that is there.

#ifndef GRAMME_TESTS_CRASH_POWER_LOSS_HISTORY_H_
#define GRAMME_TESTS_CRASH_POWER_LOSS_HISTORY_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "storage/store.h"

namespace gramme {

// One keyspace's content.
using Content = std::map<std::string, std::string>;

struct HistoryCommit {
  WallTime time{};
  std::vector<std::pair<std::string, std::optional<std::string>>> writes;  // nothing: removed
  std::int64_t counter_delta = 0;
  // The stamped record's suffix and value.
  std::optional<std::pair<std::string, std::string>> log_record;
};

struct HistoryRead {
  std::uint64_t view_number = 0;
  std::string key;
  std::optional<std::string> value;
};

// Recording is thread-safe; checking is done when nobody records.
class PowerLossHistory {
 public:
  static constexpr std::string_view kCounterKey = "counter";
  static constexpr std::string_view kLogPrefix = "log/";

  void RecordCommit(std::uint64_t number, HistoryCommit commit);
  // Something up to `number` was released as durable.
  void RecordAnswer(std::uint64_t number);
  void RecordRead(HistoryRead read);
  void RecordImage(std::string id, std::uint64_t number);
  // An import of `content` into a keyspace of its own begins; the same one has finished. An import
  // that is repeated replaces what the one before it has left.
  void RecordImportBegun(KeyspaceId keyspace, Content content);
  void RecordImportFinished(KeyspaceId keyspace);

  // What `store`, opened after the loss of power, has lost or made up: one line each. Afterwards
  // the history goes on from what it has.
  std::vector<std::string> CheckAndGoOn(Store& store, KeyspaceId keyspace);

  std::uint64_t commit_count() const { return commits_.size(); }
  std::uint64_t read_count() const { return reads_.size(); }
  std::uint64_t answered_number() const { return answered_number_; }
  std::uint64_t import_count() const { return import_count_; }

 private:
  struct Imports {
    std::vector<Content> begun;      // in their order
    std::size_t finished_count = 0;  // of them
  };

  Content ReplayUpTo(std::uint64_t number) const;
  void CheckReads(std::uint64_t recovered, std::vector<std::string>& violations) const;
  void CheckImages(Store& store, KeyspaceId keyspace, std::vector<std::string>& violations) const;
  void CheckImports(const View& view, std::vector<std::string>& violations) const;

  mutable std::mutex mutex_;
  std::map<std::uint64_t, HistoryCommit> commits_;
  std::vector<HistoryRead> reads_;
  std::map<std::string, std::uint64_t> images_;
  std::map<KeyspaceId, Imports> imports_;
  std::uint64_t import_count_ = 0;  // finished
  std::uint64_t answered_number_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_POWER_LOSS_HISTORY_H_
