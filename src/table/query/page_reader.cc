#include "table/query/page_reader.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/big_endian.h"
#include "base/result.h"
#include "encoding/encoded_item.h"
#include "encoding/key_encoding.h"
#include "model/limits.h"
#include "table/capacity/consumption.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"
#include "table/item/item_reader.h"
#include "table/loop_budget.h"
#include "table/store_error.h"

namespace gramme {
namespace {

// One evaluated item or index entry, in a PageBuffer.
struct Entry {
  std::size_t key_at = 0;
  std::size_t attributes_at = 0;
  std::size_t end = 0;
  std::size_t size_bytes = 0;
  const View* view = nullptr;
};

// The entries of a page, one after the other in one piece of memory, in the form in which they are
// stored. No view is needed to read them.
class PageBuffer {
 public:
  explicit PageBuffer(bool is_index) : is_index_(is_index) {}

  // The entry, which is dropped unless it is pushed to a list before the next call. Errors:
  // kCorruption.
  StoreResult<Entry> Add(std::string_view key, std::string_view value) {
    ItemView item({}, 0);
    if (is_index_) {
      GRAMME_TRY(const StoredIndexEntry stored, OpenIndexEntry(value));
      item = stored.attributes;
    } else {
      GRAMME_TRY(item, ItemView::Open(value));
    }
    Entry entry = {.key_at = bytes_.size(), .size_bytes = item.size_bytes()};
    bytes_ += key;
    entry.attributes_at = bytes_.size();
    bytes_ += item.attributes();
    entry.end = bytes_.size();
    return entry;
  }

  std::string_view KeyOf(const Entry& entry) const {
    return Between(entry.key_at, entry.attributes_at);
  }
  ItemView ItemOf(const Entry& entry) const {
    return {Between(entry.attributes_at, entry.end), entry.size_bytes};
  }

 private:
  std::string_view Between(std::size_t begin, std::size_t end) const {
    return std::string_view(bytes_).substr(begin, end - begin);
  }

  const bool is_index_;
  std::string bytes_;
};

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
      : store_(store),
        tier_(tier),
        range_(range),
        views_(store, tier),
        budget_(range.limit),
        buffer_(range.index != nullptr) {}

  Result<PageEnd> Read(PageVisitor visit) {
    GRAMME_RETURN_IF_ERROR(ReadEntries());
    PageEnd end;
    PageBudget fetched(std::nullopt);
    const Entry* last = nullptr;
    for (const Entry& entry : entries_) {
      std::optional<EncodedItem> item;
      if (range_.fetches_items) {
        GRAMME_TRY(ItemRead base, Fetch(entry));
        if (!fetched.Take(entry.size_bytes + base.size_bytes)) {
          is_cut_ = true;
          break;
        }
        if (IsTooMuch(fetched)) return TooMuch();
        end.fetch_units += ReadUnits(base.size_bytes);
        item = std::move(base.item);
      }
      ++end.evaluated_count;
      end.evaluated_bytes += entry.size_bytes;
      last = &entry;
      GRAMME_RETURN_IF_ERROR(visit(item ? item->view() : buffer_.ItemOf(entry)));
    }
    if (is_cut_ && last != nullptr) {
      GRAMME_TRY(end.last_evaluated_key, KeyAttributesIn(*last));
    }
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

  bool IsTooMuch(const PageBudget& budget) const {
    return budget.bytes() > range_.bytes_max ||
           (tier_ == ReadTier::kMemory && budget.bytes() > kLoopBytesMax);
  }
  std::unexpected<ApiError> TooMuch() const {
    return Error(tier_ == ReadTier::kMemory ? ErrorCode::kRetryOnPool : ErrorCode::kRetryWithRoom,
                 "");
  }

  // The key attributes of the table, and of the index where one is read.
  Result<Item> KeyAttributesIn(const Entry& entry) const {
    std::vector<std::string> names = AttributeNames(range_.table->description().key_schema);
    if (is_index()) {
      for (std::string& name : AttributeNames(range_.index->key_schema)) {
        names.push_back(std::move(name));
      }
    }
    return Decode(entry, std::move(names));
  }

  Result<Item> Decode(const Entry& entry, std::vector<std::string> names) const {
    std::ranges::sort(names);
    return FromStore(buffer_.ItemOf(entry).Decode(names));
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
      const std::string_view last = buffer_.KeyOf(found.back());
      if (!horizon || ComesBefore(last, *horizon)) horizon = last;
    }
    std::ranges::sort(found, [&](const Entry& a, const Entry& b) {
      return ComesBefore(buffer_.KeyOf(a), buffer_.KeyOf(b));
    });
    is_cut_ = horizon.has_value();
    for (const Entry& entry : found) {
      const bool is_behind = horizon && ComesBefore(*horizon, buffer_.KeyOf(entry));
      if (is_behind || budget_.AtLimit() || !budget_.Take(entry.size_bytes)) {
        is_cut_ = true;
        break;
      }
      entries_.push_back(entry);
    }
    is_cut_ = is_cut_ || budget_.AtLimit();
    return {};
  }

  Result<void> ReadGroup(const Group& group, PageBudget& budget, std::vector<Entry>& out) {
    GRAMME_TRY(const View* view, views_.ViewOf(group.id));
    StoreResult<void> decoded;
    bool is_too_much = false;
    const auto visit = [&](std::string_view key, std::string_view value) {
      auto entry = buffer_.Add(key, value);
      if (!entry) {
        decoded = std::unexpected(entry.error());
        return ScanStep::kStop;
      }
      if (!budget.Take(entry->size_bytes)) {
        is_cut_ = true;
        return ScanStep::kStop;
      }
      entry->view = view;
      out.push_back(*entry);
      is_too_much = IsTooMuch(budget);
      is_cut_ = is_cut_ || budget.AtLimit();
      return is_too_much || budget.AtLimit() ? ScanStep::kStop : ScanStep::kContinue;
    };
    GRAMME_RETURN_IF_ERROR(FromStore(view->Scan(keyspace(), range_.keys, range_.direction, visit)));
    if (is_too_much) return TooMuch();
    return FromStore(std::move(decoded));
  }

  // From the view of the entry: a local index and its table agree in every view.
  Result<ItemRead> Fetch(const Entry& entry) const {
    const TableDescription& table = range_.table->description();
    GRAMME_TRY(const Item attributes, Decode(entry, AttributeNames(table.key_schema)));
    const Key key = KeyOfValidItem(table, attributes);
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
  PageBuffer buffer_;
  std::vector<Entry> entries_;
  bool is_cut_ = false;  // the range goes on behind the page
};

}  // namespace

Result<PageEnd> ReadPage(Store& store, ReadTier tier, const PageRange& range, PageVisitor visit) {
  return PageReader(store, tier, range).Read(visit);
}

}  // namespace gramme
