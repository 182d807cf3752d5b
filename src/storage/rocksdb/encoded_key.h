// How keys lie in RocksDB: `keyspace id, 8 bytes big-endian | bytes of the key`.
// Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_STORAGE_ROCKSDB_ENCODED_KEY_H_
#define GRAMME_STORAGE_ROCKSDB_ENCODED_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/big_endian.h"
#include "storage/key.h"

namespace gramme {

inline constexpr std::size_t kKeyspacePrefixBytes = 8;

inline std::string KeyspacePrefix(KeyspaceId keyspace) {
  return BigEndian64(static_cast<std::uint64_t>(keyspace));
}

inline std::string EncodeKey(KeyspaceId keyspace, std::string_view bytes) {
  std::string encoded;
  encoded.reserve(kKeyspacePrefixBytes + bytes.size());
  AppendBigEndian64(static_cast<std::uint64_t>(keyspace), encoded);
  encoded.append(bytes);
  return encoded;
}

inline std::string EncodeKey(const Key& key) { return EncodeKey(key.keyspace, key.bytes); }

// An encoded key that is built where it stands: for one read, without an allocation unless it is
// long.
class BriefEncodedKey {
 public:
  explicit BriefEncodedKey(const Key& key) : size_(kKeyspacePrefixBytes + key.bytes.size()) {
    char* out = inline_.data();
    if (size_ > inline_.size()) {
      long_.resize(size_);
      out = long_.data();
    }
    WriteBigEndian64(static_cast<std::uint64_t>(key.keyspace), out);
    std::memcpy(out + kKeyspacePrefixBytes, key.bytes.data(), key.bytes.size());
    data_ = out;
  }
  BriefEncodedKey(const BriefEncodedKey&) = delete;
  BriefEncodedKey& operator=(const BriefEncodedKey&) = delete;

  std::string_view view() const { return {data_, size_}; }

 private:
  std::size_t size_;
  const char* data_ = nullptr;
  std::array<char, 248> inline_;
  std::string long_;
};

struct EncodedRange {
  std::string start;
  std::string end;  // not part of the range
};

// REQUIRES: `keyspace` is not the last possible id, which is never given out.
inline EncodedRange EncodeRange(KeyspaceId keyspace, const KeyRange& range) {
  const KeyspaceId next{static_cast<std::uint64_t>(keyspace) + 1};
  return {.start = EncodeKey(keyspace, range.start),
          .end = range.end ? EncodeKey(keyspace, *range.end) : KeyspacePrefix(next)};
}

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_ENCODED_KEY_H_
