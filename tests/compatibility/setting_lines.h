// The settings as served_interface.cc prints them.

#ifndef GRAMME_TESTS_COMPATIBILITY_SETTING_LINES_H_
#define GRAMME_TESTS_COMPATIBILITY_SETTING_LINES_H_

#include <string>

namespace gramme {

// `setting  NAME  VALUE_NAME  repeatable|single`, a line each.
std::string SettingLines();

}  // namespace gramme

#endif  // GRAMME_TESTS_COMPATIBILITY_SETTING_LINES_H_
