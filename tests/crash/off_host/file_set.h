// FileSet: files of one kind whose damage must be noticed, and how that is judged. The test of
// flipped bits goes through a table of them.

#ifndef GRAMME_TESTS_CRASH_OFF_HOST_FILE_SET_H_
#define GRAMME_TESTS_CRASH_OFF_HOST_FILE_SET_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/client/requests.h"

namespace gramme {

struct FileSet {
  std::string name;  // `backup of Indexed`
  std::string directory;
  std::vector<std::string> files;  // in it, whatever is as it should be now
  // Called while one bit of this file is wrong. What should have been refused, by this file's name,
  // and was not; empty: all was.
  std::function<std::string(const std::string& file)> judge;
};

// Backups of several kinds of tables, made by a real server below `folder`: refused by
// `gramme backup verify`, by a copy and by a restore, which leaves no table.
Asked<std::vector<FileSet>> BackupFileSets(const std::string& binary, const std::string& folder,
                                           std::uint64_t seed);

// A base of point-in-time recovery and the tables that hold the change log, below `folder`: a
// restore of the latest moment is refused and leaves no table.
Asked<std::vector<FileSet>> RecoveryFileSets(const std::string& binary, const std::string& folder,
                                             std::uint64_t seed);

// The tables of RocksDB in the data directory of a real server that has stopped, below `folder`:
// `gramme scrub` finds the damage.
Asked<std::vector<FileSet>> StoreFileSets(const std::string& binary, const std::string& folder,
                                          std::uint64_t seed);

// A copy of a data directory for whoever opens it for writing. Tables are never changed in their
// place, so those of the copy are links.
void CopyWithLinkedTables(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_OFF_HOST_FILE_SET_H_
