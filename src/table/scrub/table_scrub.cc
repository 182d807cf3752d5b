#include "table/scrub/table_scrub.h"

#include <algorithm>
#include <utility>

#include "base/result.h"
#include "table/catalog_record.h"

namespace gramme {
namespace {

// Whether the bytes themselves are the trouble, and trying again is of no use.
bool IsDamage(const Status& status) {
  return status.code() == StatusCode::kCorruption || status.code() == StatusCode::kIoError;
}

bool IsComplete(const TableDescription& table) {
  return table.status == TableStatus::kActive || table.status == TableStatus::kUpdating;
}

}  // namespace

StoreResult<std::optional<std::string>> TableScrub::ReadRecord(const View& view) const {
  return view.Get(CatalogKey(table_name_));
}

// The description may be in another group than the items: it is as the view shows the items where
// it is the same before and after.
StoreResult<TableScrub::Look> TableScrub::TakeLook(GroupId group) {
  const GroupId catalog_group = store_.GroupOf(CatalogKey(table_name_));
  Look look;
  for (;;) {
    GRAMME_TRY(look.view, store_.OpenView(catalog_group, ReadTier::kDisk));
    GRAMME_TRY(const auto record, ReadRecord(*look.view));
    if (!record) return Look();
    if (group != catalog_group) {
      GRAMME_TRY(look.view, store_.OpenView(group, ReadTier::kDisk));
      GRAMME_TRY(const auto after, store_.OpenView(catalog_group, ReadTier::kDisk));
      GRAMME_TRY(const auto record_after, ReadRecord(*after));
      if (record_after != record) continue;
    }
    GRAMME_TRY(TableDescription table, DecodeTableDescription(*record));
    if (!table_number_) table_number_ = table.number;
    if (table.number != *table_number_ || !IsComplete(table)) return Look();
    look.table = std::make_shared<const Table>(std::move(table));
    return look;
  }
}

void TableScrub::BeginGroup() {
  finished_.clear();
  part_.reset();
  counted_.reset();
}

std::optional<TablePart> TableScrub::NextPart(const TableDescription& table) {
  const auto is_in = [](const std::vector<TablePart>& parts, const TablePart& part) {
    return std::ranges::any_of(parts, [&](const TablePart& each) { return each.IsSameAs(part); });
  };
  const std::vector<TablePart> parts = PartsOf(table);
  for (const TablePart& part : parts) {
    if (part_ && part.IsSameAs(*part_)) return part;
  }
  for (const TablePart& part : parts) {
    if (is_in(finished_, part)) continue;
    part_ = part;
    cursor_ = part.range.start;
    return part;
  }
  return std::nullopt;
}

StoreResult<bool> TableScrub::Step(FindingSink report) {
  if (!groups_) {
    groups_ = store_.Groups(kCatalogKeyspace);
    std::ranges::reverse(*groups_);
  }
  if (groups_->empty()) return true;
  const Group group = groups_->back();
  const StoreResult<Look> look = TakeLook(group.id);
  if (!look) {
    if (!IsDamage(look.error())) return std::unexpected(look.error());
    report({.place = "table " + table_name_,
            .problem = "its description cannot be read: " + look.error().message(),
            .key_hash = std::nullopt});
    return true;
  }
  if (look->table == nullptr) return true;
  const std::optional<TablePart> part = NextPart(look->table->description());
  if (!part) {
    groups_->pop_back();
    BeginGroup();
    return groups_->empty();
  }
  const StoreResult<void> looked = LookAtPage(*look, group, *part, report);
  if (looked) return false;
  if (!IsDamage(looked.error())) return std::unexpected(looked.error());
  report({.place = part->place,
          .problem = "the rest cannot be read: " + looked.error().message(),
          .key_hash = std::nullopt});
  finished_.push_back(*part);
  part_.reset();
  return false;
}

StoreResult<void> TableScrub::LookAtPage(const Look& look, const Group& group,
                                         const TablePart& part, FindingSink report) {
  const Position position = look.view->position();
  if (!counted_ || counted_at_ != position) {
    const bool is_first = part.kind == TablePart::Kind::kItems && cursor_ == part.range.start;
    counted_.emplace(look.table->description());
    counted_->is_known = is_first;
    counted_at_ = position;
  }
  TableCheck check(*look.view, *look.table);
  StoreResult<std::optional<std::string>> next =
      check.CheckPage(part, cursor_, limits_, *counted_, report);
  totals_ += check.totals();
  if (!next) {
    counted_->is_known = false;
    return std::unexpected(std::move(next).error());
  }
  if (*next) {
    cursor_ = **std::move(next);
    return {};
  }
  finished_.push_back(part);
  part_.reset();
  if (part.kind != TablePart::Kind::kItems || !counted_->is_known) return {};
  ++counted_group_count_;
  return check.CheckCounts(group, *counted_, report);
}

}  // namespace gramme
