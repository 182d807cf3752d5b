#include "storage/rocksdb/format_file.h"

#include <fmt/format.h>

#include "base/result.h"
#include "storage/rocksdb/files.h"
#include "storage/rocksdb/text_record.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md.
constexpr std::string_view kTitle = "gramme data directory";

// Required features that this binary knows. The first format needs none.
bool IsKnownFeature(const std::string&) { return false; }

StoreResult<void> CheckKnown(const FormatFile& format, const std::string& path) {
  if (format.format_number > kFormatNumber) {
    return StoreError(StatusCode::kUnavailable,
                      fmt::format("{}: format {} is newer than this binary, which knows {}", path,
                                  format.format_number, kFormatNumber));
  }
  for (const std::string& feature : format.required_features) {
    if (IsKnownFeature(feature)) continue;
    return StoreError(
        StatusCode::kUnavailable,
        fmt::format("{}: feature '{}' is required and unknown to this binary", path, feature));
  }
  return {};
}

}  // namespace

StoreResult<std::optional<FormatFile>> ReadFormatFile(rocksdb::FileSystem& files,
                                                      const std::string& directory) {
  const std::string path = fmt::format("{}/{}", directory, kFormatFileName);
  GRAMME_TRY(const auto text, ReadWholeFile(files, path));
  if (!text) return std::optional<FormatFile>();
  GRAMME_TRY(const TextRecord record, TextRecord::Decode(kTitle, *text, path));
  FormatFile format;
  GRAMME_TRY(format.format_number, record.GetNumber("format"));
  GRAMME_TRY(const std::string required, record.Get("required-features"));
  format.required_features = SplitWords(required);
  GRAMME_RETURN_IF_ERROR(CheckKnown(format, path));
  GRAMME_TRY(const std::string optional, record.Get("optional-features"));
  format.optional_features = SplitWords(optional);
  GRAMME_TRY(format.identity.creating_version, record.Get("created-by"));
  GRAMME_TRY(format.identity.database_id, record.Get("database-id"));
  GRAMME_TRY(format.identity.region, record.Get("region"));
  GRAMME_TRY(format.identity.account_id, record.Get("account-id"));
  return std::optional(std::move(format));
}

StoreResult<void> WriteFormatFile(rocksdb::FileSystem& files, const std::string& directory,
                                  const FormatFile& format) {
  TextRecord record{std::string(kTitle)};
  record.Add("format", std::to_string(format.format_number));
  record.Add("created-by", format.identity.creating_version);
  record.Add("required-features", JoinWords(format.required_features));
  record.Add("optional-features", JoinWords(format.optional_features));
  record.Add("database-id", format.identity.database_id);
  record.Add("region", format.identity.region);
  record.Add("account-id", format.identity.account_id);
  return ReplaceFile(files, directory, std::string(kFormatFileName), record.Encode());
}

}  // namespace gramme
