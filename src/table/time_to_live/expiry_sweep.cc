#include "table/time_to_live/expiry_sweep.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/planted_bug.h"
#include "base/result.h"
#include "expression/condition_node.h"
#include "table/item/item_writer.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

// A table that changes faster than a deletion is decided is left to the next pass.
constexpr int kStaleCountMax = 10;

bool IsSwept(const TableDescription& table) {
  const bool has_items =
      table.status == TableStatus::kActive || table.status == TableStatus::kUpdating;
  return has_items && table.time_to_live &&
         table.time_to_live->status == TimeToLiveStatus::kEnabled;
}

// Seconds since 1970, exactly.
AttributeValue SecondsOf(WallTime time) {
  const std::int64_t micros = time.time_since_epoch().count();
  const auto magnitude = static_cast<Number::Coefficient>(micros < 0 ? -micros : micros);
  return Number::FromParts(micros < 0, magnitude, -6).value_or(Number());
}

ConditionNode Comparison(ConditionKind kind, const std::string& attribute_name, WallTime time) {
  Operand attribute;
  attribute.path.attribute = attribute_name;
  Operand seconds = {.kind = Operand::Kind::kValue};
  seconds.value = std::make_shared<const AttributeValue>(SecondsOf(time));
  return {.kind = kind, .operands = {std::move(attribute), std::move(seconds)}};
}

// "The current time is greater than the time in the attribute", but not by more than five years.
// False where the attribute is absent or no number.
ConditionExpression IsDue(const std::string& attribute_name, WallTime now) {
  ConditionNode root = {.kind = ConditionKind::kAnd};
  root.conditions.push_back(Comparison(ConditionKind::kLess, attribute_name, now));
  root.conditions.push_back(
      Comparison(ConditionKind::kGreaterOrEqual, attribute_name, now - kExpiryAgeMax));
  return ConditionExpression::FromNode(std::move(root));
}

}  // namespace

StoreResult<void> ExpirySweep::Step() {
  if (!std::exchange(is_in_pass_, false)) {
    parts_ = Parts();
    GRAMME_RETURN_IF_ERROR(MeasureLag(clock_.WallNow()));
  }
  StoreResult<void> swept;
  if (!parts_.empty()) {
    const StoreResult<bool> has_more = SweepSome(parts_.front());
    if (!has_more && has_more.error().code() != StatusCode::kCorruption) {
      return std::unexpected(has_more.error());
    }
    if (!has_more) swept = std::unexpected(has_more.error());
    if (has_more && !*has_more) parts_.pop_front();
  }
  is_in_pass_ = !parts_.empty();
  if (!is_in_pass_) GRAMME_RETURN_IF_ERROR(MeasureLag(clock_.WallNow()));
  return swept;
}

Duration ExpirySweep::Lag() const {
  const std::uint64_t second = oldest_due_second_;
  if (second == UINT64_MAX) return Duration(0);
  const WallTime due{std::chrono::seconds(second)};
  return std::max(clock_.WallNow() - due, Duration(0));
}

std::deque<ExpirySweep::Part> ExpirySweep::Parts() const {
  std::deque<Part> parts;
  const auto view = catalog_.view();
  for (const TableRef& table : view->tables) {
    if (!IsSwept(table->description())) continue;
    const std::uint64_t keyspace = table->description().time_to_live->keyspace;
    for (const Group& group : store_.Groups(KeyspaceId{keyspace})) {
      parts.push_back({.table_name = table->name(), .keyspace = keyspace, .group = group.id});
    }
  }
  return parts;
}

TableRef ExpirySweep::FindTable(const Part& part, const CatalogView& view) const {
  TableRef table = view.Find(part.table_name);
  if (table == nullptr || !IsSwept(table->description())) return nullptr;
  if (table->description().time_to_live->keyspace != part.keyspace) return nullptr;
  return table;
}

StoreResult<void> ExpirySweep::MeasureLag(WallTime now) {
  std::uint64_t oldest = UINT64_MAX;
  for (const Part& part : Parts()) {
    GRAMME_TRY(const std::vector<std::string> entries, ReadEntries(part, now, 1));
    if (entries.empty()) continue;
    GRAMME_TRY(const ExpiryEntry entry, ExpiryEntryOf({}, entries.front()));
    oldest = std::min(oldest, entry.second);
  }
  oldest_due_second_ = oldest;
  return {};
}

StoreResult<std::vector<std::string>> ExpirySweep::ReadEntries(const Part& part, WallTime now,
                                                               std::size_t count_max) const {
  KeyRange range = DueRange(now);
  if (part.cursor >= range.start) range.start = part.cursor + '\0';
  std::vector<std::string> entries;
  // The clock was set back behind the cursor.
  if (range.start >= *range.end) return entries;
  GRAMME_TRY(const auto view, store_.OpenView(part.group, ReadTier::kDisk));
  GRAMME_RETURN_IF_ERROR(view->Scan(KeyspaceId{part.keyspace}, range, Direction::kForward,
                                    [&](std::string_view key, std::string_view) {
                                      entries.emplace_back(key);
                                      return entries.size() < count_max ? ScanStep::kContinue
                                                                        : ScanStep::kStop;
                                    }));
  return entries;
}

StoreResult<bool> ExpirySweep::SweepSome(Part& part) {
  const TableRef table = FindTable(part, *catalog_.view());
  if (table == nullptr) return false;
  const WallTime now = clock_.WallNow();
  GRAMME_TRY(const std::vector<std::string> entries, ReadEntries(part, now, kItemCountPerStep));
  const auto is_due = IsDue(table->description().time_to_live->attribute_name, now);
  StoreResult<void> swept;
  std::optional<Position> last;
  std::uint64_t deleted_count = 0;
  for (const std::string& entry : entries) {
    const StoreResult<std::optional<Position>> deleted = Delete(part, entry, is_due);
    if (!deleted) swept = std::unexpected(deleted.error());
    if (!deleted && deleted.error().code() != StatusCode::kCorruption) break;
    if (deleted && *deleted) {
      last = **deleted;
      ++deleted_count;
    }
    part.cursor = entry;
  }
  if (last) GRAMME_RETURN_IF_ERROR(store_.Await(*last));
  deleted_count_ += deleted_count;
  GRAMME_RETURN_IF_ERROR(swept);
  return entries.size() == kItemCountPerStep;
}

StoreResult<std::optional<Position>> ExpirySweep::Delete(const Part& part,
                                                         const std::string& entry_key,
                                                         const ConditionExpression& is_due) {
  for (int i = 0; i < kStaleCountMax; ++i) {
    const TableRef table = FindTable(part, i == 0 ? *catalog_.view() : *catalog_.FreshView());
    if (table == nullptr) return std::nullopt;
    GRAMME_TRY(const ExpiryEntry entry, ExpiryEntryOf(table->description(), entry_key));
    WriteAction action = {
        .kind = WriteKind::kDelete, .table = table, .cause = ChangeCause::kTimeToLive};
    action.key = entry.base_key;
    if (!BugIsPlanted("expiry_unchecked")) action.condition = is_due;
    const ItemWrite write = WriteItem(store_, ReadTier::kDisk, action);
    if (write.change) {
      return write.change->existed ? std::optional(write.position) : std::nullopt;
    }
    if (write.change.error().code == ErrorCode::kConditionalCheckFailedException) {
      return std::nullopt;
    }
    if (write.store_failure == StatusCode::kStale) continue;
    return StoreError(write.store_failure.value_or(StatusCode::kCorruption),
                      "an expired item of " + part.table_name +
                          " was not deleted: " + write.change.error().message);
  }
  return StoreError(StatusCode::kStale, "the table " + part.table_name + " keeps changing");
}

}  // namespace gramme
