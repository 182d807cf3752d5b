// DynamoDB's rules for the ARN of a backup in a request, and for the moment to restore. A backup is
// known by its id: another region in the ARN leads to the same backup, and is echoed.

#ifndef GRAMME_API_BACKUP_BACKUP_RULES_H_
#define GRAMME_API_BACKUP_BACKUP_RULES_H_

#include <optional>
#include <string_view>

#include "api/operation_context.h"
#include "backup/backup_description.h"
#include "base/clock.h"
#include "model/api_error.h"
#include "model/arn.h"

namespace gramme {

// What the text alone tells. Errors: ValidationException `Invalid Backup ARN`, `BackupArn is not
// valid`.
Result<void> ValidateBackupArn(std::string_view backup_arn);

// Of a restore to a moment: `time` or the latest. Errors: ValidationException.
Result<void> ValidateRestoreTime(bool is_latest, const std::optional<WallTime>& time);

struct NamedBackup {
  BackupDescription backup;
  ArnLabels labels;  // for answers
};

// The backup that a valid ARN names. Errors: ValidationException for an unknown region;
// AccessDeniedException for an empty region or another account, unless the backup was made under
// it; BackupNotFoundException.
Result<NamedBackup> FindBackup(std::string_view backup_arn, const OperationContext& context);

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_BACKUP_RULES_H_
