// What a restore brings back of its source's settings, and what not and why. Pure.

#ifndef GRAMME_BACKUP_RESTORE_REPORT_H_
#define GRAMME_BACKUP_RESTORE_REPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "backup/kept_settings.h"
#include "model/table_description.h"

namespace gramme {

struct ReportedSetting {
  std::string setting;                    // `BILLING_MODE`, …
  std::optional<std::string> index_name;  // as in the source
  std::string reason;                     // why it does not come back
};

// Of settings that the source has.
struct RestoreReport {
  std::vector<ReportedSetting> restored;
  std::vector<ReportedSetting> not_restored;
};

// `target`: what restored_table.h made of the source. `is_all_recorded`: false where the source is
// from a backup without tags and deletion protection.
RestoreReport ReportOf(const TableDescription& source, const TableDescription& target,
                       const LateSettings& late, bool is_all_recorded);

}  // namespace gramme

#endif  // GRAMME_BACKUP_RESTORE_REPORT_H_
