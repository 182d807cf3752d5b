#include "storage/memory/memory_store.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/result.h"

namespace gramme {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::size_t kImageIdLengthMax = 64;

MemoryStoreOptions Completed(MemoryStoreOptions options) {
  GRAMME_CHECK(options.group_count > 0, "a store has a group");
  if (options.clock == nullptr) options.clock = &SystemClock();
  return options;
}

// The first placement of group `index` of `count`: equal parts of all hashes.
std::uint64_t PlacementFirst(std::size_t index, std::size_t count) {
  const Wide all = Wide{1} << 64;
  return static_cast<std::uint64_t>((all * index + count - 1) / count);
}

// There is no disk: nothing to read.
class NoFileCheck : public StoreFileCheck {
 public:
  StoreResult<bool> Step(std::uint64_t) override { return true; }
  std::uint64_t byte_count() const override { return 0; }
};

bool IsImageId(std::string_view id) {
  return !id.empty() && id.size() <= kImageIdLengthMax && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

MemoryStore::MemoryStore(const MemoryStoreOptions& options)
    : options_(Completed(options)), next_keyspace_(static_cast<std::uint64_t>(kFirstFreeKeyspace)) {
  for (std::size_t index = 0; index < options_.group_count; ++index) {
    const bool is_last = index + 1 == options_.group_count;
    groups_.push_back(std::make_unique<MemoryGroup>(
        Group{.id = GroupId{index + 1},
              .epoch = 1,
              .placement_first = PlacementFirst(index, options_.group_count),
              .placement_last =
                  is_last ? UINT64_MAX : PlacementFirst(index + 1, options_.group_count) - 1},
        options_));
  }
}

MemoryStore::~MemoryStore() { FailQueued(StatusCode::kUnknown); }

MemoryGroup* MemoryStore::Find(GroupId group) const {
  const auto number = static_cast<std::uint64_t>(group);
  return number == 0 || number > groups_.size() ? nullptr : groups_[number - 1].get();
}

MemoryGroup& MemoryStore::Get(GroupId group) const {
  MemoryGroup* const found = Find(group);
  GRAMME_CHECK(found != nullptr, "a group that the store never had");
  return *found;
}

MemoryGroup& MemoryStore::OwnerOf(std::uint64_t placement) const {
  return *groups_[static_cast<std::size_t>(Wide{placement} * groups_.size() >> 64)];
}

StoreResult<void> MemoryStore::CheckOpen() const {
  if (is_closed_) return StoreError(StatusCode::kUnavailable, "the store is closed");
  return {};
}

std::vector<Group> MemoryStore::Groups(KeyspaceId) const {
  std::vector<Group> described;
  for (const auto& group : groups_) described.push_back(group->description());
  return described;
}

GroupId MemoryStore::GroupOf(const Key& key) const { return OwnerOf(key.placement).id(); }

StoreResult<std::unique_ptr<View>> MemoryStore::OpenView(GroupId group, ReadTier tier) {
  MemoryGroup* const found = Find(group);
  if (found == nullptr) return StoreError(StatusCode::kMoved, "no such group");
  if (options_.faults != nullptr) {
    const std::optional<StatusCode> fault = options_.faults->OnOpenView();
    if (fault) return StoreError(*fault, "injected into the opening of a view");
  }
  return found->OpenView(tier);
}

StoreResult<UpdateOutcome> MemoryStore::Update(std::span<const Key> keys,
                                               std::span<const Guard> guards,
                                               const UpdateOptions& options, Decide decide) {
  GRAMME_CHECK(!keys.empty(), "an Update names its keys");
  MemoryGroup& group = OwnerOf(keys.front().placement);
  for (const Key& key : keys) {
    GRAMME_CHECK(group.Owns(key.placement), "an Update of keys of two groups");
  }
  return group.Update(keys, guards, options, decide);
}

void MemoryStore::Release(const Position& position, ReleaseCallback done) {
  if (position == Position()) return done({});
  Get(position.group()).Release(position, std::move(done));
}

StoreResult<void> MemoryStore::Await(const Position& position) {
  if (position == Position()) return {};
  return Get(position.group()).Await(position);
}

StoreResult<KeyspaceId> MemoryStore::CreateKeyspace() {
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOpen());
  return KeyspaceId{next_keyspace_++};
}

StoreResult<void> MemoryStore::DropKeyspace(KeyspaceId keyspace) {
  for (const auto& group : groups_) GRAMME_RETURN_IF_ERROR(group->Drop(keyspace));
  return {};
}

StoreResult<void> MemoryStore::Trim(KeyspaceId keyspace, const KeyRange& range) {
  for (const auto& group : groups_) GRAMME_RETURN_IF_ERROR(group->Trim(keyspace, range));
  return {};
}

StoreResult<Position> MemoryStore::Import(std::span<const KeyValue> entries) {
  if (entries.empty()) return Position();
  return OwnerOf(entries.front().key.placement).Import(entries);
}

StoreResult<std::uint64_t> MemoryStore::ApproximateSize(KeyspaceId keyspace,
                                                        const KeyRange& range) {
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOpen());
  std::uint64_t byte_count = 0;
  for (const auto& group : groups_) byte_count += group->RangeByteCount(keyspace, range);
  return byte_count;
}

StoreResult<ImageDescription> MemoryStore::Freeze(std::string_view image_id,
                                                  std::span<const KeyspaceId> keyspaces) {
  GRAMME_CHECK(IsImageId(image_id), "an image id is 1 to 64 characters of [a-z0-9-]");
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOpen());
  if (images_.contains(image_id)) return StoreError(StatusCode::kConflict, "the image exists");
  ImageDescription image{.id = std::string(image_id),
                         .keyspaces = {keyspaces.begin(), keyspaces.end()},
                         .positions = {}};
  std::vector<std::unique_lock<std::mutex>> held;
  for (const auto& group : groups_) held.push_back(group->HoldWriters());
  for (const auto& group : groups_) {
    const MemoryGroup::PinnedState pinned = group->Pin();
    image.positions.push_back(pinned.position);
    image.commit_time = std::max(image.commit_time, pinned.commit_time);
    for (const KeyspaceId keyspace : keyspaces) {
      image.disk_byte_count += group->KeyspaceByteCount(keyspace);
    }
  }
  images_.emplace(image.id, image);
  return image;
}

StoreResult<std::unique_ptr<View>> MemoryStore::OpenImage(std::string_view image_id,
                                                          GroupId group) {
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOpen());
  const auto image = images_.find(image_id);
  MemoryGroup* const found = Find(group);
  if (image == images_.end() || found == nullptr) return std::unique_ptr<View>();
  const Position& position = image->second.positions[static_cast<std::uint64_t>(group) - 1];
  return found->OpenPinned(position, image->second.keyspaces);
}

StoreResult<std::vector<ImageDescription>> MemoryStore::ListImages() {
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOpen());
  std::vector<ImageDescription> images;
  for (const auto& [id, image] : images_) images.push_back(image);
  return images;
}

StoreResult<void> MemoryStore::ReleaseImage(std::string_view image_id) {
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOpen());
  const auto image = images_.find(image_id);
  if (image == images_.end()) return {};
  for (std::size_t index = 0; index < groups_.size(); ++index) {
    groups_[index]->Unpin(image->second.positions[index].commit_number());
  }
  images_.erase(image);
  return {};
}

StoreResult<std::unique_ptr<StoreFileCheck>> MemoryStore::BeginFileCheck(
    std::optional<std::string_view> image_id) {
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOpen());
  if (image_id && !images_.contains(*image_id)) return std::unique_ptr<StoreFileCheck>();
  return std::make_unique<NoFileCheck>();
}

void MemoryStore::TellGroupChange(const std::function<void(GroupId)>& changed, GroupId group) {
  // Outside the lock: who hears it may call the store.
  std::function<void(GroupId)> call;
  {
    const std::lock_guard lock(mutex_);
    call = changed;
  }
  if (call) call(group);
}

void MemoryStore::OnGroupChange(std::function<void(GroupId)> gained,
                                std::function<void(GroupId)> lost) {
  {
    const std::lock_guard lock(mutex_);
    gained_ = std::move(gained);
    lost_ = std::move(lost);
  }
  for (const auto& group : groups_) TellGroupChange(gained_, group->id());
}

StoreResult<void> MemoryStore::Close() {
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return {};
    is_closed_ = true;
  }
  for (const auto& group : groups_) {
    TellGroupChange(lost_, group->id());
    group->SetState(MemoryGroup::State::kClosed);
  }
  return {};
}

void MemoryStore::Flush(const Position& up_to) {
  if (up_to != Position()) Get(up_to.group()).Flush(up_to.commit_number());
}

void MemoryStore::FlushAll() {
  for (const auto& group : groups_) group->Flush(group->last_committed().commit_number());
}

Position MemoryStore::LastCommitted(GroupId group) const { return Get(group).last_committed(); }

Position MemoryStore::LastDurable(GroupId group) const { return Get(group).last_durable(); }

void MemoryStore::Crash() {
  {
    const std::lock_guard lock(mutex_);
    gained_ = nullptr;
    lost_ = nullptr;
    is_closed_ = false;
  }
  FailQueued(StatusCode::kUnknown);
  for (const auto& group : groups_) group->SetState(MemoryGroup::State::kOwned);
}

void MemoryStore::FailQueued(StatusCode code) {
  for (const auto& group : groups_) group->FailQueued(Status(code, "lost before it was durable"));
}

void MemoryStore::LoseGroup(GroupId group) {
  TellGroupChange(lost_, group);
  Get(group).SetState(MemoryGroup::State::kLost);
}

void MemoryStore::GainGroup(GroupId group) {
  Get(group).SetState(MemoryGroup::State::kOwned);
  TellGroupChange(gained_, group);
}

void MemoryStore::MoveGroup(GroupId group) {
  LoseGroup(group);
  GainGroup(group);
}

std::size_t MemoryStore::VersionCount() const {
  std::size_t count = 0;
  for (const auto& group : groups_) count += group->VersionCount();
  return count;
}

}  // namespace gramme
