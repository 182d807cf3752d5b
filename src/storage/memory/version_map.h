// VersionMap: the entries of one group, each a chain of versions by commit number. The heart of the
// memory store; it knows no locks, no queue and no clients.
//
// Commit numbers of writes never go down. Versions above the settled number can be undone; what no
// pinned number, no unsettled write and no later reader can see is collected. Not thread-safe: its
// owner holds a lock, shared for const methods.

#ifndef GRAMME_STORAGE_MEMORY_VERSION_MAP_H_
#define GRAMME_STORAGE_MEMORY_VERSION_MAP_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/key.h"
#include "storage/store.h"

namespace gramme {

// Shared so that readers need no copy under the lock. Null: absent.
using SharedValue = std::shared_ptr<const std::string>;

class VersionMap {
 public:
  struct Newest {
    SharedValue value;
    std::uint64_t commit_number = 0;  // of the newest version, a deletion too; 0 when none is left
  };
  struct Entry {
    std::string key;
    SharedValue value;
  };

  // The newest version, settled or not.
  Newest ReadNewest(KeyspaceId keyspace, std::string_view bytes) const;
  // What a reader at `commit_number` sees. REQUIRES: pinned, or settled and not yet superseded.
  SharedValue ReadAt(KeyspaceId keyspace, std::string_view bytes,
                     std::uint64_t commit_number) const;
  // The first entries of the range in the given direction, at most `entry_count_max`, as a reader
  // at `commit_number` sees them.
  std::vector<Entry> EntriesAt(KeyspaceId keyspace, const KeyRange& range, Direction direction,
                               std::uint64_t commit_number, std::size_t entry_count_max) const;
  // Bytes of the newest versions in a range, keys included.
  std::uint64_t RangeByteCount(KeyspaceId keyspace, const KeyRange& range) const;
  // Bytes of all versions of a keyspace, keys included.
  std::uint64_t KeyspaceByteCount(KeyspaceId keyspace) const;

  // A new version; null deletes. REQUIRES: the keyspace was not dropped.
  void Write(std::uint64_t commit_number, KeyspaceId keyspace, std::string_view bytes,
             SharedValue value);
  void DeleteRange(std::uint64_t commit_number, KeyspaceId keyspace, const KeyRange& range);
  // Every key is gone for readers from `commit_number` on. Cannot be undone.
  // REQUIRES: `commit_number` is settled.
  void Drop(std::uint64_t commit_number, KeyspaceId keyspace);

  // Versions up to `commit_number` stay for good.
  void Settle(std::uint64_t commit_number);
  // Removes every version that is not settled.
  void UndoUnsettled();

  // Keeps what a reader at `commit_number` sees until Unpin, which takes one Pin back.
  void Pin(std::uint64_t commit_number) { pins_.insert(commit_number); }
  void Unpin(std::uint64_t commit_number) { pins_.erase(pins_.find(commit_number)); }
  // Frees what nobody can see, at most `entry_count_max` entries. True when more is waiting.
  bool Collect(std::size_t entry_count_max);

  // Versions held, for tests of the collection.
  std::size_t VersionCount() const;

 private:
  struct Version {
    std::uint64_t commit_number = 0;
    SharedValue value;
  };
  struct Chain {
    std::vector<Version> versions;  // ascending
    bool is_listed = false;         // stands in garbage_
  };
  using Entries = std::map<std::string, Chain, std::less<>>;
  struct Keyspace {
    Entries entries;
    std::uint64_t byte_count = 0;
    std::uint64_t dropped_at = std::numeric_limits<std::uint64_t>::max();
  };
  // An entry written, or worth a look, at a commit number. Entries leave a keyspace only in
  // Collect, through garbage_, so the iterators stay valid.
  struct Mark {
    std::uint64_t commit_number = 0;
    std::shared_ptr<Keyspace> keyspace;
    Entries::iterator entry;
  };
  struct DroppedKeyspace {
    std::uint64_t commit_number = 0;
    KeyspaceId id{};
  };

  static const Version* FindAt(const Chain& chain, std::uint64_t commit_number);
  static std::uint64_t ByteCount(const Entries::value_type& entry, const Version& version);

  const Keyspace* Find(KeyspaceId keyspace, std::uint64_t commit_number) const;
  std::uint64_t Floor() const;
  bool IsSeen(const Chain& chain, std::size_t index) const;
  void Append(const std::shared_ptr<Keyspace>& keyspace, Entries::iterator entry, Version version);
  void RemoveUnseen(Keyspace& keyspace, Entries::value_type& entry);
  void ListIfGarbage(const std::shared_ptr<Keyspace>& keyspace, Entries::iterator entry);

  std::map<KeyspaceId, std::shared_ptr<Keyspace>> keyspaces_;
  std::multiset<std::uint64_t> pins_;
  std::uint64_t settled_ = 0;
  std::deque<Mark> unsettled_;
  std::deque<Mark> garbage_;
  std::deque<DroppedKeyspace> dropped_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_MEMORY_VERSION_MAP_H_
