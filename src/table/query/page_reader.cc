#include "table/query/page_reader.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "encoding/item_encoding.h"
#include "encoding/key_encoding.h"
#include "model/limits.h"
#include "table/capacity/consumption.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"
#include "table/item/item_reader.h"
#include "table/store_error.h"

namespace gramme {
namespace {

// One evaluated item or index entry.
struct Entry {
  std::string key;
  Item item;
  std::size_t size_bytes = 0;
  const View* view = nullptr;
};

StoreResult<Entry> DecodeEntry(bool is_index, std::string_view key, std::string_view value) {
  Entry entry;
  entry.key = key;
  if (is_index) {
    GRAMME_TRY(const StoredIndexEntry stored, OpenIndexEntry(value));
    entry.size_bytes = stored.attributes.size_bytes();
    GRAMME_TRY(entry.item, stored.attributes.Decode());
  } else {
    GRAMME_TRY(const ItemView stored, ItemView::Open(value));
    entry.size_bytes = stored.size_bytes();
    GRAMME_TRY(entry.item, stored.Decode());
  }
  return entry;
}

// What a page may still take.
class PageBudget {
 public:
  explicit PageBudget(std::optional<std::int64_t> limit) : limit_(limit) {}

  // False where the page would become too large. The first item always fits.
  bool Take(std::size_t size_bytes) {
    if (count_ > 0 && bytes_ + size_bytes > kPageBytesMax) return false;
    ++count_;
    bytes_ += size_bytes;
    return true;
  }
  bool AtLimit() const { return limit_ && count_ >= *limit_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::optional<std::int64_t> limit_;
  std::int64_t count_ = 0;
  std::size_t bytes_ = 0;
};

// Reads one page. Lives for one call.
class PageReader {
 public:
  PageReader(Store& store, ReadTier tier, const PageRange& range)
      : store_(store), tier_(tier), range_(range), views_(store, tier), budget_(range.limit) {}

  Result<PageEnd> Read(PageVisitor visit) {
    GRAMME_RETURN_IF_ERROR(ReadEntries());
    PageEnd end;
    PageBudget fetched(std::nullopt);
    for (Entry& entry : entries_) {
      std::optional<Item> item;
      if (range_.fetches_items) {
        GRAMME_TRY(ItemRead base, Fetch(entry));
        if (!fetched.Take(entry.size_bytes + base.size_bytes)) {
          is_cut_ = true;
          break;
        }
        if (IsTooLongForLoop(fetched)) return Error(ErrorCode::kRetryOnPool, "");
        end.fetch_units += ReadUnits(base.size_bytes);
        item = std::move(base.item);
      }
      ++end.evaluated_count;
      end.evaluated_bytes += entry.size_bytes;
      last_key_ = KeyOf(entry);
      visit(item ? *std::move(item) : std::move(entry.item));
    }
    if (is_cut_) end.last_evaluated_key = std::move(last_key_);
    return end;
  }

 private:
  bool is_index() const { return range_.index != nullptr; }
  KeyspaceId keyspace() const {
    return is_index() ? KeyspaceId{range_.index->keyspace} : range_.table->keyspace();
  }
  // Items, and entries of a local index, begin with the hash that places them, so groups hold
  // consecutive ranges of their keys. Entries of a global index lie wherever their items do.
  bool IsPlacedByKey() const { return !is_index() || !range_.index->is_global; }

  bool IsTooLongForLoop(const PageBudget& budget) const {
    return tier_ == ReadTier::kMemory && budget.bytes() > kLoopBytesMax;
  }

  Item KeyOf(const Entry& entry) const {
    const TableDescription& table = range_.table->description();
    return is_index() ? KeyAttributesOf(table, *range_.index, entry.item)
                      : KeyAttributesOf(table, entry.item);
  }

  // The groups that may hold a part of the range, in the order of reading.
  std::vector<Group> GroupsOfRange() const {
    std::vector<Group> groups = store_.Groups(keyspace());
    if (IsPlacedByKey()) {
      std::erase_if(groups, [&](const Group& group) {
        const bool starts_after = range_.keys.start.size() >= kHashBytes &&
                                  group.placement_last < ReadBigEndian64(range_.keys.start);
        const bool ends_before = range_.keys.end && range_.keys.end->size() >= kHashBytes &&
                                 group.placement_first > ReadBigEndian64(*range_.keys.end);
        return starts_after || ends_before;
      });
    }
    if (range_.direction == Direction::kBackward) std::ranges::reverse(groups);
    return groups;
  }

  Result<void> ReadEntries() {
    const std::vector<Group> groups = GroupsOfRange();
    if (IsPlacedByKey() || groups.size() == 1) {
      for (const Group& group : groups) {
        GRAMME_RETURN_IF_ERROR(ReadGroup(group, budget_, entries_));
        if (is_cut_) break;
      }
      return {};
    }
    return MergeGroups(groups);
  }

  bool ComesBefore(std::string_view a, std::string_view b) const {
    return range_.direction == Direction::kForward ? a < b : a > b;
  }

  // Each group gives as much as a page may hold, and the page takes the first of all.
  Result<void> MergeGroups(const std::vector<Group>& groups) {
    std::vector<Entry> found;
    // Behind the last entry of a group that was cut, an entry not seen may come next.
    std::optional<std::string> horizon;
    for (const Group& group : groups) {
      is_cut_ = false;
      PageBudget budget(range_.limit);
      GRAMME_RETURN_IF_ERROR(ReadGroup(group, budget, found));
      if (!is_cut_) continue;
      if (!horizon || ComesBefore(found.back().key, *horizon)) horizon = found.back().key;
    }
    std::ranges::sort(found,
                      [&](const Entry& a, const Entry& b) { return ComesBefore(a.key, b.key); });
    is_cut_ = horizon.has_value();
    for (Entry& entry : found) {
      const bool is_behind = horizon && ComesBefore(*horizon, entry.key);
      if (is_behind || budget_.AtLimit() || !budget_.Take(entry.size_bytes)) {
        is_cut_ = true;
        break;
      }
      entries_.push_back(std::move(entry));
    }
    is_cut_ = is_cut_ || budget_.AtLimit();
    return {};
  }

  Result<void> ReadGroup(const Group& group, PageBudget& budget, std::vector<Entry>& out) {
    GRAMME_TRY(const View* view, views_.ViewOf(group.id));
    StoreResult<void> decoded;
    bool is_too_long = false;
    const auto visit = [&](std::string_view key, std::string_view value) {
      auto entry = DecodeEntry(is_index(), key, value);
      if (!entry) {
        decoded = std::unexpected(entry.error());
        return ScanStep::kStop;
      }
      if (!budget.Take(entry->size_bytes)) {
        is_cut_ = true;
        return ScanStep::kStop;
      }
      entry->view = view;
      out.push_back(*std::move(entry));
      is_too_long = IsTooLongForLoop(budget);
      is_cut_ = is_cut_ || budget.AtLimit();
      return is_too_long || budget.AtLimit() ? ScanStep::kStop : ScanStep::kContinue;
    };
    GRAMME_RETURN_IF_ERROR(FromStore(view->Scan(keyspace(), range_.keys, range_.direction, visit)));
    if (is_too_long) return Error(ErrorCode::kRetryOnPool, "");
    return FromStore(std::move(decoded));
  }

  // From the view of the entry: a local index and its table agree in every view.
  Result<ItemRead> Fetch(const Entry& entry) const {
    const Key key = KeyOfValidItem(range_.table->description(), entry.item);
    GRAMME_TRY(ItemRead read, ReadItem(*entry.view, key));
    if (!read.item) {
      return FromStore(
          StoreResult<ItemRead>(StoreError(StatusCode::kCorruption, "an index entry has no item")));
    }
    return read;
  }

  Store& store_;
  const ReadTier tier_;
  const PageRange& range_;
  GroupViews views_;
  PageBudget budget_;
  std::vector<Entry> entries_;
  bool is_cut_ = false;  // the range goes on behind the page
  std::optional<Item> last_key_;
};

}  // namespace

Result<PageEnd> ReadPage(Store& store, ReadTier tier, const PageRange& range, PageVisitor visit) {
  return PageReader(store, tier, range).Read(visit);
}

}  // namespace gramme
