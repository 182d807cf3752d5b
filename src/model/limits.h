// DynamoDB's limits that more than one module needs. Sizes are bytes; 1 KB is 1,024 bytes. Source
// of each: AWS's service model and developer guide.

#ifndef GRAMME_MODEL_LIMITS_H_
#define GRAMME_MODEL_LIMITS_H_

#include <cstddef>

namespace gramme {

inline constexpr std::size_t kItemSizeBytesMax = 400 * 1024;
// What billing and TableSizeBytes add to each item and index entry.
inline constexpr std::size_t kItemOverheadBytes = 100;
inline constexpr int kNestingDepthMax = 32;
inline constexpr std::size_t kPartitionKeyBytesMax = 2048;
inline constexpr std::size_t kSortKeyBytesMax = 1024;
inline constexpr std::size_t kAttributeNameBytesMax = 65535;
inline constexpr std::size_t kKeyNameBytesMax = 255;

inline constexpr std::size_t kExpressionBytesMax = 4096;
inline constexpr std::size_t kExpressionTokenBytesMax = 255;
inline constexpr std::size_t kExpressionValuesBytesMax = 2 * 1024 * 1024;
inline constexpr int kExpressionOperatorCountMax = 300;
inline constexpr int kExpressionInOperandCountMax = 100;

// One page of Query or Scan: evaluated bytes, before filter and projection.
inline constexpr std::size_t kPageBytesMax = 1024 * 1024;
inline constexpr std::size_t kBatchGetKeyCountMax = 100;
inline constexpr std::size_t kBatchGetBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kBatchWriteItemCountMax = 25;
inline constexpr std::size_t kTransactionActionCountMax = 100;
inline constexpr std::size_t kTransactionBytesMax = 4 * 1024 * 1024;

inline constexpr std::size_t kLocalSecondaryIndexCountMax = 5;
inline constexpr std::size_t kGlobalSecondaryIndexCountMax = 20;
inline constexpr std::size_t kNonKeyAttributeCountMax = 100;  // over all indexes of a table
inline constexpr std::size_t kTableCountMax = 2500;
inline constexpr std::size_t kTagCountMax = 50;
inline constexpr std::size_t kRestoreCountMax = 50;  // at once

inline constexpr std::size_t kRequestBodyBytesMax = 16 * 1024 * 1024;

}  // namespace gramme

#endif  // GRAMME_MODEL_LIMITS_H_
