#include "backup/kept_settings.h"

#include <utility>

#include "base/result.h"
#include "table/change_log/stream_record.h"
#include "table/record_fields.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {

LateSettings LateSettingsOf(const TableDescription& source, const std::set<KeptSetting>& keep) {
  LateSettings settings;
  const TimeToLiveDescription* time_to_live = MaintainedTimeToLive(source);
  if (keep.contains(KeptSetting::kTimeToLive) && time_to_live != nullptr) {
    settings.time_to_live_attribute = time_to_live->attribute_name;
  }
  if (keep.contains(KeptSetting::kStream) && HasEnabledStream(source)) {
    settings.stream_view_type = source.stream->view_type;
  }
  if (keep.contains(KeptSetting::kPointInTimeRecovery) && source.point_in_time_recovery) {
    settings.recovery_period_days = source.point_in_time_recovery->period_days;
  }
  return settings;
}

StoreResult<void> MakeKeyspaces(LateSettings& settings, Store& store) {
  if (settings.time_to_live_attribute) {
    GRAMME_TRY(const KeyspaceId keyspace, store.CreateKeyspace());
    settings.time_to_live_keyspace = static_cast<std::uint64_t>(keyspace);
  }
  if (settings.stream_view_type || settings.recovery_period_days) {
    GRAMME_TRY(const KeyspaceId keyspace, store.CreateKeyspace());
    settings.log_keyspace = static_cast<std::uint64_t>(keyspace);
  }
  return {};
}

void WriteLateSettings(const LateSettings& settings, RecordWriter& out) {
  out.Bool(settings.time_to_live_attribute.has_value());
  if (settings.time_to_live_attribute) {
    out.Bytes(*settings.time_to_live_attribute);
    out.Unsigned(settings.time_to_live_keyspace);
  }
  out.Bool(settings.stream_view_type.has_value());
  if (settings.stream_view_type) {
    out.Unsigned(static_cast<std::uint64_t>(*settings.stream_view_type));
  }
  out.Bool(settings.recovery_period_days.has_value());
  if (settings.recovery_period_days) out.Signed(*settings.recovery_period_days);
  out.Unsigned(settings.log_keyspace);
}

LateSettings TakeLateSettings(RecordReader& in) {
  LateSettings settings;
  if (in.Bool()) {
    settings.time_to_live_attribute = TakeString(in);
    settings.time_to_live_keyspace = in.Unsigned();
  }
  if (in.Bool()) settings.stream_view_type = static_cast<StreamViewType>(in.Unsigned());
  if (in.Bool()) settings.recovery_period_days = in.Signed();
  settings.log_keyspace = in.Unsigned();
  return settings;
}

TableDescription WithTimeToLive(TableDescription target, const LateSettings& settings,
                                WallTime now) {
  if (settings.time_to_live_attribute) {
    target.time_to_live = {.attribute_name = *settings.time_to_live_attribute,
                           .status = TimeToLiveStatus::kEnabled,
                           .keyspace = settings.time_to_live_keyspace,
                           .last_change_time = now};
  }
  return target;
}

StoreResult<LateStart> LateStart::Plan(const LateSettings& settings, const std::string& table_name,
                                       WallTime now, Store& store, const Settings& server) {
  LateStart start;
  start.settings_ = settings;
  start.now_ = now;
  if (!settings.stream_view_type && !settings.recovery_period_days) return start;
  const std::vector<Group> groups = store.Groups(KeyspaceId{settings.log_keyspace});
  start.stream_ = {.view_type = settings.stream_view_type.value_or(StreamViewType::kKeysOnly),
                   .now = now,
                   .log_keyspace = settings.log_keyspace,
                   .groups = groups,
                   .shard_count = server.stream_shard_count};
  start.recovery_ = {.now = now,
                     .period_days = settings.recovery_period_days.value_or(0),
                     .log_keyspace = settings.log_keyspace,
                     .groups = groups};
  if (settings.stream_view_type) {
    GRAMME_TRY(start.former_, FormerStream(store, table_name, now));
  }
  return start;
}

Result<void> LateStart::Apply(TableDescription& table) const {
  table = WithTimeToLive(std::move(table), settings_, now_);
  if (settings_.stream_view_type) {
    table.stream = former_;
    GRAMME_RETURN_IF_ERROR(EnableStream(stream_, table));
  }
  if (settings_.recovery_period_days) EnableRecovery(recovery_, table);
  return {};
}

}  // namespace gramme
