// A table with every setting that a restore can keep, and whether another one has them. For tests.

#ifndef GRAMME_BACKUP_TESTING_KEPT_SETTINGS_H_
#define GRAMME_BACKUP_TESTING_KEPT_SETTINGS_H_

#include <set>
#include <string>
#include <string_view>

#include "backup/kept_settings.h"
#include "backup/testing/backup_world.h"

namespace gramme {

std::set<KeptSetting> AllKeptSettings();

// As BackupWorld::MakeTable, with a time to live (`t`), a stream and point-in-time recovery.
TableRef MakeTableWithSettings(BackupWorld& world, std::string_view name);

// What the table lacks of the settings of such a one, its index of a time to live included; or
// nothing.
std::string FindMissingSetting(BackupWorld& world, const TableRef& table);

// The keys of a keyspace.
std::set<std::string> KeysOf(BackupWorld& world, std::uint64_t keyspace);

}  // namespace gramme

#endif  // GRAMME_BACKUP_TESTING_KEPT_SETTINGS_H_
