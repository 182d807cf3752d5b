// One flipped bit in any file of a backup, a base or a change log is refused, by the name of the
// file, by everything that reads it; one in any table of a store is found by the scrub.
//
//   GRAMME_FLIPS    how many bits, one after the other; 100 when it is not set, 60 of a store
//   GRAMME_SEED     drawn and printed when it is not set
//   GRAMME_BINARY   the server; that of this build when it is not set

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "tests/client/environment.h"
#include "tests/client/temporary_directory.h"
#include "tests/crash/off_host/file_set.h"

namespace gramme {
namespace {

constexpr std::uint64_t kEdgeBytes = 64;

// Whatever must not be believed when a bit of it is wrong, each with a folder of its own.
struct FileSetSource {
  const char* name;
  Asked<std::vector<FileSet>> (*make)(const std::string& binary, const std::string& folder,
                                      std::uint64_t seed);
};
using FileSetSources = std::initializer_list<FileSetSource>;

Asked<std::vector<FileSet>> MakeAll(FileSetSources sources, const std::string& folder,
                                    std::uint64_t seed) {
  std::vector<FileSet> all;
  for (const FileSetSource& source : sources) {
    const std::string own = folder + "/" + source.name;
    std::filesystem::create_directory(own);
    GRAMME_TRY(std::vector<FileSet> sets,
               source.make(BinaryFromEnvironment(GRAMME_BINARY), own, seed));
    std::ranges::move(sets, std::back_inserter(all));
  }
  return all;
}

// Flips a bit as long as it lives.
class FlippedBit {
 public:
  FlippedBit(std::string path, std::uint64_t at, int bit)
      : path_(std::move(path)), at_(static_cast<std::streamoff>(at)), bit_(bit) {
    Flip();
  }
  ~FlippedBit() { Flip(); }
  FlippedBit(const FlippedBit&) = delete;
  FlippedBit& operator=(const FlippedBit&) = delete;

 private:
  void Flip() {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at_);
    const auto byte = static_cast<char>(file.get() ^ (1 << bit_));
    file.seekp(at_);
    file.put(byte);
    file.flush();
    EXPECT_TRUE(file.good()) << path_;
  }

  const std::string path_;
  const std::streamoff at_;
  const int bit_;
};

// Anywhere in the file; every fourth near one of its ends, where the lengths and marks are.
std::uint64_t RandomPlace(std::uint64_t size, Random& random) {
  if (!random.OneIn(4)) return random.Below(size);
  const std::uint64_t near = random.Below(std::min(size, kEdgeBytes));
  return random.OneIn(2) ? near : size - 1 - near;
}

void FlipBits(FileSetSources sources, std::uint64_t flip_count_otherwise) {
  const std::uint64_t seed = SeedFromEnvironment();
  const std::uint64_t flip_count = NumberFromEnvironment("GRAMME_FLIPS", flip_count_otherwise);
  TemporaryDirectory folder("gramme-flips");
  const auto sets = MakeAll(sources, folder.path(), seed);
  ASSERT_TRUE(sets.has_value()) << sets.error() << "; kept: " << folder.path();
  std::vector<std::pair<const FileSet*, std::string>> files;
  for (const FileSet& set : *sets) {
    for (const std::string& file : set.files) files.emplace_back(&set, file);
    // What is whole must not be refused, or refusals say nothing.
    ASSERT_NE(set.judge(set.files.front()), "") << set.name;
  }
  SeededRandom random(seed);
  std::map<std::string, int> flips_by_file;
  for (std::uint64_t flip = 0; flip < flip_count; ++flip) {
    const auto& [set, file] = files[random.Below(files.size())];
    const std::string path = set->directory + "/" + file;
    const std::uint64_t at = RandomPlace(std::filesystem::file_size(path), random);
    const int bit = static_cast<int>(random.Below(8));
    const FlippedBit flipped(path, at, bit);
    ASSERT_EQ(set->judge(file), "")
        << set->name << ", " << path << ", byte " << at << ", bit " << bit << "; kept";
    ++flips_by_file[file];
  }
  for (const FileSet& set : *sets) ASSERT_NE(set.judge(set.files.front()), "") << set.name;
  std::string tally;
  for (const auto& [file, count] : flips_by_file) {
    tally += fmt::format("{}{} of {}", tally.empty() ? "" : ", ", count, file);
  }
  std::printf("%llu flipped bits refused by name in %zu files of %zu sets: %s\n",
              static_cast<unsigned long long>(flip_count), files.size(), sets->size(),
              tally.c_str());
  folder.Remove();
}

TEST(FlipTest, EveryFlippedBitIsRefusedByTheNameOfItsFile) {
  FlipBits({{"backups", BackupFileSets}, {"recovery", RecoveryFileSets}}, 100);
}

TEST(StoreFlipTest, EveryFlippedBitOfATableIsFoundByTheScrub) {
  FlipBits({{"store", StoreFileSets}}, 60);
}

}  // namespace
}  // namespace gramme
