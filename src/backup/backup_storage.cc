#include "backup/backup_storage.h"

#include <algorithm>

namespace gramme {
namespace {

constexpr std::size_t kTimeDigitCount = 14;
constexpr std::size_t kRandomDigitCount = 8;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

}  // namespace

bool IsBackupId(std::string_view text) {
  return text.size() == kTimeDigitCount + 1 + kRandomDigitCount && text[kTimeDigitCount] == '-' &&
         std::ranges::all_of(text.substr(0, kTimeDigitCount), IsDigit) &&
         std::ranges::all_of(text.substr(kTimeDigitCount + 1), IsHexDigit);
}

}  // namespace gramme
