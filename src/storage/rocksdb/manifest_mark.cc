#include "storage/rocksdb/manifest_mark.h"

#include <charconv>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/rocksdb/rocksdb_status.h"

namespace gramme {

std::optional<std::uint64_t> ManifestNumber(std::string_view name) {
  constexpr std::string_view kPrefix = "MANIFEST-";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

StoreResult<ManifestMark> MarkManifest(rocksdb::DB& db) {
  std::vector<std::string> names;
  ManifestMark mark;
  GRAMME_RETURN_IF_ERROR(
      CheckRocksDb(db.GetLiveFiles(names, &mark.byte_count, /*flush_memtable=*/false),
                   "measuring the manifest"));
  for (const std::string& name : names) {
    if (const auto number = ManifestNumber(std::string_view(name).substr(1))) mark.number = *number;
  }
  if (mark.number == 0) return StoreError(StatusCode::kIoError, "there is no manifest");
  return mark;
}

}  // namespace gramme
