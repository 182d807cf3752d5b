#include "api/backup/backup_rules.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "backup/backups.h"

namespace gramme {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

// `us-east-1`, `ap-southeast-2`, …: words and a digit.
bool LooksLikeRegion(std::string_view text) {
  const std::size_t last_dash = text.rfind('-');
  if (last_dash == std::string_view::npos || last_dash + 2 != text.size()) return false;
  if (text.back() < '1' || text.back() > '9') return false;
  const std::string_view words = text.substr(0, last_dash);
  return words.size() >= 4 && IsLower(words[0]) && IsLower(words[1]) && words[2] == '-' &&
         std::ranges::all_of(words, [](char c) { return IsLower(c) || c == '-'; });
}

}  // namespace

Result<void> ValidateBackupArn(std::string_view backup_arn) {
  const auto arn = ParseArn(backup_arn);
  if (!arn || arn->kind != "backup") return ValidationError("Invalid Backup ARN");
  if (arn->partition != "aws" || arn->service != "dynamodb") {
    return ValidationError("BackupArn is not valid");
  }
  return {};
}

Result<void> ValidateRestoreTime(bool is_latest, const std::optional<WallTime>& time) {
  if (is_latest && time) {
    return ValidationError(
        "Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for "
        "point-in-time restore request. Please specify either RestoreDateTime time or "
        "UseLatestRestorableTime");
  }
  if (!is_latest && !time) {
    return ValidationError(
        "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be "
        "specified, but not both");
  }
  return {};
}

Result<NamedBackup> FindBackup(std::string_view backup_arn, const OperationContext& context) {
  const ArnLabels& own = context.engine.settings.labels;
  const auto arn = ParseArn(backup_arn);
  std::optional<BackupDescription> backup = context.engine.backups.Find(arn->id);
  // A server that was given the backups of another one knows them by the ARNs that people kept.
  const bool is_as_made = backup && backup->arn == backup_arn;
  if (!is_as_made) {
    if (arn->region.empty()) return Error(ErrorCode::kAccessDeniedException, "Access is denied");
    if (arn->region != own.region && !LooksLikeRegion(arn->region)) {
      return ValidationError("BackupArn is not valid");
    }
    if (arn->account_id != own.account_id) {
      return Error(ErrorCode::kAccessDeniedException, "Access is denied");
    }
  }
  if (!backup || backup->table.name != arn->table_name) {
    return Error(ErrorCode::kBackupNotFoundException,
                 "Backup not found: " + std::string(backup_arn));
  }
  return NamedBackup{
      .backup = *std::move(backup),
      .labels = {.region = std::string(arn->region), .account_id = std::string(arn->account_id)}};
}

}  // namespace gramme
