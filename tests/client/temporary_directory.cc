#include "tests/client/temporary_directory.h"

#include <cstdlib>
#include <filesystem>

#include "base/check.h"

namespace gramme {

TemporaryDirectory::TemporaryDirectory(std::string_view stem)
    : path_(std::filesystem::temp_directory_path() / (std::string(stem) + "-XXXXXX")) {
  GRAMME_CHECK(mkdtemp(path_.data()) != nullptr, path_);
}

void TemporaryDirectory::Remove() { std::filesystem::remove_all(path_); }

}  // namespace gramme
