// ManifestMark: how long the manifest was when something became part of the database that the log
// does not hold. Kept by a commit; a manifest that is shorter has lost what it was kept for.

#ifndef GRAMME_STORAGE_ROCKSDB_MANIFEST_MARK_H_
#define GRAMME_STORAGE_ROCKSDB_MANIFEST_MARK_H_

#include <rocksdb/db.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/status.h"

namespace gramme {

struct ManifestMark {
  std::uint64_t number = 0;  // in the manifest's name; a later one holds all of those before
  std::uint64_t byte_count = 0;

  friend auto operator<=>(const ManifestMark&, const ManifestMark&) = default;
};

// The number in "MANIFEST-000005"; nothing where that is no manifest's name.
std::optional<std::uint64_t> ManifestNumber(std::string_view name);

// Of `db` now. Errors: kIoError.
StoreResult<ManifestMark> MarkManifest(rocksdb::DB& db);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_MANIFEST_MARK_H_
