// What an item is in the index of a table's time to live: one key, and nothing under it. With it
// the items that are due are found without a look at the others. Pure.
//
// A key is the second at which the item is due, 8 bytes big-endian, and the key bytes of the item;
// it is placed by the item. Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_TABLE_TIME_TO_LIVE_EXPIRY_ENTRY_H_
#define GRAMME_TABLE_TIME_TO_LIVE_EXPIRY_ENTRY_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"
#include "model/attribute_value.h"
#include "model/table_description.h"
#include "storage/key.h"

namespace gramme {

// The last second of the year 9999, in seconds since 1970. What claims to expire later is not a
// time, and has no entry: most often it counts milliseconds.
inline constexpr std::uint64_t kExpirySecondMax = 253'402'300'799;

// An item that expired longer ago stays: "The TTL attribute value must be a datetimestamp with an
// expiration of no more than five years in the past" (DynamoDB's developer guide). What a year is
// it does not say.
inline constexpr Duration kExpiryAgeMax = std::chrono::hours(5 * 365 * 24);

// The table's time to live where writes keep its index up to date: from its first moment on, until
// it is being turned off. Otherwise nullptr.
const TimeToLiveDescription* MaintainedTimeToLive(const TableDescription& table);

// The first whole second since 1970 that is not before the time; nothing where the value is no
// number, or none from 0 to kExpirySecondMax.
std::optional<std::uint64_t> ExpirySecondOf(const AttributeValue& value);
// The same of an item's attribute. Nothing where it has none.
std::optional<std::uint64_t> ExpirySecondOf(const TimeToLiveDescription& time_to_live,
                                            const Item& item);

// Where the item with this key has its entry.
Key ExpiryKeyOf(const TimeToLiveDescription& time_to_live, std::uint64_t second,
                const Key& base_key);

struct ExpiryEntry {
  std::uint64_t second = 0;
  Key base_key;
};
// Errors: kCorruption.
StoreResult<ExpiryEntry> ExpiryEntryOf(const TableDescription& table, std::string_view entry_key);

// The entries of what may be due: of times that are over, but not for longer than kExpiryAgeMax. It
// is for the attribute itself to say whether it is.
KeyRange DueRange(WallTime now);

}  // namespace gramme

#endif  // GRAMME_TABLE_TIME_TO_LIVE_EXPIRY_ENTRY_H_
