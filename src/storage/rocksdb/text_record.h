// TextRecord: a small file of `name = value` lines that a person can read and a checksum guards.
//
//   gramme data directory
//   format = 1
//   …
//   checksum = 0123456789abcdef        XXH3 of everything before this line
//
// Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_STORAGE_ROCKSDB_TEXT_RECORD_H_
#define GRAMME_STORAGE_ROCKSDB_TEXT_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace gramme {

class TextRecord {
 public:
  // `title` is the first line.
  explicit TextRecord(std::string title) : title_(std::move(title)) {}

  // REQUIRES: neither holds a line feed; `name` holds no blank.
  void Add(std::string name, std::string value);
  std::string Encode() const;

  // Errors: kCorruption; `path` goes into the message.
  static StoreResult<TextRecord> Decode(std::string_view title, std::string_view text,
                                        std::string_view path);
  // The value of a line, or kCorruption where it is absent or, for the second, no number.
  StoreResult<std::string> Get(std::string_view name) const;
  StoreResult<std::uint64_t> GetNumber(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& lines() const { return lines_; }

 private:
  std::string title_;
  std::string path_;
  std::vector<std::pair<std::string, std::string>> lines_;
};

// "1,2,3" and back.
std::string JoinWords(const std::vector<std::string>& words);
std::vector<std::string> SplitWords(std::string_view text);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_TEXT_RECORD_H_
