#include "table/keyspace_removal.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace gramme {
namespace {

// As many as a transaction may write: no Update holds more keys from others.
constexpr std::size_t kUpdateKeyCountMax = 100;

// The keys of a range in one group; nothing when there are more than `count_max`.
StoreResult<std::optional<std::vector<Key>>> FindFewKeys(Store& store, const Group& group,
                                                         KeyspaceId keyspace, const KeyRange& range,
                                                         std::size_t count_max) {
  std::vector<Key> keys;
  bool is_few = true;
  GRAMME_TRY(const auto view, store.OpenView(group.id, ReadTier::kDisk));
  const auto visit = [&](std::string_view key, std::string_view) {
    is_few = keys.size() < count_max;
    // Where it is placed inside the group does not matter to a deletion.
    if (is_few) {
      keys.push_back({.keyspace = keyspace,
                      .placement = group.placement_first,
                      .bytes = std::string(key)});
    }
    return is_few ? ScanStep::kContinue : ScanStep::kStop;
  };
  GRAMME_RETURN_IF_ERROR(view->Scan(keyspace, range, Direction::kForward, visit));
  if (!is_few) return std::optional<std::vector<Key>>();
  return std::optional(std::move(keys));
}

// Queues the deletion of keys of one group; its last position goes to `positions`.
StoreResult<void> Delete(Store& store, std::span<const Key> keys,
                         std::vector<Position>& positions) {
  Position last;
  for (std::size_t first = 0; first < keys.size(); first += kUpdateKeyCountMax) {
    const std::span<const Key> part =
        keys.subspan(first, std::min(kUpdateKeyCountMax, keys.size() - first));
    const auto decide = [&](std::span<const CurrentValue>) {
      WriteBatch batch;
      for (const Key& key : part) batch.Delete(key);
      return std::optional(std::move(batch));
    };
    GRAMME_TRY(const UpdateOutcome outcome, store.Update(part, {}, UpdateOptions{}, decide));
    last = outcome.position;
  }
  if (!keys.empty()) positions.push_back(last);
  return {};
}

// False, and nothing done, when there are too many keys for it.
StoreResult<bool> DeleteFewKeys(Store& store, KeyspaceId keyspace, const KeyRange& range,
                                std::vector<Position>& positions) {
  std::vector<std::vector<Key>> of_groups;
  std::size_t left = kFewKeyCountMax;
  for (const Group& group : store.Groups(keyspace)) {
    GRAMME_TRY(auto keys, FindFewKeys(store, group, keyspace, range, left));
    if (!keys) return false;
    left -= keys->size();
    of_groups.push_back(*std::move(keys));
  }
  for (const std::vector<Key>& keys : of_groups) {
    GRAMME_RETURN_IF_ERROR(Delete(store, keys, positions));
  }
  return true;
}

}  // namespace

StoreResult<void> RemoveKeyspaces(Store& store, std::span<const std::uint64_t> keyspaces,
                                  const KeyRange& counters) {
  std::vector<Position> positions;
  for (const std::uint64_t keyspace : keyspaces) {
    GRAMME_TRY(const bool is_done, DeleteFewKeys(store, KeyspaceId{keyspace}, {}, positions));
    if (!is_done) GRAMME_RETURN_IF_ERROR(store.DropKeyspace(KeyspaceId{keyspace}));
  }
  GRAMME_TRY(const bool is_done, DeleteFewKeys(store, kCounterKeyspace, counters, positions));
  if (!is_done) GRAMME_RETURN_IF_ERROR(store.Trim(kCounterKeyspace, counters));
  for (const Position& position : positions) GRAMME_RETURN_IF_ERROR(store.Await(position));
  return {};
}

}  // namespace gramme
