// PowerLossDisk: a disk in memory that remembers what a loss of power would take: bytes that were
// written and not synced, and directory entries (creations, renames, removals) of directories that
// were not synced.
//
// What survives is drawn from a random source: all of it may be dropped, a prefix kept, or some of
// the 512-byte sectors. Names change in order within a directory, as journals keep them.

#ifndef GRAMME_STORAGE_ROCKSDB_TESTING_POWER_LOSS_DISK_H_
#define GRAMME_STORAGE_ROCKSDB_TESTING_POWER_LOSS_DISK_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"

namespace gramme {

// A file or a directory. Guarded by the mutex of its disk.
struct PowerLossNode {
  bool is_directory = false;

  // Of a file: what programs see, and what survives for certain.
  std::string bytes;
  std::string synced_bytes;

  // Of a directory: the same, and the changes between the two. One change may name several entries
  // (a rename); null removes.
  using Entries = std::map<std::string, std::shared_ptr<PowerLossNode>, std::less<>>;
  using Change = std::vector<std::pair<std::string, std::shared_ptr<PowerLossNode>>>;
  Entries entries;
  Entries synced_entries;
  std::vector<Change> unsynced_changes;

  void Apply(const Change& change);
  void SyncEntries();
};

// Thread-safe where it says so; otherwise the caller holds mutex().
class PowerLossDisk {
 public:
  PowerLossDisk();

  // The machine is on from one Boot to the next PowerLoss; a file system of an earlier boot fails
  // in everything. Thread-safe.
  std::uint64_t boot() const;
  bool powered() const;
  // Cuts the power at the moment of the `count`th operation from now. Thread-safe.
  void CutPowerAfter(std::uint64_t count);
  // Cuts the power, if it is still on, and decides what survives. The next boot begins.
  // Thread-safe.
  void PowerLoss(Random& random);

  // From now on appends beyond so many bytes in all files fail for lack of space, after a part was
  // written. Thread-safe.
  void SetCapacity(std::uint64_t byte_count);
  // From now on every sync of a file whose name ends so fails; empty: none. Thread-safe.
  void FailSyncsOf(std::string name_end);

  std::mutex& mutex() const { return mutex_; }
  // Counts an operation of `boot`. False: the power is off, or was lost since that boot.
  bool Operate(std::uint64_t boot);
  // Whether the power was lost since `boot` began, or is off.
  bool lost_power_since(std::uint64_t boot) const { return boot != boot_ || !powered_; }
  bool SyncFails(std::string_view path) const;
  // The node at an absolute path; null where there is none.
  std::shared_ptr<PowerLossNode> Find(std::string_view path) const;
  // The directory that holds `path`, and the last name of it.
  std::pair<std::shared_ptr<PowerLossNode>, std::string> FindParent(std::string_view path) const;
  std::uint64_t used_byte_count() const;
  std::uint64_t capacity() const { return capacity_; }

 private:
  void Survive(PowerLossNode& node, Random& random, std::set<const PowerLossNode*>& seen);

  mutable std::mutex mutex_;
  std::shared_ptr<PowerLossNode> root_;
  std::uint64_t boot_ = 1;
  bool powered_ = true;
  std::uint64_t operations_left_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t capacity_ = std::numeric_limits<std::uint64_t>::max();
  std::string failing_syncs_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_TESTING_POWER_LOSS_DISK_H_
