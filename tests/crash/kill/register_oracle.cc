#include "tests/crash/kill/register_oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gramme {
namespace {

constexpr std::size_t kShownVersionsMax = 12;

std::string ShowMoment(Moment moment) {
  return moment == ~Moment{0} ? "open" : std::to_string(moment);
}

}  // namespace

RegisterOracle::RegisterOracle() {
  Reset(std::vector<std::optional<WriteId>>(static_cast<std::size_t>(kKeyCount)));
}

WriteId RegisterOracle::Begin(std::vector<Target> targets) {
  const std::lock_guard lock(mutex_);
  Write& write = writes_.emplace_back(Write{.id = ++last_id_, .sent = Next(), .targets = targets});
  by_id_[write.id] = &write;
  for (const Target& target : targets) {
    versions_[static_cast<std::size_t>(target.key)].push_back({&write, target.is_delete});
  }
  return write.id;
}

void RegisterOracle::MarkKnown(Write& write) { write.known = std::min(write.known, Next()); }

void RegisterOracle::Acknowledge(WriteId id) {
  const std::lock_guard lock(mutex_);
  MarkKnown(*by_id_.at(id));
}

void RegisterOracle::Refuse(WriteId id) {
  const std::lock_guard lock(mutex_);
  by_id_.at(id)->is_refused = true;
}

Moment RegisterOracle::Now() {
  const std::lock_guard lock(mutex_);
  return Next();
}

bool RegisterOracle::IsOutOfDate(int key, const Version& version, Moment moment) const {
  return std::ranges::any_of(versions_[static_cast<std::size_t>(key)], [&](const Version& other) {
    return other.write != version.write && other.write->known < moment &&
           version.write->known < other.write->sent;
  });
}

RegisterOracle::Version* RegisterOracle::FindVersion(int key, WriteId id) {
  std::vector<Version>& versions = versions_[static_cast<std::size_t>(key)];
  const auto found = std::ranges::find_if(versions, [&](const Version& version) {
    return version.write->id == id && !version.is_delete;
  });
  return found == versions.end() ? nullptr : &*found;
}

bool RegisterOracle::IsOurs(int key, WriteId id) {
  const std::lock_guard lock(mutex_);
  return FindVersion(key, id) != nullptr;
}

std::optional<std::string> RegisterOracle::CheckRead(Moment sent, int key,
                                                     std::optional<WriteId> found) {
  const std::lock_guard lock(mutex_);
  return Check(sent, key, found);
}

std::optional<std::string> RegisterOracle::Check(Moment sent, int key,
                                                 std::optional<WriteId> found) {
  if (found) {
    Version* const version = FindVersion(key, *found);
    if (version == nullptr) {
      return Describe(
          key, fmt::format("shows write {}, which nobody sent since the last restart", *found));
    }
    if (version->write->is_refused) {
      return Describe(key, fmt::format("shows write {}, which was refused", *found));
    }
    if (IsOutOfDate(key, *version, sent)) {
      return Describe(key, fmt::format("shows write {}, which is out of date", *found));
    }
    MarkKnown(*version->write);
    return std::nullopt;
  }
  std::vector<Write*> candidates;
  for (const Version& version : versions_[static_cast<std::size_t>(key)]) {
    if (version.is_delete && !version.write->is_refused && !IsOutOfDate(key, version, sent)) {
      candidates.push_back(version.write);
    }
  }
  if (candidates.empty()) return Describe(key, "is absent, and no delete can be the reason");
  // The only possible reason is the true one.
  if (candidates.size() == 1) MarkKnown(*candidates.front());
  return std::nullopt;
}

std::vector<std::string> RegisterOracle::Settle(const std::vector<std::optional<WriteId>>& found) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> violations;
  // Twice: what one key shows of a transaction tells about its other keys, earlier ones too.
  for (const bool is_last : {false, true}) {
    for (int key = 0; key < kKeyCount; ++key) {
      auto wrong = Check(kNever, key, found[static_cast<std::size_t>(key)]);
      if (wrong && is_last) violations.push_back(*std::move(wrong));
    }
  }
  Reset(found);
  return violations;
}

void RegisterOracle::Reset(const std::vector<std::optional<WriteId>>& truth) {
  writes_.clear();
  by_id_.clear();
  versions_.assign(static_cast<std::size_t>(kKeyCount), {});
  for (std::size_t key = 0; key < truth.size(); ++key) {
    Write& write = writes_.emplace_back(Write{.id = truth[key].value_or(0), .sent = Next()});
    write.known = Next();
    versions_[key].push_back({&write, !truth[key].has_value()});
  }
}

std::string RegisterOracle::Describe(int key, const std::string& what) const {
  const std::vector<Version>& versions = versions_[static_cast<std::size_t>(key)];
  std::string text = fmt::format("item {} {}; its last writes:", KeyJson(key), what);
  const std::size_t first =
      versions.size() > kShownVersionsMax ? versions.size() - kShownVersionsMax : 0;
  for (std::size_t i = first; i < versions.size(); ++i) {
    const Write& write = *versions[i].write;
    text += fmt::format(" [{}{} of {} keys, sent {}, {}]", versions[i].is_delete ? "delete " : "",
                        write.id, write.targets.size(), write.sent,
                        write.is_refused ? "refused" : "known " + ShowMoment(write.known));
  }
  return text;
}

}  // namespace gramme
