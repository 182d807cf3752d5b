// The main program of a fuzzer's replay: runs it over the files and the files of the folders that
// it is given, in the order of their names. For builds without libFuzzer (cmake/module.cmake). A
// property that does not hold ends the process; with -v, each input is named first, and so the one
// that it fails on.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

bool Replay(const std::filesystem::path& path, bool is_verbose) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    std::printf("cannot read %s\n", path.c_str());
    return false;
  }
  if (is_verbose) {
    std::printf("%s\n", path.c_str());
    std::fflush(stdout);
  }
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::set<std::filesystem::path> paths;
  bool is_verbose = false;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "-v") {
      is_verbose = true;
      continue;
    }
    if (std::filesystem::is_regular_file(argv[i])) {
      paths.insert(argv[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      if (entry.is_regular_file()) paths.insert(entry.path());
    }
  }
  for (const auto& path : paths) {
    if (!Replay(path, is_verbose)) return 1;
  }
  std::printf("%zu inputs replayed\n", paths.size());
  return paths.empty() ? 1 : 0;
}
