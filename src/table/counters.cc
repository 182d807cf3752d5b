#include "table/counters.h"

#include <bit>
#include <optional>
#include <string>
#include <string_view>

#include "base/big_endian.h"
#include "base/result.h"
#include "encoding/key_encoding.h"

namespace gramme {
namespace {

constexpr char kItemCounter = 'c';  // part of the format
constexpr char kByteCounter = 's';  // part of the format

Key CounterKey(std::uint64_t table_number, std::uint64_t keyspace, std::uint64_t placement,
               char which) {
  Key key = {.keyspace = kCounterKeyspace, .placement = placement, .bytes = {}};
  key.bytes.reserve(2 * sizeof(std::uint64_t) + 1);
  AppendBigEndian64(table_number, key.bytes);
  AppendBigEndian64(keyspace, key.bytes);
  key.bytes.push_back(which);
  return key;
}

StoreResult<std::int64_t> ReadCounter(const View& view, const Key& key) {
  GRAMME_TRY(const std::optional<std::string> stored, view.Get(key));
  if (!stored) return 0;
  if (stored->size() != sizeof(std::int64_t)) {
    return StoreError(StatusCode::kCorruption, "a counter is not 8 bytes");
  }
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(value); i > 0; --i) {
    value = value << 8 | static_cast<unsigned char>((*stored)[i - 1]);
  }
  return std::bit_cast<std::int64_t>(value);
}

}  // namespace

void AddCounts(WriteBatch& batch, std::uint64_t table_number, std::uint64_t keyspace,
               std::uint64_t placement, const Counts& delta) {
  // An item that replaces one of its size changes neither: not even the keys are built.
  const auto add = [&](char which, std::int64_t by) {
    if (by != 0) batch.Add(CounterKey(table_number, keyspace, placement, which), by);
  };
  add(kItemCounter, delta.items);
  add(kByteCounter, delta.bytes);
}

StoreResult<Counts> ReadGroupCounts(const View& view, const Group& group,
                                    std::uint64_t table_number, std::uint64_t keyspace) {
  const auto key = [&](char which) {
    return CounterKey(table_number, keyspace, group.placement_first, which);
  };
  GRAMME_TRY(const std::int64_t items, ReadCounter(view, key(kItemCounter)));
  GRAMME_TRY(const std::int64_t bytes, ReadCounter(view, key(kByteCounter)));
  return Counts{.items = items, .bytes = bytes};
}

StoreResult<Counts> ReadCounts(Store& store, ReadTier tier, std::uint64_t table_number,
                               std::uint64_t keyspace) {
  Counts sum;
  for (const Group& group : store.Groups(kCounterKeyspace)) {
    GRAMME_TRY(const auto view, store.OpenView(group.id, tier));
    GRAMME_TRY(const Counts counts, ReadGroupCounts(*view, group, table_number, keyspace));
    sum.items += counts.items;
    sum.bytes += counts.bytes;
  }
  return sum;
}

KeyRange CounterRange(std::uint64_t table_number) {
  KeyRange range;
  AppendBigEndian64(table_number, range.start);
  range.end = PrefixEnd(range.start);
  return range;
}

KeyRange CounterRange(std::uint64_t table_number, std::uint64_t keyspace) {
  KeyRange range;
  AppendBigEndian64(table_number, range.start);
  AppendBigEndian64(keyspace, range.start);
  range.end = PrefixEnd(range.start);
  return range;
}

}  // namespace gramme
