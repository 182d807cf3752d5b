#include "backup/backup_manifest.h"

#include <algorithm>
#include <utility>

#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md.
constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kMagic = "GRAMMEBM";

void WriteFile(const BackupFile& file, RecordWriter& out) {
  out.Bytes(file.name);
  out.Unsigned(file.byte_count);
  out.Bytes(file.sha256);
  out.Unsigned(file.item_count);
}

BackupFile TakeFile(RecordReader& in) {
  BackupFile file;
  file.name = in.Bytes();
  file.byte_count = in.Unsigned();
  file.sha256 = in.Bytes();
  file.item_count = in.Unsigned();
  return file;
}

// A manifest from elsewhere must not lead out of its directory.
bool IsPlainName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

std::string EncodeManifest(const BackupManifest& manifest) {
  RecordWriter out(kVersion);
  out.Bytes(manifest.id);
  out.Bytes(manifest.name);
  out.Bytes(manifest.arn);
  out.Unsigned(static_cast<std::uint64_t>(manifest.type));
  out.Signed(manifest.creation_time.time_since_epoch().count());
  out.Unsigned(manifest.positions.size());
  for (const Position& position : manifest.positions) {
    out.Unsigned(static_cast<std::uint64_t>(position.group()));
    out.Unsigned(position.epoch());
    out.Unsigned(position.commit_number());
  }
  out.Signed(manifest.commit_time.time_since_epoch().count());
  out.Signed(manifest.counts.items);
  out.Signed(manifest.counts.bytes);
  WriteFile(manifest.definitions, out);
  out.Unsigned(manifest.data_files.size());
  for (const BackupFile& file : manifest.data_files) WriteFile(file, out);
  return std::string(kMagic) + std::move(out).Finish();
}

StoreResult<BackupManifest> DecodeManifest(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) {
    return StoreError(StatusCode::kCorruption, "not the manifest of a backup");
  }
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes.substr(kMagic.size()), kVersion));
  BackupManifest manifest;
  manifest.id = in.Bytes();
  manifest.name = in.Bytes();
  manifest.arn = in.Bytes();
  manifest.type = static_cast<BackupType>(in.Unsigned());
  manifest.creation_time = WallTime(Duration(in.Signed()));
  const std::uint64_t position_count = in.Unsigned();
  for (std::uint64_t i = 0; i < position_count && !in.AtEnd(); ++i) {
    const GroupId group{in.Unsigned()};
    const std::uint64_t epoch = in.Unsigned();
    manifest.positions.emplace_back(group, epoch, in.Unsigned());
  }
  manifest.commit_time = WallTime(Duration(in.Signed()));
  manifest.counts.items = in.Signed();
  manifest.counts.bytes = in.Signed();
  manifest.definitions = TakeFile(in);
  const std::uint64_t file_count = in.Unsigned();
  for (std::uint64_t i = 0; i < file_count && !in.AtEnd(); ++i) {
    manifest.data_files.push_back(TakeFile(in));
  }
  GRAMME_RETURN_IF_ERROR(in.Finish());
  const auto is_plain = [](const BackupFile& file) { return IsPlainName(file.name); };
  if (!is_plain(manifest.definitions) || !std::ranges::all_of(manifest.data_files, is_plain)) {
    return StoreError(StatusCode::kCorruption, "the manifest names an impossible file");
  }
  return manifest;
}

}  // namespace gramme
