#include "table/transaction/token_record.h"

#include <array>
#include <optional>
#include <utility>

#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

constexpr std::uint8_t kVersion = 1;  // part of the format, see docs/internals/formats.md

// A damaged record is left alone: whoever sends its token is told.
bool IsExpired(std::string_view bytes, WallTime now) {
  const auto record = DecodeTokenRecord(bytes);
  return record && record->expiry < now;
}

}  // namespace

std::string EncodeTokenRecord(const TokenRecord& record) {
  RecordWriter out(kVersion);
  out.Unsigned(record.request_hash);
  out.Signed(record.expiry.time_since_epoch().count());
  out.Unsigned(record.replay_units.size());
  for (const ReplayUnits& units : record.replay_units) {
    out.Bytes(units.table_name);
    out.Unsigned(units.read_units);
  }
  return std::move(out).Finish();
}

StoreResult<TokenRecord> DecodeTokenRecord(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  TokenRecord record;
  record.request_hash = in.Unsigned();
  record.expiry = WallTime(Duration(in.Signed()));
  const std::uint64_t count = in.Unsigned();
  for (std::uint64_t i = 0; i < count && !in.AtEnd(); ++i) {
    ReplayUnits& units = record.replay_units.emplace_back();
    units.table_name = in.Bytes();
    units.read_units = in.Unsigned();
  }
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return record;
}

Key TokenKey(std::string_view token, std::uint64_t placement) {
  return {.keyspace = kTokenKeyspace, .placement = placement, .bytes = std::string(token)};
}

StoreResult<std::size_t> SweepExpiredTokens(Store& store, WallTime now, std::size_t count_max) {
  std::size_t removed_count = 0;
  for (const Group& group : store.Groups(kTokenKeyspace)) {
    std::vector<Key> expired;
    {
      GRAMME_TRY(const auto view, store.OpenView(group.id, ReadTier::kDisk));
      GRAMME_RETURN_IF_ERROR(view->Scan(kTokenKeyspace, {}, Direction::kForward,
                                        [&](std::string_view key, std::string_view value) {
                                          if (IsExpired(value, now))
                                            expired.push_back(TokenKey(key, group.placement_first));
                                          return removed_count + expired.size() < count_max
                                                     ? ScanStep::kContinue
                                                     : ScanStep::kStop;
                                        }));
    }
    for (const Key& key : expired) {
      // A token that was used anew meanwhile has another expiry.
      const auto remove = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
        if (!values[0] || !IsExpired(*values[0], now)) return std::nullopt;
        WriteBatch batch;
        batch.Delete(key);
        return batch;
      };
      GRAMME_TRY(const UpdateOutcome outcome, store.Update(std::array{key}, {}, {}, remove));
      if (outcome.committed) ++removed_count;
    }
    if (removed_count >= count_max) break;
  }
  return removed_count;
}

}  // namespace gramme
