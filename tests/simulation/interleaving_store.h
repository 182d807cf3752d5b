// InterleavingStore: a Store that lets other work run at the moment between what a writer has
// looked at and its Update, as threads would. Everything else it hands on.

#ifndef GRAMME_TESTS_SIMULATION_INTERLEAVING_STORE_H_
#define GRAMME_TESTS_SIMULATION_INTERLEAVING_STORE_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/store.h"

namespace gramme {

// Single-threaded. Outlived by the store it stands before.
class InterleavingStore final : public Store {
 public:
  // `pause` runs other work; it is called before Updates that have guards, whose callers hold no
  // locks.
  InterleavingStore(Store& store, std::function<void()> pause)
      : store_(store), pause_(std::move(pause)) {}

  std::vector<Group> Groups(KeyspaceId keyspace) const override { return store_.Groups(keyspace); }
  GroupId GroupOf(const Key& key) const override { return store_.GroupOf(key); }
  StoreResult<std::unique_ptr<View>> OpenView(GroupId group, ReadTier tier) override {
    return store_.OpenView(group, tier);
  }
  // With the planted bug `guard_ignored`, the guards are.
  StoreResult<UpdateOutcome> Update(std::span<const Key> keys, std::span<const Guard> guards,
                                    const UpdateOptions& options, Decide decide) override;
  void Release(const Position& position, ReleaseCallback done) override {
    store_.Release(position, std::move(done));
  }
  StoreResult<void> Await(const Position& position) override { return store_.Await(position); }
  StoreResult<KeyspaceId> CreateKeyspace() override { return store_.CreateKeyspace(); }
  StoreResult<void> DropKeyspace(KeyspaceId keyspace) override {
    return store_.DropKeyspace(keyspace);
  }
  StoreResult<void> Trim(KeyspaceId keyspace, const KeyRange& range) override {
    return store_.Trim(keyspace, range);
  }
  StoreResult<Position> Import(std::span<const KeyValue> entries) override {
    return store_.Import(entries);
  }
  StoreResult<std::uint64_t> ApproximateSize(KeyspaceId keyspace, const KeyRange& range) override {
    return store_.ApproximateSize(keyspace, range);
  }
  StoreResult<ImageDescription> Freeze(std::string_view image_id,
                                       std::span<const KeyspaceId> keyspaces) override {
    return store_.Freeze(image_id, keyspaces);
  }
  StoreResult<std::unique_ptr<View>> OpenImage(std::string_view image_id, GroupId group) override {
    return store_.OpenImage(image_id, group);
  }
  StoreResult<std::vector<ImageDescription>> ListImages() override { return store_.ListImages(); }
  StoreResult<void> ReleaseImage(std::string_view image_id) override {
    return store_.ReleaseImage(image_id);
  }
  StoreResult<std::unique_ptr<StoreFileCheck>> BeginFileCheck(
      std::optional<std::string_view> image_id) override {
    return store_.BeginFileCheck(image_id);
  }
  void OnGroupChange(std::function<void(GroupId)> gained,
                     std::function<void(GroupId)> lost) override {
    store_.OnGroupChange(std::move(gained), std::move(lost));
  }
  StoreResult<void> Close() override { return store_.Close(); }

 private:
  Store& store_;
  std::function<void()> pause_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_INTERLEAVING_STORE_H_
