#include "storage/rocksdb/testing/damage.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace gramme {

namespace fs = std::filesystem;

std::string ReadBytes(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

void WriteBytes(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
}

std::vector<std::pair<std::string, std::string>> ReadTree(const fs::path& directory) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    files.emplace_back(fs::relative(entry.path(), directory).string(), ReadBytes(entry.path()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

void WriteTree(const fs::path& directory,
               const std::vector<std::pair<std::string, std::string>>& files) {
  fs::remove_all(directory);
  fs::create_directories(directory);
  for (const auto& [name, bytes] : files) {
    fs::create_directories((directory / name).parent_path());
    WriteBytes(directory / name, bytes);
  }
}

fs::path LastLog(const fs::path& directory) {
  fs::path last;
  for (const auto& entry : fs::directory_iterator(directory / "db")) {
    if (entry.path().extension() == ".log" && entry.path() > last) last = entry.path();
  }
  return last;
}

}  // namespace gramme
