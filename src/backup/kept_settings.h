// The settings of a table that a restore brings back when it is asked to (RestoreTable). Tags and
// deletion protection are the target's from the start; the others begin in the commit that makes it
// ACTIVE, in keyspaces that were made for them when the restore was admitted.

#ifndef GRAMME_BACKUP_KEPT_SETTINGS_H_
#define GRAMME_BACKUP_KEPT_SETTINGS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/status.h"
#include "encoding/record.h"
#include "model/api_error.h"
#include "model/table_description.h"
#include "storage/store.h"
#include "table/change_log/stream_edits.h"
#include "table/settings.h"

namespace gramme {

enum class KeptSetting { kTags, kDeletionProtection, kTimeToLive, kStream, kPointInTimeRecovery };

// Those that begin when the table is ACTIVE: durable with the restore. Nothing: not asked for, or
// the source has none.
struct LateSettings {
  std::optional<std::string> time_to_live_attribute;
  std::optional<StreamViewType> stream_view_type;
  std::optional<std::int64_t> recovery_period_days;
  std::uint64_t time_to_live_keyspace = 0;  // its index is filled by the import
  std::uint64_t log_keyspace = 0;           // empty until then
};

// Of what `source` has, without keyspaces.
LateSettings LateSettingsOf(const TableDescription& source, const std::set<KeptSetting>& keep);
// Makes the keyspaces that they need. Errors: the store's.
StoreResult<void> MakeKeyspaces(LateSettings& settings, Store& store);

// Part of the format, see docs/internals/formats.md.
void WriteLateSettings(const LateSettings& settings, RecordWriter& out);
LateSettings TakeLateSettings(RecordReader& in);

// The target with the time to live, as the import and the removal of a target need it.
TableDescription WithTimeToLive(TableDescription target, const LateSettings& settings,
                                WallTime now);

// How they begin, for one edit.
class LateStart {
 public:
  // Errors: the store's.
  static StoreResult<LateStart> Plan(const LateSettings& settings, const std::string& table_name,
                                     WallTime now, Store& store, const Settings& server);
  // Pure. REQUIRES: the table has none of them.
  Result<void> Apply(TableDescription& table) const;

 private:
  LateSettings settings_;
  WallTime now_{};
  NewStream stream_;
  NewRecovery recovery_;
  std::optional<StreamDescription> former_;  // of an earlier table of the name
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_KEPT_SETTINGS_H_
