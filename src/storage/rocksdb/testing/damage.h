// Damage: what tests do to the files of a closed data directory.

#ifndef GRAMME_STORAGE_ROCKSDB_TESTING_DAMAGE_H_
#define GRAMME_STORAGE_ROCKSDB_TESTING_DAMAGE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gramme {

// The bytes of every regular file of a directory, by relative path.
std::vector<std::pair<std::string, std::string>> ReadTree(const std::filesystem::path& directory);
void WriteTree(const std::filesystem::path& directory,
               const std::vector<std::pair<std::string, std::string>>& files);

// The live log of a data directory: the last one, by number. Empty where there is none.
std::filesystem::path LastLog(const std::filesystem::path& directory);

std::string ReadBytes(const std::filesystem::path& path);
void WriteBytes(const std::filesystem::path& path, const std::string& bytes);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_TESTING_DAMAGE_H_
