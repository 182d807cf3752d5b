#include "storage/rocksdb/listed_files.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>

#include "base/result.h"
#include "storage/rocksdb/file_check.h"
#include "storage/rocksdb/files.h"
#include "storage/rocksdb/text_record.h"

namespace gramme {
namespace {

bool ParseNumber(std::string_view text, int base, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

StoreResult<ListedFile> Describe(rocksdb::FileSystem& files, const std::string& directory,
                                 const std::string& name) {
  const std::string path = directory + "/" + name;
  GRAMME_TRY(const auto contents, ReadWholeFile(files, path));
  if (!contents) return StoreError(StatusCode::kCorruption, path + ": is missing");
  return ListedFile{.name = name,
                    .byte_count = contents->size(),
                    .checksum = XXH3_64bits(contents->data(), contents->size())};
}

}  // namespace

StoreResult<std::vector<ListedFile>> ListSmallFiles(rocksdb::FileSystem& files,
                                                    const std::string& directory) {
  GRAMME_TRY(const std::vector<std::string> names, ListDirectory(files, directory));
  std::vector<ListedFile> listed;
  for (const std::string& name : names) {
    if (name.ends_with(".sst")) continue;
    GRAMME_TRY(ListedFile file, Describe(files, directory, name));
    listed.push_back(std::move(file));
  }
  return listed;
}

StoreResult<void> CheckListedFiles(rocksdb::FileSystem& files, const std::string& directory,
                                   const std::vector<ListedFile>& listed) {
  for (const ListedFile& expected : listed) {
    const std::string path = directory + "/" + expected.name;
    ForgetCached(files, path);
    GRAMME_TRY(const ListedFile found, Describe(files, directory, expected.name));
    if (found.byte_count != expected.byte_count || found.checksum != expected.checksum) {
      return StoreError(StatusCode::kCorruption, path + ": fails its checksum");
    }
  }
  return {};
}

std::string EncodeListedFile(const ListedFile& file) {
  return JoinWords(
      {file.name, std::to_string(file.byte_count), fmt::format("{:016x}", file.checksum)});
}

StoreResult<ListedFile> DecodeListedFile(std::string_view text, std::string_view path) {
  const std::vector<std::string> words = SplitWords(text);
  ListedFile file;
  if (words.size() != 3 || !ParseNumber(words[1], 10, file.byte_count) ||
      !ParseNumber(words[2], 16, file.checksum)) {
    return StoreError(StatusCode::kCorruption,
                      fmt::format("{}: '{}' describes no file", path, text));
  }
  file.name = words[0];
  return file;
}

}  // namespace gramme
