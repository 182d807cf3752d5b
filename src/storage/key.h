// The names of things in a Store: keyspaces, groups, keys, positions. Values, all of them.

#ifndef GRAMME_STORAGE_KEY_H_
#define GRAMME_STORAGE_KEY_H_

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace gramme {

// Which map of keys. Given out once, never reused. Ids below kFirstFreeKeyspace are fixed.
enum class KeyspaceId : std::uint64_t {};

// The store's own records (counters, generations, last commit). Nobody else writes there.
inline constexpr KeyspaceId kStoreKeyspace{1};
// Table descriptions and backup records: table/catalog.
inline constexpr KeyspaceId kCatalogKeyspace{2};
// Durable job records: table/jobs.
inline constexpr KeyspaceId kJobKeyspace{3};
// ClientRequestToken records of TransactWriteItems, by token.
inline constexpr KeyspaceId kTokenKeyspace{4};
// Item and byte counters of tables and indexes: table/counters.h.
inline constexpr KeyspaceId kCounterKeyspace{5};
// Descriptions of backups that this server knows: backup/.
inline constexpr KeyspaceId kBackupKeyspace{6};
// Streams that can be read, those of deleted tables too: table/change_log/.
inline constexpr KeyspaceId kStreamKeyspace{7};
inline constexpr KeyspaceId kFirstFreeKeyspace{64};

// What commits together: an ordered range of placement hashes. One machine has one group.
enum class GroupId : std::uint64_t {};

// A key: `bytes` are ordered as unsigned bytes inside the keyspace; `placement` chooses the group
// and is the hash of the partition key (of the base item's, for what belongs to an item).
struct Key {
  KeyspaceId keyspace{};
  std::uint64_t placement = 0;
  std::string bytes;

  friend auto operator<=>(const Key&, const Key&) = default;
};

// [start, end) in the byte order of one keyspace; no end means to the last key.
struct KeyRange {
  std::string start;
  std::optional<std::string> end;
};

// A place in the commit order of one group. Opaque: compared only with positions of the same group,
// and only by the store. A default position is before every commit.
class Position {
 public:
  Position() = default;
  Position(GroupId group, std::uint64_t epoch, std::uint64_t commit_number)
      : group_(group), epoch_(epoch), commit_number_(commit_number) {}

  GroupId group() const { return group_; }
  std::uint64_t epoch() const { return epoch_; }
  // Increasing in queue order, from 1. The witness of the isolation tests and the order of the log.
  std::uint64_t commit_number() const { return commit_number_; }

  friend bool operator==(const Position&, const Position&) = default;

 private:
  GroupId group_{};
  std::uint64_t epoch_ = 0;
  std::uint64_t commit_number_ = 0;
};

// The version of what a write depends on besides its keys: a table's description. `id` is the
// table's, never reused.
struct Guard {
  std::uint64_t id = 0;
  std::uint64_t generation = 0;

  friend bool operator==(const Guard&, const Guard&) = default;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_KEY_H_
