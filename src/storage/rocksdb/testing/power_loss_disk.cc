#include "storage/rocksdb/testing/power_loss_disk.h"

#include <algorithm>

namespace gramme {
namespace {

constexpr std::size_t kSectorBytes = 512;

std::vector<std::string_view> SplitPath(std::string_view path) {
  std::vector<std::string_view> names;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) names.push_back(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return names;
}

// The sectors of `fresh` that differ from `old`, each kept or not; a sector that was never written
// and is not kept reads as zeros.
std::string TearSectors(const std::string& old, const std::string& fresh, Random& random) {
  std::string bytes = fresh;
  for (std::size_t start = 0; start < bytes.size(); start += kSectorBytes) {
    if (random.OneIn(2)) continue;
    const std::size_t end = std::min(start + kSectorBytes, bytes.size());
    for (std::size_t i = start; i < end; ++i) bytes[i] = i < old.size() ? old[i] : '\0';
  }
  return bytes;
}

// What is left of a file whose last synced content was `old`.
std::string SurvivingBytes(const std::string& old, const std::string& fresh, Random& random) {
  if (old == fresh) return fresh;
  switch (random.Below(4)) {
    case 0:
      return old;
    case 1:
      return fresh;
    case 2:
      // Appended bytes reach the disk in order, up to somewhere; bytes in place, by the sector.
      if (fresh.size() > old.size() && fresh.starts_with(old)) {
        return fresh.substr(0, old.size() + random.Below(fresh.size() - old.size() + 1));
      }
      return TearSectors(old, fresh, random);
    default:
      return TearSectors(old, fresh, random);
  }
}

}  // namespace

void PowerLossNode::Apply(const Change& change) {
  for (const auto& [name, node] : change) {
    if (node == nullptr) {
      entries.erase(name);
    } else {
      entries[name] = node;
    }
  }
  unsynced_changes.push_back(change);
}

void PowerLossNode::SyncEntries() {
  synced_entries = entries;
  unsynced_changes.clear();
}

PowerLossDisk::PowerLossDisk() : root_(std::make_shared<PowerLossNode>()) {
  root_->is_directory = true;
}

std::uint64_t PowerLossDisk::boot() const {
  const std::lock_guard lock(mutex_);
  return boot_;
}

bool PowerLossDisk::powered() const {
  const std::lock_guard lock(mutex_);
  return powered_;
}

void PowerLossDisk::CutPowerAfter(std::uint64_t count) {
  const std::lock_guard lock(mutex_);
  operations_left_ = count;
}

void PowerLossDisk::PowerLoss(Random& random) {
  const std::lock_guard lock(mutex_);
  std::set<const PowerLossNode*> seen;
  Survive(*root_, random, seen);
  ++boot_;
  powered_ = true;
  operations_left_ = std::numeric_limits<std::uint64_t>::max();
}

void PowerLossDisk::Survive(PowerLossNode& node, Random& random,
                            std::set<const PowerLossNode*>& seen) {
  // A file with several names survives once.
  if (!seen.insert(&node).second) return;
  if (!node.is_directory) {
    node.bytes = SurvivingBytes(node.synced_bytes, node.bytes, random);
    node.synced_bytes = node.bytes;
    return;
  }
  node.entries = node.synced_entries;
  std::vector<PowerLossNode::Change> changes;
  changes.swap(node.unsynced_changes);
  const std::size_t kept = random.Below(changes.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) node.Apply(changes[i]);
  node.SyncEntries();
  for (const auto& [name, child] : node.entries) Survive(*child, random, seen);
}

void PowerLossDisk::SetCapacity(std::uint64_t byte_count) {
  const std::lock_guard lock(mutex_);
  capacity_ = byte_count;
}

void PowerLossDisk::FailSyncsOf(std::string name_end) {
  const std::lock_guard lock(mutex_);
  failing_syncs_ = std::move(name_end);
}

bool PowerLossDisk::Operate(std::uint64_t boot) {
  if (lost_power_since(boot)) return false;
  if (operations_left_ == 0) {
    powered_ = false;
    return false;
  }
  --operations_left_;
  return true;
}

bool PowerLossDisk::SyncFails(std::string_view path) const {
  return !failing_syncs_.empty() && path.ends_with(failing_syncs_);
}

std::shared_ptr<PowerLossNode> PowerLossDisk::Find(std::string_view path) const {
  std::shared_ptr<PowerLossNode> node = root_;
  for (const std::string_view name : SplitPath(path)) {
    const auto found = node->entries.find(name);
    if (found == node->entries.end()) return nullptr;
    node = found->second;
  }
  return node;
}

std::pair<std::shared_ptr<PowerLossNode>, std::string> PowerLossDisk::FindParent(
    std::string_view path) const {
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return {Find(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

std::uint64_t PowerLossDisk::used_byte_count() const {
  std::uint64_t total = 0;
  std::set<const PowerLossNode*> seen;
  std::vector<const PowerLossNode*> left = {root_.get()};
  while (!left.empty()) {
    const PowerLossNode* node = left.back();
    left.pop_back();
    if (!seen.insert(node).second) continue;
    total += node->bytes.size();
    for (const auto& [name, child] : node->entries) left.push_back(child.get());
  }
  return total;
}

}  // namespace gramme
