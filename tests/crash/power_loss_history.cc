#include "tests/crash/power_loss_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace gramme {
namespace {

std::string EncodeCounter(std::int64_t value) {
  std::string bytes;
  auto rest = static_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i, rest >>= 8) bytes.push_back(static_cast<char>(rest & 0xff));
  return bytes;
}

std::string StampedKey(WallTime time, const std::string& suffix) {
  const std::int64_t number = time.time_since_epoch().count();
  std::string key(PowerLossHistory::kLogPrefix);
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>((number >> shift) & 0xff));
  }
  return key + suffix;
}

// Applies one commit after another to a content.
class Replay {
 public:
  void Apply(const HistoryCommit& commit) {
    for (const auto& [key, value] : commit.writes) {
      if (value) {
        content_[key] = *value;
      } else {
        content_.erase(key);
      }
    }
    if (commit.log_record) {
      content_[StampedKey(commit.time, commit.log_record->first)] = commit.log_record->second;
    }
    if (commit.counter_delta != 0) {
      counter_ += commit.counter_delta;
      content_[std::string(PowerLossHistory::kCounterKey)] = EncodeCounter(counter_);
    }
  }

  const Content& content() const { return content_; }

 private:
  Content content_;
  std::int64_t counter_ = 0;
};

StoreResult<Content> ReadContent(const View& view, KeyspaceId keyspace) {
  Content content;
  const auto visit = [&](std::string_view key, std::string_view value) {
    content.emplace(key, value);
    return ScanStep::kContinue;
  };
  if (const auto scanned = view.Scan(keyspace, {}, Direction::kForward, visit); !scanned) {
    return std::unexpected(scanned.error());
  }
  return content;
}

void CompareContent(const Content& expected, const Content& found, std::string_view where,
                    std::vector<std::string>& violations) {
  for (const auto& [key, value] : expected) {
    const auto there = found.find(key);
    if (there == found.end()) {
      violations.push_back(fmt::format("{}: key '{}' is lost", where, key));
    } else if (there->second != value) {
      violations.push_back(
          fmt::format("{}: key '{}' is '{:.20}', not '{:.20}'", where, key, there->second, value));
    }
  }
  for (const auto& [key, value] : found) {
    if (!expected.contains(key)) {
      violations.push_back(fmt::format("{}: key '{}' is made up", where, key));
    }
  }
}

}  // namespace

void PowerLossHistory::RecordCommit(std::uint64_t number, HistoryCommit commit) {
  const std::lock_guard lock(mutex_);
  commits_[number] = std::move(commit);
}

void PowerLossHistory::RecordAnswer(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  answered_number_ = std::max(answered_number_, number);
}

void PowerLossHistory::RecordRead(HistoryRead read) {
  const std::lock_guard lock(mutex_);
  reads_.push_back(std::move(read));
}

void PowerLossHistory::RecordImage(std::string id, std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  images_[std::move(id)] = number;
}

void PowerLossHistory::RecordImportBegun(KeyspaceId keyspace, Content content) {
  const std::lock_guard lock(mutex_);
  imports_[keyspace].begun.push_back(std::move(content));
}

void PowerLossHistory::RecordImportFinished(KeyspaceId keyspace) {
  const std::lock_guard lock(mutex_);
  Imports& imports = imports_[keyspace];
  imports.finished_count = imports.begun.size();
  ++import_count_;
}

Content PowerLossHistory::ReplayUpTo(std::uint64_t number) const {
  Replay replay;
  for (const auto& [at, commit] : commits_) {
    if (at > number) break;
    replay.Apply(commit);
  }
  return replay.content();
}

void PowerLossHistory::CheckReads(std::uint64_t recovered,
                                  std::vector<std::string>& violations) const {
  std::vector<HistoryRead> reads = reads_;
  std::stable_sort(reads.begin(), reads.end(), [](const HistoryRead& a, const HistoryRead& b) {
    return a.view_number < b.view_number;
  });
  Replay replay;
  auto next = commits_.begin();
  for (const HistoryRead& read : reads) {
    if (read.view_number > recovered) {
      violations.push_back(fmt::format("a view at commit {} was read, but commits end at {}",
                                       read.view_number, recovered));
      continue;
    }
    for (; next != commits_.end() && next->first <= read.view_number; ++next) {
      replay.Apply(next->second);
    }
    const auto found = replay.content().find(read.key);
    const bool there = found != replay.content().end();
    if (there != read.value.has_value() || (there && found->second != *read.value)) {
      violations.push_back(fmt::format("a view at commit {} showed another value of '{}'",
                                       read.view_number, read.key));
    }
  }
}

void PowerLossHistory::CheckImages(Store& store, KeyspaceId keyspace,
                                   std::vector<std::string>& violations) const {
  for (const auto& [id, number] : images_) {
    StoreResult<std::unique_ptr<View>> view = store.OpenImage(id, GroupId{1});
    if (!view || *view == nullptr) {
      violations.push_back(fmt::format("image '{}' is lost", id));
      continue;
    }
    const StoreResult<Content> content = ReadContent(**view, keyspace);
    if (!content) {
      violations.push_back(fmt::format("image '{}': {}", id, content.error().message()));
      continue;
    }
    CompareContent(ReplayUpTo(number), *content, "image " + id, violations);
  }
}

// All that has finished is there, but where a later import has begun to replace it.
void PowerLossHistory::CheckImports(const View& view, std::vector<std::string>& violations) const {
  for (const auto& [keyspace, imports] : imports_) {
    const auto number = static_cast<std::uint64_t>(keyspace);
    const StoreResult<Content> found = ReadContent(view, keyspace);
    if (!found) {
      violations.push_back(fmt::format("imports into {}: {}", number, found.error().message()));
      continue;
    }
    Content finished;
    std::set<std::pair<std::string, std::string>> possible;
    for (std::size_t i = 0; i < imports.begun.size(); ++i) {
      if (i < imports.finished_count) {
        for (const auto& [key, value] : imports.begun[i]) finished.insert_or_assign(key, value);
      } else {
        possible.insert(imports.begun[i].begin(), imports.begun[i].end());
      }
    }
    possible.insert(finished.begin(), finished.end());
    for (const auto& [key, value] : finished) {
      if (!found->contains(key)) {
        violations.push_back(fmt::format("imports into {}: key '{}' is lost", number, key));
      }
    }
    for (const auto& entry : *found) {
      if (!possible.contains(entry)) {
        violations.push_back(
            fmt::format("imports into {}: key '{}' has another value", number, entry.first));
      }
    }
  }
}

std::vector<std::string> PowerLossHistory::CheckAndGoOn(Store& store, KeyspaceId keyspace) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> violations;
  StoreResult<std::unique_ptr<View>> view = store.OpenView(GroupId{1}, ReadTier::kDisk);
  if (!view) return {"no view: " + view.error().message()};
  const std::uint64_t recovered = (*view)->position().commit_number();
  if (recovered < answered_number_) {
    violations.push_back(
        fmt::format("commit {} was answered, but commits end at {}", answered_number_, recovered));
  }
  const StoreResult<Content> content = ReadContent(**view, keyspace);
  if (!content) return {"the keyspace cannot be read: " + content.error().message()};
  CompareContent(ReplayUpTo(recovered), *content, "after recovery", violations);
  CheckReads(recovered, violations);
  CheckImages(store, keyspace, violations);
  CheckImports(**view, violations);
  // What was never answered and is gone may get its number again.
  commits_.erase(commits_.upper_bound(recovered), commits_.end());
  return violations;
}

}  // namespace gramme
