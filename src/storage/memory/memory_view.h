// MemoryView: the View of the memory store. It pins one commit number of one group.

#ifndef GRAMME_STORAGE_MEMORY_MEMORY_VIEW_H_
#define GRAMME_STORAGE_MEMORY_MEMORY_VIEW_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/memory/memory_group.h"
#include "storage/store.h"

namespace gramme {

class MemoryView : public View {
 public:
  // Takes over one pin of `position` and gives it back at the end. Shows only `keyspaces`, if
  // given. `group` and `faults` (null: none) outlive the view.
  MemoryView(MemoryGroup& group, const Position& position, ReadTier tier, StoreFaults* faults,
             std::optional<std::vector<KeyspaceId>> keyspaces)
      : group_(group),
        position_(position),
        tier_(tier),
        faults_(faults),
        keyspaces_(std::move(keyspaces)) {}
  ~MemoryView() override { group_.Unpin(position_.commit_number()); }
  MemoryView(const MemoryView&) = delete;
  MemoryView& operator=(const MemoryView&) = delete;

  Position position() const override { return position_; }
  StoreResult<std::optional<std::string>> Get(const Key& key) const override;
  StoreResult<std::vector<std::optional<std::string>>> MultiGet(
      std::span<const Key> keys) const override;
  StoreResult<void> Scan(KeyspaceId keyspace, const KeyRange& range, Direction direction,
                         ScanVisitor visit) const override;

 private:
  StoreResult<void> MeetFault() const;
  bool Shows(KeyspaceId keyspace) const;

  MemoryGroup& group_;
  const Position position_;
  const ReadTier tier_;
  StoreFaults* const faults_;
  const std::optional<std::vector<KeyspaceId>> keyspaces_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_MEMORY_MEMORY_VIEW_H_
