// ScratchDirectory: a fresh directory of the machine for one test, removed with everything in it.

#ifndef GRAMME_STORAGE_ROCKSDB_TESTING_SCRATCH_DIRECTORY_H_
#define GRAMME_STORAGE_ROCKSDB_TESTING_SCRATCH_DIRECTORY_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace gramme {

class ScratchDirectory {
 public:
  ScratchDirectory() : path_(testing::TempDir() + "gramme-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no directory " << path_;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_TESTING_SCRATCH_DIRECTORY_H_
