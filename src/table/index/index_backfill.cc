#include "table/index/index_backfill.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/big_endian.h"
#include "base/function_ref.h"
#include "base/result.h"
#include "encoding/item_encoding.h"
#include "encoding/key_encoding.h"
#include "encoding/record.h"
#include "table/counters.h"
#include "table/index/index_entry.h"
#include "table/store_error.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

constexpr std::uint8_t kVersion = 1;  // part of the format, see docs/internals/formats.md

// One step: small enough that writers of the same items hardly wait.
constexpr std::size_t kItemCountPerStep = 100;
constexpr std::size_t kBytesPerStep = 256 * 1024;

struct BackfillState {
  std::string table_name;
  std::uint64_t table_number = 0;
  std::uint64_t index_keyspace = 0;
  std::uint64_t next_placement = 0;  // of the group to go on in
  std::string cursor;                // the last base key done there; empty: none
  bool is_filled = false;            // only the counters are left
};

std::string Encode(const BackfillState& state) {
  RecordWriter out(kVersion);
  out.Bytes(state.table_name);
  out.Unsigned(state.table_number);
  out.Unsigned(state.index_keyspace);
  out.Unsigned(state.next_placement);
  out.Bytes(state.cursor);
  out.Bool(state.is_filled);
  return std::move(out).Finish();
}

StoreResult<BackfillState> Decode(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  BackfillState state;
  state.table_name = in.Bytes();
  state.table_number = in.Unsigned();
  state.index_keyspace = in.Unsigned();
  state.next_placement = in.Unsigned();
  state.cursor = in.Bytes();
  state.is_filled = in.Bool();
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return state;
}

const IndexDescription* FindByKeyspace(const TableDescription& table, std::uint64_t keyspace) {
  for (const IndexDescription& index : table.indexes) {
    if (index.keyspace == keyspace) return &index;
  }
  return nullptr;
}

bool IsBackfilling(const TableDescription& table, std::uint64_t keyspace) {
  const auto& time_to_live = table.time_to_live;
  if (time_to_live && time_to_live->keyspace == keyspace) {
    return time_to_live->status == TimeToLiveStatus::kEnabling;
  }
  const IndexDescription* index = FindByKeyspace(table, keyspace);
  return index != nullptr && index->backfilling;
}

// Nothing is left to fill in. REQUIRES: it is being filled.
void Activate(std::uint64_t keyspace, TableDescription& table) {
  for (IndexDescription& index : table.indexes) {
    if (index.keyspace != keyspace) continue;
    index.status = IndexStatus::kActive;
    index.backfilling = false;
  }
  if (table.time_to_live && table.time_to_live->keyspace == keyspace) {
    table.time_to_live->status = TimeToLiveStatus::kEnabled;
  }
}

// One step of one backfill. Lives for the step.
class Backfill {
 public:
  Backfill(Job& job, BackfillState state, Store& store, Catalog& catalog)
      : job_(job), state_(std::move(state)), store_(store), catalog_(catalog) {}

  StoreResult<StepOutcome> Step() {
    table_ = catalog_.FreshView()->Find(state_.table_name);
    if (table_ == nullptr || table_->description().number != state_.table_number) {
      return StepOutcome::kDone;
    }
    index_ = FindByKeyspace(table_->description(), state_.index_keyspace);
    if (!IsBackfilling(table_->description(), state_.index_keyspace)) return StepOutcome::kDone;
    const bool is_announced = table_->description().status == TableStatus::kUpdating;
    if (index_ != nullptr && is_announced) return BeginFilling();
    if (state_.is_filled) return Finish();
    GRAMME_RETURN_IF_ERROR(FillSome());
    job_.state = Encode(state_);
    return StepOutcome::kMore;
  }

 private:
  // The table is ACTIVE again while the index is filled, as DynamoDB's guide has it.
  StoreResult<StepOutcome> BeginFilling() {
    return Edit([](TableDescription& table) { table.status = TableStatus::kActive; },
                [](WriteBatch&) {}, StepOutcome::kMore);
  }

  // Changes the table while it still has the index and that is being filled.
  StoreResult<StepOutcome> Edit(FunctionRef<void(TableDescription&)> change,
                                FunctionRef<void(WriteBatch&)> add, StepOutcome outcome) {
    const auto edit = catalog_.EditTable(
        state_.table_name,
        [&](TableDescription& table) -> Result<void> {
          const bool is_same = table.number == state_.table_number;
          if (is_same && IsBackfilling(table, state_.index_keyspace)) change(table);
          return {};
        },
        [&](WriteBatch& batch) { add(batch); });
    if (!edit && edit.error().code != ErrorCode::kResourceNotFoundException) {
      return StoreError(StatusCode::kUnavailable, "cannot change a table that is being indexed");
    }
    return outcome;
  }

  // The group that owns `next_placement`.
  Group CurrentGroup() const {
    Group current;
    for (const Group& group : store_.Groups(table_->keyspace())) {
      if (group.placement_first <= state_.next_placement) current = group;
    }
    return current;
  }

  StoreResult<void> FillSome() {
    const Group group = CurrentGroup();
    std::vector<Key> keys;
    GRAMME_RETURN_IF_ERROR(ReadKeys(group, keys));
    if (keys.empty()) {
      state_.cursor.clear();
      state_.is_filled = group.placement_last == UINT64_MAX;
      if (!state_.is_filled) state_.next_placement = group.placement_last + 1;
      return {};
    }
    const auto decide = [&](std::span<const CurrentValue> values) {
      return std::optional(EntriesOf(keys, values));
    };
    const Guard guard = table_->guard();
    const auto outcome = store_.Update(keys, {&guard, 1}, UpdateOptions{}, decide);
    // The table changed meanwhile: the next step looks at it again, from the same cursor.
    if (!outcome && outcome.error().code() == StatusCode::kStale) return {};
    GRAMME_RETURN_IF_ERROR(outcome);
    GRAMME_RETURN_IF_ERROR(damage_);
    // What is queued can still be lost, and then the cursor must not have passed it.
    GRAMME_RETURN_IF_ERROR(store_.Await(outcome->position));
    state_.cursor = keys.back().bytes;
    state_.next_placement = keys.back().placement;
    job_.items_done += keys.size();
    return {};
  }

  StoreResult<void> ReadKeys(const Group& group, std::vector<Key>& keys) {
    GRAMME_TRY(const auto view, store_.OpenView(group.id, ReadTier::kDisk));
    KeyRange range;
    if (!state_.cursor.empty()) range.start = state_.cursor + '\0';
    std::size_t byte_count = 0;
    return view->Scan(table_->keyspace(), range, Direction::kForward,
                      [&](std::string_view key, std::string_view value) {
                        keys.push_back({.keyspace = table_->keyspace(),
                                        .placement = ReadBigEndian64(key),
                                        .bytes = std::string(key)});
                        byte_count += key.size() + value.size();
                        const bool is_enough =
                            keys.size() >= kItemCountPerStep || byte_count >= kBytesPerStep;
                        return is_enough ? ScanStep::kStop : ScanStep::kContinue;
                      });
  }

  WriteBatch EntriesOf(const std::vector<Key>& keys, std::span<const CurrentValue> values) {
    WriteBatch batch;
    damage_ = {};
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!values[i]) continue;
      const StoreResult<Item> item = DecodeItem(*values[i]);
      if (!item) {
        damage_ = std::unexpected(item.error());
        return WriteBatch();
      }
      AppendEntry(keys[i], *item, batch);
    }
    return batch;
  }

  void AppendEntry(const Key& key, const Item& item, WriteBatch& batch) const {
    const TableDescription& table = table_->description();
    if (index_ != nullptr) {
      auto entry = EntryOf(table, *index_, key.placement, item);
      if (entry) batch.Put(std::move(entry->key), std::move(entry->value));
    } else if (const auto second = ExpirySecondOf(*table.time_to_live, item)) {
      batch.Put(ExpiryKeyOf(*table.time_to_live, *second, key), std::string());
    }
  }

  StoreResult<StepOutcome> Finish() {
    if (index_ != nullptr) {
      for (const Group& group : store_.Groups(table_->keyspace())) {
        const auto corrected = CorrectCounts(group);
        // The table changed meanwhile, perhaps by losing this index.
        if (!corrected && corrected.error().code() == StatusCode::kStale) {
          return StepOutcome::kMore;
        }
        GRAMME_RETURN_IF_ERROR(corrected);
      }
    }
    return Edit([&](TableDescription& table) { Activate(state_.index_keyspace, table); },
                [&](WriteBatch& batch) { Jobs::RemoveFrom(batch, job_); }, StepOutcome::kDone);
  }

  // Repeating it adds nothing: the difference is zero then.
  StoreResult<void> CorrectCounts(const Group& group) {
    Counts actual;
    Counts counted;
    // A view shows what is durable, and must show every entry that was filled in.
    GRAMME_RETURN_IF_ERROR(AddToCounts(group, {}));
    {
      GRAMME_TRY(const auto view, store_.OpenView(group.id, ReadTier::kDisk));
      StoreResult<void> opened;
      GRAMME_RETURN_IF_ERROR(view->Scan(KeyspaceId{state_.index_keyspace}, {}, Direction::kForward,
                                        [&](std::string_view, std::string_view value) {
                                          const auto entry = OpenIndexEntry(value);
                                          if (!entry) {
                                            opened = std::unexpected(entry.error());
                                            return ScanStep::kStop;
                                          }
                                          actual.items += 1;
                                          actual.bytes += static_cast<std::int64_t>(
                                              entry->attributes.size_bytes());
                                          return ScanStep::kContinue;
                                        }));
      GRAMME_RETURN_IF_ERROR(opened);
      GRAMME_TRY(counted,
                 ReadGroupCounts(*view, group, state_.table_number, state_.index_keyspace));
    }
    return AddToCounts(
        group, {.items = actual.items - counted.items, .bytes = actual.bytes - counted.bytes});
  }

  // Durable when it returns, as is everything before it in the group.
  StoreResult<void> AddToCounts(const Group& group, const Counts& delta) {
    const Key somewhere = {.keyspace = table_->keyspace(),
                           .placement = group.placement_first,
                           .bytes = std::string(1, '\0')};
    const auto add = [&](std::span<const CurrentValue>) {
      WriteBatch batch;
      AddCounts(batch, state_.table_number, state_.index_keyspace, group.placement_first, delta);
      return std::optional(std::move(batch));
    };
    // Nothing may count in an index that is being dropped.
    const Guard guard = table_->guard();
    GRAMME_TRY(const UpdateOutcome outcome,
               store_.Update({&somewhere, 1}, {&guard, 1}, UpdateOptions{}, add));
    return store_.Await(outcome.position);
  }

  Job& job_;
  BackfillState state_;
  Store& store_;
  Catalog& catalog_;
  TableRef table_;
  const IndexDescription* index_ = nullptr;  // nullptr: it is the time to live that is filled
  StoreResult<void> damage_;
};

}  // namespace

void RegisterIndexBackfill(Jobs& jobs, Store& store, Catalog& catalog) {
  jobs.Register(std::string(kIndexBackfillJob), [&](Job& job) -> StoreResult<StepOutcome> {
    GRAMME_TRY(BackfillState state, Decode(job.state));
    return Backfill(job, std::move(state), store, catalog).Step();
  });
}

Job NewIndexBackfill(const TableDescription& table, const IndexDescription& index,
                     const Jobs& jobs) {
  return jobs.NewJob(kIndexBackfillJob, table.name + "/index/" + index.name,
                     Encode({.table_name = table.name,
                             .table_number = table.number,
                             .index_keyspace = index.keyspace}));
}

Job NewTimeToLiveBackfill(const TableDescription& table, const Jobs& jobs) {
  return jobs.NewJob(kIndexBackfillJob, table.name + "/time-to-live",
                     Encode({.table_name = table.name,
                             .table_number = table.number,
                             .index_keyspace = table.time_to_live->keyspace}));
}

}  // namespace gramme
