#include <utility>

#include "backup/restore_job.h"
#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

// Part of the format. Version 2 added what a restore to a moment needs, version 3 the settings that
// are kept.
constexpr std::uint8_t kVersion = 3;
constexpr std::uint8_t kVersionBeforeReplays = 1;
constexpr std::uint8_t kVersionBeforeKeptSettings = 2;

}  // namespace

std::string EncodeRestoreState(const RestoreState& state) {
  RecordWriter out(kVersion);
  out.Bytes(state.backup_id);
  out.Bytes(state.table_name);
  out.Unsigned(state.table_number);
  out.Bool(state.is_verified);
  out.Unsigned(state.next.file_index);
  out.Unsigned(state.next.offset);
  out.Unsigned(state.counts.size());
  for (const Counts& counts : state.counts) {
    out.Signed(counts.items);
    out.Signed(counts.bytes);
  }
  out.Bool(state.replay.has_value());
  if (state.replay) WriteLogReplay(*state.replay, out);
  out.Bytes(state.last_key);
  out.Bool(state.is_imported);
  WriteLateSettings(state.late, out);
  return std::move(out).Finish();
}

StoreResult<RestoreState> DecodeRestoreState(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  RestoreState state;
  state.backup_id = in.Bytes();
  state.table_name = in.Bytes();
  state.table_number = in.Unsigned();
  state.is_verified = in.Bool();
  state.next.file_index = in.Unsigned();
  state.next.offset = in.Unsigned();
  const std::uint64_t count = in.Unsigned();
  for (std::uint64_t i = 0; i < count && !in.AtEnd(); ++i) {
    const std::int64_t items = in.Signed();
    state.counts.push_back({.items = items, .bytes = in.Signed()});
  }
  if (in.version() > kVersionBeforeReplays) {
    if (in.Bool()) state.replay = TakeLogReplay(in);
    state.last_key = in.Bytes();
    state.is_imported = in.Bool();
  }
  if (in.version() > kVersionBeforeKeptSettings) state.late = TakeLateSettings(in);
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return state;
}

}  // namespace gramme
