#include "table/time_to_live/expiry_entry.h"

#include <algorithm>
#include <string>

#include "base/big_endian.h"
#include "encoding/key_encoding.h"

namespace gramme {
namespace {

constexpr std::size_t kSecondBytes = sizeof(std::uint64_t);

std::uint64_t WholeSecondsUntil(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0));
}

}  // namespace

const TimeToLiveDescription* MaintainedTimeToLive(const TableDescription& table) {
  if (!table.time_to_live) return nullptr;
  const TimeToLiveStatus status = table.time_to_live->status;
  const bool is_maintained =
      status == TimeToLiveStatus::kEnabling || status == TimeToLiveStatus::kEnabled;
  return is_maintained ? &*table.time_to_live : nullptr;
}

std::optional<std::uint64_t> ExpirySecondOf(const AttributeValue& value) {
  static const Number last = Number::FromInt(kExpirySecondMax);
  const Number* number = value.get_if<Number>();
  if (number == nullptr || number->negative() || *number > last) return std::nullopt;
  Number::Coefficient seconds = number->coefficient();
  int exponent = number->exponent();
  for (; exponent > 0; --exponent) seconds *= 10;
  bool has_fraction = false;
  for (; exponent < 0 && seconds != 0; ++exponent) {
    has_fraction = has_fraction || seconds % 10 != 0;
    seconds /= 10;
  }
  // Nothing expires early, and so a fraction counts as a whole second.
  return static_cast<std::uint64_t>(seconds) + (has_fraction ? 1 : 0);
}

std::optional<std::uint64_t> ExpirySecondOf(const TimeToLiveDescription& time_to_live,
                                            const Item& item) {
  const AttributeValue* value = FindAttribute(item, time_to_live.attribute_name);
  if (value == nullptr) return std::nullopt;
  return ExpirySecondOf(*value);
}

Key ExpiryKeyOf(const TimeToLiveDescription& time_to_live, std::uint64_t second,
                const Key& base_key) {
  return {.keyspace = KeyspaceId{time_to_live.keyspace},
          .placement = base_key.placement,
          .bytes = BigEndian64(second) + base_key.bytes};
}

StoreResult<ExpiryEntry> ExpiryEntryOf(const TableDescription& table, std::string_view entry_key) {
  if (entry_key.size() < kSecondBytes + kHashBytes) {
    return StoreError(StatusCode::kCorruption, "the key of a time to live is too short");
  }
  const std::string_view base = entry_key.substr(kSecondBytes);
  return ExpiryEntry{.second = ReadBigEndian64(entry_key),
                     .base_key = {.keyspace = KeyspaceId{table.keyspace},
                                  .placement = ReadBigEndian64(base),
                                  .bytes = std::string(base)}};
}

KeyRange DueRange(WallTime now) {
  // Of whole seconds: all before now are over, and the one that now is part of may be.
  return {.start = BigEndian64(WholeSecondsUntil(now - kExpiryAgeMax)),
          .end = BigEndian64(WholeSecondsUntil(now) + 1)};
}

}  // namespace gramme
