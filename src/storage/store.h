// Store: an ordered, transactional map from byte strings to byte strings. The one seam between
// Gramme and whatever keeps its bytes. It knows no items, tables or indexes; nothing above it knows
// which engine is below, that it is local, or that it has one group.
//
// The model in three lines: keys live in keyspaces and are placed in groups; an Update reads the
// keys it names, decides and queues its writes as one atomic step; a View shows one group unchanged
// at one position, and everything that it shows is durable.
//
// An Update does not wait for the disk. Its outcome is decided and ordered when it returns, and
// durable when Release says so; whoever answers a client passes that gate first.
//
// All methods are thread-safe. Every key, value and range is copied; nothing is borrowed after a
// call returns, except by a View, which keeps its store's data, not the store's life: destroy views
// before the store. The suite storage/testing/store_suite.h (K1) holds for every implementation.

#ifndef GRAMME_STORAGE_STORE_H_
#define GRAMME_STORAGE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/function_ref.h"
#include "base/status.h"
#include "storage/key.h"
#include "storage/write_batch.h"

namespace gramme {

// kMemory: answer kWouldBlock rather than wait for the disk. For calls on a network thread.
enum class ReadTier { kMemory, kDisk };

enum class Direction { kForward, kBackward };

// One group of a keyspace: it owns the placement hashes [first, last].
struct Group {
  GroupId id{};
  std::uint64_t epoch = 0;
  std::uint64_t placement_first = 0;
  std::uint64_t placement_last = UINT64_MAX;
};

// Sees the value of a key. It is valid during the call only.
using ValueVisitor = FunctionRef<void(std::string_view value)>;

enum class ScanStep { kContinue, kStop };

// Sees one entry of a scan. The views are valid during the call only.
using ScanVisitor = FunctionRef<ScanStep(std::string_view key, std::string_view value)>;

// One group, unchanging, at one position. Every value is durable. Thread-safe. Destroy it before
// the request that opened it ends: an open view keeps old versions from being reclaimed. Whatever
// is written meanwhile, reading it meets no conflict.
class View {
 public:
  virtual ~View() = default;

  virtual Position position() const = 0;

  // The value, or nothing where the key is absent. Errors: kWouldBlock, kCorruption, kIoError.
  virtual StoreResult<std::optional<std::string>> Get(const Key& key) const = 0;
  // As Get for each, in order.
  virtual StoreResult<std::vector<std::optional<std::string>>> MultiGet(
      std::span<const Key> keys) const = 0;
  // Calls `visit` for each entry of the range that the group holds, in key order or against it,
  // until it says kStop. The result is an error if any part of the range could not be read, so an
  // iteration that merely ended early cannot be mistaken for one that finished.
  virtual StoreResult<void> Scan(KeyspaceId keyspace, const KeyRange& range, Direction direction,
                                 ScanVisitor visit) const = 0;
};

// An immutable copy of some keyspaces at one instant that survives a restart: the source of a
// backup. Scanned like a view.
struct ImageDescription {
  std::string id;  // given by the caller of Freeze
  std::vector<KeyspaceId> keyspaces;
  std::vector<Position> positions;    // one per group
  WallTime commit_time{};             // of the last commit it holds
  std::uint64_t disk_byte_count = 0;  // what it pins at most
};

// What an Update read for one of its keys: the newest queued or committed value, or absent.
using CurrentValue = std::optional<std::string_view>;

// Decides an Update: the batch to write, or nothing to refuse. Pure: it may run again, depends on
// `values` (one per key, in the order given, valid during the call) and on fixed inputs, does no
// I/O and calls no store. Writes keys among those of the Update, or keys that one of them owns
// (index entries, log records, counters). An empty batch is a commit that changes nothing.
using Decide = FunctionRef<std::optional<WriteBatch>(std::span<const CurrentValue> values)>;

struct UpdateOptions {
  ReadTier tier = ReadTier::kDisk;
  // Past it the Update gives up with kDeadline, surely not applied. None: the store's default.
  std::optional<MonotonicTime> deadline;
};

struct UpdateOutcome {
  bool committed = false;  // false: `decide` refused
  // The highest commit that the outcome depends on: its own, or that of a queued value it read.
  Position position;
  // Of the commit: max(last + 1 microsecond, now). Zero when refused.
  WallTime commit_time{};
};

using ReleaseCallback = std::move_only_function<void(StoreResult<void>)>;

struct KeyValue {
  Key key;
  std::string value;
};

// Entries of one keyspace on their way into a store, in the order of their keys, by the hundred
// thousand: a store may lay them down as a whole instead of queueing each. Used by one thread;
// destroyed before the store.
class Importer {
 public:
  // What was appended since the last Finish is given up; any part of it may be there nevertheless.
  virtual ~Importer() = default;

  // REQUIRES: `key` is in the keyspace of the one before, and comes after it; of the first after a
  // Finish nothing is required. Errors: the store's; the importer is of no more use.
  virtual StoreResult<void> Append(const Key& key, std::string_view value) = 0;
  // All that was appended is durable when it returns. What is appended between two calls may be
  // held back and laid down as one piece: some tens of megabytes are a good measure. Waits for the
  // disk. Errors: the store's; the importer is of no more use.
  virtual StoreResult<void> Finish() = 0;
};

// Reads again, from the disk and not from memory, what a store keeps, and compares it with the
// checksums that were kept of it. Used by one thread at a time; destroyed before the store.
class StoreFileCheck {
 public:
  virtual ~StoreFileCheck() = default;

  // Reads some `byte_count` bytes more; what can only be verified as a whole, some tens of
  // megabytes at most, is read at once. True: everything has been read, and what no call has named
  // was good. Errors: kCorruption, kIoError, naming what is damaged or cannot be read; the next
  // call goes on behind it. kUnavailable: the store is closed.
  virtual StoreResult<bool> Step(std::uint64_t byte_count) = 0;
  // Read so far.
  virtual std::uint64_t byte_count() const = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Groups of this store in the order of their placement hashes, without gap or overlap.
  virtual std::vector<Group> Groups(KeyspaceId keyspace) const = 0;
  virtual GroupId GroupOf(const Key& key) const = 0;

  // A view of `group` opened between two commits; it holds every commit that was released before
  // the call. Errors: kMoved, kUnavailable.
  virtual StoreResult<std::unique_ptr<View>> OpenView(GroupId group, ReadTier tier) = 0;

  // As OpenView(GroupOf(key), tier) and Get(key), for requests that look at one key and nothing
  // else: without a view of their own, and without a copy where the store can lend the value.
  // Calls `visit` unless the key is absent, and says whether it did. `visit` calls no store.
  virtual StoreResult<bool> Read(const Key& key, ReadTier tier, ValueVisitor visit);

  // The only way to write items. Reads `keys`, calls `decide`, checks `guards` where the commit
  // number is given, and queues the batch: one atomic, isolated step, or nothing when it refuses.
  // Keys may repeat only as duplicates of value; all lie in one group.
  // Errors: kWouldBlock (tier kMemory), kStale (a guard is older than the group's), kConflict,
  // kOverloaded, kDeadline, kOutOfSpace, kUnavailable, kMoved, kCorruption, kIoError: surely not
  // applied; kUnknown: perhaps. A kConflict names in its key_index the first of `keys` that another
  // Update holds, where the store can tell.
  virtual StoreResult<UpdateOutcome> Update(std::span<const Key> keys,
                                            std::span<const Guard> guards,
                                            const UpdateOptions& options, Decide decide) = 0;

  // Calls `done` once: with success when everything up to `position` is durable and the group still
  // owned, with an error when it never will be. On a thread of the store, or inside this call when
  // that is already known. `done` does not block.
  virtual void Release(const Position& position, ReleaseCallback done) = 0;
  // Waits for the same. For jobs, never on a network thread.
  virtual StoreResult<void> Await(const Position& position) = 0;

  // A fresh, empty keyspace whose id no later one gets, durable in commit order: an Update that
  // names it is never recovered without it.
  virtual StoreResult<KeyspaceId> CreateKeyspace() = 0;
  // Removes every key at once, durably when it returns; the space comes back later. No Update may
  // write to it any more. Dropping an absent keyspace succeeds.
  virtual StoreResult<void> DropKeyspace(KeyspaceId keyspace) = 0;
  // Removes the keys of a range of one keyspace, in commit order. For logs and expired records.
  virtual StoreResult<void> Trim(KeyspaceId keyspace, const KeyRange& range) = 0;
  // Writes entries of one group into a keyspace that no Update writes meanwhile (a restore's),
  // without reading. Queued in order; durable once Await(position) succeeds. Blocks while the queue
  // is full.
  virtual StoreResult<Position> Import(std::span<const KeyValue> entries) = 0;
  // The same for entries that come in the order of their keys, of any group. They may pass the
  // queue by: until an importer has finished, views may show them or not, and its keyspace is not
  // dropped. Entries that are there already are replaced.
  virtual std::unique_ptr<Importer> BeginImport();
  // Bytes on disk of a range, approximately.
  virtual StoreResult<std::uint64_t> ApproximateSize(KeyspaceId keyspace,
                                                     const KeyRange& range) = 0;

  // Makes a durable image `image_id` of `keyspaces` at one instant between two commits, holding
  // every commit released before the call. The id is new, 1 to 64 characters of [a-z0-9-].
  virtual StoreResult<ImageDescription> Freeze(std::string_view image_id,
                                               std::span<const KeyspaceId> keyspaces) = 0;
  // A view of an image; absent: nothing. The view's position is the image's.
  virtual StoreResult<std::unique_ptr<View>> OpenImage(std::string_view image_id,
                                                       GroupId group) = 0;
  virtual StoreResult<std::vector<ImageDescription>> ListImages() = 0;
  // Removes an image; its views must be gone. Releasing an absent image succeeds.
  virtual StoreResult<void> ReleaseImage(std::string_view image_id) = 0;

  // A check of what the store keeps now, or an image of its keyspaces; one that is absent: null.
  // What goes meanwhile (by a compaction, by a release) is left out, what comes is not looked at.
  // Of the log in use nothing is read: opening the store does that. Errors: kCorruption, naming an
  // image that is too damaged to be opened; kIoError.
  virtual StoreResult<std::unique_ptr<StoreFileCheck>> BeginFileCheck(
      std::optional<std::string_view> image_id) = 0;

  // `gained` is called for each group that this process owns, now and later; `lost` when one goes.
  // On one machine: at once, and at Close. Set once, before the first request.
  virtual void OnGroupChange(std::function<void(GroupId)> gained,
                             std::function<void(GroupId)> lost) = 0;

  // Flushes, marks the stop as clean, refuses everything afterwards with kUnavailable. Idempotent.
  virtual StoreResult<void> Close() = 0;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_STORE_H_
