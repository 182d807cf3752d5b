#include "storage/memory/version_map.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"

namespace gramme {

namespace {

bool IsBeforeEnd(std::string_view key, const KeyRange& range) {
  return !range.end || key < *range.end;
}

}  // namespace

const VersionMap::Version* VersionMap::FindAt(const Chain& chain, std::uint64_t commit_number) {
  for (auto version = chain.versions.rbegin(); version != chain.versions.rend(); ++version) {
    if (version->commit_number <= commit_number) return &*version;
  }
  return nullptr;
}

std::uint64_t VersionMap::ByteCount(const Entries::value_type& entry, const Version& version) {
  return entry.first.size() + (version.value == nullptr ? 0 : version.value->size());
}

const VersionMap::Keyspace* VersionMap::Find(KeyspaceId keyspace,
                                             std::uint64_t commit_number) const {
  const auto found = keyspaces_.find(keyspace);
  if (found == keyspaces_.end() || commit_number >= found->second->dropped_at) return nullptr;
  return found->second.get();
}

VersionMap::Newest VersionMap::ReadNewest(KeyspaceId keyspace, std::string_view bytes) const {
  const auto found = keyspaces_.find(keyspace);
  if (found == keyspaces_.end()) return {};
  if (found->second->dropped_at != std::numeric_limits<std::uint64_t>::max()) {
    return Newest{.value = nullptr, .commit_number = found->second->dropped_at};
  }
  const auto entry = found->second->entries.find(bytes);
  if (entry == found->second->entries.end() || entry->second.versions.empty()) return {};
  const Version& newest = entry->second.versions.back();
  return Newest{.value = newest.value, .commit_number = newest.commit_number};
}

SharedValue VersionMap::ReadAt(KeyspaceId keyspace, std::string_view bytes,
                               std::uint64_t commit_number) const {
  const Keyspace* const space = Find(keyspace, commit_number);
  if (space == nullptr) return nullptr;
  const auto entry = space->entries.find(bytes);
  if (entry == space->entries.end()) return nullptr;
  const Version* const version = FindAt(entry->second, commit_number);
  return version == nullptr ? nullptr : version->value;
}

std::vector<VersionMap::Entry> VersionMap::EntriesAt(KeyspaceId keyspace, const KeyRange& range,
                                                     Direction direction,
                                                     std::uint64_t commit_number,
                                                     std::size_t entry_count_max) const {
  std::vector<Entry> found;
  const Keyspace* const space = Find(keyspace, commit_number);
  if (space == nullptr) return found;
  const Entries& entries = space->entries;
  const auto add = [&](const Entries::value_type& entry) {
    const Version* const version = FindAt(entry.second, commit_number);
    if (version != nullptr && version->value != nullptr) {
      found.push_back(Entry{.key = entry.first, .value = version->value});
    }
    return found.size() < entry_count_max;
  };
  if (direction == Direction::kForward) {
    for (auto entry = entries.lower_bound(range.start);
         entry != entries.end() && IsBeforeEnd(entry->first, range) && add(*entry); ++entry) {
    }
    return found;
  }
  auto entry = range.end ? entries.lower_bound(*range.end) : entries.end();
  while (entry != entries.begin()) {
    --entry;
    if (entry->first < range.start || !add(*entry)) break;
  }
  return found;
}

std::uint64_t VersionMap::RangeByteCount(KeyspaceId keyspace, const KeyRange& range) const {
  const Keyspace* const space = Find(keyspace, std::numeric_limits<std::uint64_t>::max() - 1);
  if (space == nullptr) return 0;
  std::uint64_t byte_count = 0;
  for (auto entry = space->entries.lower_bound(range.start);
       entry != space->entries.end() && IsBeforeEnd(entry->first, range); ++entry) {
    const std::vector<Version>& versions = entry->second.versions;
    if (versions.empty() || versions.back().value == nullptr) continue;
    byte_count += ByteCount(*entry, versions.back());
  }
  return byte_count;
}

std::uint64_t VersionMap::KeyspaceByteCount(KeyspaceId keyspace) const {
  const auto found = keyspaces_.find(keyspace);
  return found == keyspaces_.end() ? 0 : found->second->byte_count;
}

void VersionMap::Write(std::uint64_t commit_number, KeyspaceId keyspace, std::string_view bytes,
                       SharedValue value) {
  std::shared_ptr<Keyspace>& space = keyspaces_[keyspace];
  if (space == nullptr) space = std::make_shared<Keyspace>();
  GRAMME_CHECK(space->dropped_at == std::numeric_limits<std::uint64_t>::max(),
               "a write into a keyspace that was dropped");
  auto entry = space->entries.lower_bound(bytes);
  const bool exists = entry != space->entries.end() && entry->first == bytes;
  const bool has_versions = exists && !entry->second.versions.empty();
  if (value == nullptr && !has_versions) return;
  if (!exists) entry = space->entries.emplace_hint(entry, std::string(bytes), Chain{});
  Append(space, entry, Version{.commit_number = commit_number, .value = std::move(value)});
}

void VersionMap::DeleteRange(std::uint64_t commit_number, KeyspaceId keyspace,
                             const KeyRange& range) {
  const auto found = keyspaces_.find(keyspace);
  if (found == keyspaces_.end()) return;
  const std::shared_ptr<Keyspace>& space = found->second;
  for (auto entry = space->entries.lower_bound(range.start);
       entry != space->entries.end() && IsBeforeEnd(entry->first, range); ++entry) {
    const std::vector<Version>& versions = entry->second.versions;
    if (versions.empty() || versions.back().value == nullptr) continue;
    Append(space, entry, Version{.commit_number = commit_number, .value = nullptr});
  }
}

void VersionMap::Append(const std::shared_ptr<Keyspace>& keyspace, Entries::iterator entry,
                        Version version) {
  std::vector<Version>& versions = entry->second.versions;
  keyspace->byte_count += ByteCount(*entry, version);
  if (!versions.empty() && versions.back().commit_number == version.commit_number) {
    keyspace->byte_count -= ByteCount(*entry, versions.back());
    versions.back() = std::move(version);
  } else {
    if (version.commit_number > settled_) {
      unsettled_.push_back(
          Mark{.commit_number = version.commit_number, .keyspace = keyspace, .entry = entry});
    }
    versions.push_back(std::move(version));
  }
  RemoveUnseen(*keyspace, *entry);
  ListIfGarbage(keyspace, entry);
}

void VersionMap::Drop(std::uint64_t commit_number, KeyspaceId keyspace) {
  GRAMME_CHECK(commit_number <= settled_, "a drop cannot be undone");
  std::shared_ptr<Keyspace>& space = keyspaces_[keyspace];
  if (space == nullptr) space = std::make_shared<Keyspace>();
  if (space->dropped_at <= commit_number) return;
  space->dropped_at = commit_number;
  dropped_.push_back(DroppedKeyspace{.commit_number = commit_number, .id = keyspace});
}

void VersionMap::Settle(std::uint64_t commit_number) {
  settled_ = std::max(settled_, commit_number);
  while (!unsettled_.empty() && unsettled_.front().commit_number <= settled_) {
    unsettled_.pop_front();
  }
}

void VersionMap::UndoUnsettled() {
  while (!unsettled_.empty()) {
    const Mark mark = std::move(unsettled_.back());
    unsettled_.pop_back();
    std::vector<Version>& versions = mark.entry->second.versions;
    while (!versions.empty() && versions.back().commit_number > settled_) {
      mark.keyspace->byte_count -= ByteCount(*mark.entry, versions.back());
      versions.pop_back();
    }
    ListIfGarbage(mark.keyspace, mark.entry);
  }
}

std::uint64_t VersionMap::Floor() const {
  return pins_.empty() ? settled_ : std::min(settled_, *pins_.begin());
}

bool VersionMap::IsSeen(const Chain& chain, std::size_t index) const {
  if (index + 1 == chain.versions.size()) return true;
  const std::uint64_t next = chain.versions[index + 1].commit_number;
  // Not settled: the next version may be undone, and readers still open at the settled number.
  if (next > settled_) return true;
  const auto pin = pins_.lower_bound(chain.versions[index].commit_number);
  return pin != pins_.end() && *pin < next;
}

void VersionMap::RemoveUnseen(Keyspace& keyspace, Entries::value_type& entry) {
  std::vector<Version>& versions = entry.second.versions;
  std::size_t kept_count = 0;
  for (std::size_t index = 0; index < versions.size(); ++index) {
    if (!IsSeen(entry.second, index)) {
      keyspace.byte_count -= ByteCount(entry, versions[index]);
      continue;
    }
    // Never ahead of `index`, so the versions still to be judged stand untouched.
    if (kept_count != index) versions[kept_count] = std::move(versions[index]);
    ++kept_count;
  }
  versions.resize(kept_count);
}

void VersionMap::ListIfGarbage(const std::shared_ptr<Keyspace>& keyspace, Entries::iterator entry) {
  Chain& chain = entry->second;
  const bool is_garbage = chain.versions.size() != 1 || chain.versions.back().value == nullptr;
  if (!is_garbage || chain.is_listed) return;
  chain.is_listed = true;
  const std::uint64_t number =
      chain.versions.empty() ? settled_ : chain.versions.back().commit_number;
  garbage_.push_back(Mark{.commit_number = number, .keyspace = keyspace, .entry = entry});
}

bool VersionMap::Collect(std::size_t entry_count_max) {
  const std::uint64_t floor = Floor();
  while (!dropped_.empty() && dropped_.front().commit_number <= floor) {
    // The id stays known, so that a later write into it is caught. Its entries go: garbage_ may
    // still point into them, so it lets go of them first.
    const std::shared_ptr<Keyspace>& space = keyspaces_[dropped_.front().id];
    std::erase_if(garbage_, [&](const Mark& mark) { return mark.keyspace == space; });
    space->entries.clear();
    space->byte_count = 0;
    dropped_.pop_front();
  }
  for (std::size_t count = 0; count < entry_count_max; ++count) {
    if (garbage_.empty() || garbage_.front().commit_number > floor) return false;
    const Mark mark = std::move(garbage_.front());
    garbage_.pop_front();
    Chain& chain = mark.entry->second;
    chain.is_listed = false;
    RemoveUnseen(*mark.keyspace, *mark.entry);
    const bool is_gone = chain.versions.empty() ||
                         (chain.versions.size() == 1 && chain.versions[0].value == nullptr &&
                          chain.versions[0].commit_number <= floor);
    if (is_gone) {
      if (!chain.versions.empty()) {
        mark.keyspace->byte_count -= ByteCount(*mark.entry, chain.versions[0]);
      }
      mark.keyspace->entries.erase(mark.entry);
    } else {
      ListIfGarbage(mark.keyspace, mark.entry);
    }
  }
  return !garbage_.empty() && garbage_.front().commit_number <= floor;
}

std::size_t VersionMap::VersionCount() const {
  std::size_t count = 0;
  for (const auto& [id, space] : keyspaces_) {
    for (const auto& [key, chain] : space->entries) count += chain.versions.size();
  }
  return count;
}

}  // namespace gramme
