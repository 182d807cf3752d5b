// The store's own records, in kStoreKeyspace: the last commit, the generation of each guard, the
// next keyspace, the mark of the manifest. Each is
// `version, one byte | fields, 8 bytes big-endian each | XXH3, 4 bytes`.
// Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_STORAGE_ROCKSDB_STORE_RECORDS_H_
#define GRAMME_STORAGE_ROCKSDB_STORE_RECORDS_H_

#include <rocksdb/db.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "storage/key.h"
#include "storage/rocksdb/manifest_mark.h"

namespace gramme {

std::string EncodeStoreRecord(std::span<const std::uint64_t> fields);
// Errors: kCorruption, where the record is damaged or of another shape.
StoreResult<std::vector<std::uint64_t>> DecodeStoreRecord(std::string_view record,
                                                          std::size_t field_count);

// Encoded keys, as RocksDB has them.
std::string LastCommitKey();
std::string NextKeyspaceKey();
// A key of kStoreKeyspace, for a commit's batch.
Key ManifestMarkKey();
std::string EncodeManifestMark(const ManifestMark& mark);
std::string GenerationKey(std::uint64_t guard_id);

// What the records say of a database.
struct StoreState {
  std::uint64_t commit_number = 0;
  WallTime commit_time{};
  std::uint64_t next_keyspace = static_cast<std::uint64_t>(kFirstFreeKeyspace);
  std::unordered_map<std::uint64_t, std::uint64_t> generations;
  // How long the manifest was when the last imported table became part of it.
  std::optional<ManifestMark> manifest;
};

// Errors: kCorruption, kIoError.
StoreResult<StoreState> ReadStoreState(rocksdb::DB& db);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_STORE_RECORDS_H_
