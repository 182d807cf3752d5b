// The checksum of a table as a whole, as RocksDB's manifest keeps it: XXH3-64, 8 bytes big-endian.
// RocksDB brings CRC-32C, which Debian's build computes in software: it takes 12 times as long
// (1.5 against 18 GB/s), of each table that is flushed or compacted.

#ifndef GRAMME_STORAGE_ROCKSDB_TABLE_CHECKSUM_H_
#define GRAMME_STORAGE_ROCKSDB_TABLE_CHECKSUM_H_

#include <rocksdb/file_checksum.h>

#include <memory>

namespace gramme {

// Makes generators of that checksum; none where another one is asked for.
std::shared_ptr<rocksdb::FileChecksumGenFactory> TableChecksums();

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_TABLE_CHECKSUM_H_
