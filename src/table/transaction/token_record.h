// Token records: what a client request token stands for, kept for ten minutes in the commit of its
// transaction, so that a request that is sent again has no second effect, across restarts too. Part
// of the format, see docs/internals/formats.md.

#ifndef GRAMME_TABLE_TRANSACTION_TOKEN_RECORD_H_
#define GRAMME_TABLE_TRANSACTION_TOKEN_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "storage/store.h"

namespace gramme {

inline constexpr Duration kTokenLife = std::chrono::minutes(10);

// Read units, doubled as transactions count them, that a repeated request is told it consumed.
struct ReplayUnits {
  std::string table_name;
  std::uint64_t read_units = 0;

  friend bool operator==(const ReplayUnits&, const ReplayUnits&) = default;
};

struct TokenRecord {
  std::uint64_t request_hash = 0;  // of the normalised request
  WallTime expiry{};
  std::vector<ReplayUnits> replay_units;  // one per table

  friend bool operator==(const TokenRecord&, const TokenRecord&) = default;
};

std::string EncodeTokenRecord(const TokenRecord& record);
// Errors: kCorruption.
StoreResult<TokenRecord> DecodeTokenRecord(std::string_view bytes);

// Where the record is kept. It lies with the items of its transaction: `placement` is that of the
// first one, so that the record commits with them.
Key TokenKey(std::string_view token, std::uint64_t placement);

// Removes records that expired before `now`, at most `count_max` of them. The number removed;
// less than `count_max` when none is left. For a job. Errors: the store's.
StoreResult<std::size_t> SweepExpiredTokens(Store& store, WallTime now,
                                            std::size_t count_max = 1000);

}  // namespace gramme

#endif  // GRAMME_TABLE_TRANSACTION_TOKEN_RECORD_H_
