#include "storage/rocksdb/table_checksum.h"

#include <xxhash.h>

#include <string>

#include "base/big_endian.h"
#include "base/check.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md.
constexpr const char* kName = "GrammeXxh3";

class Generator : public rocksdb::FileChecksumGenerator {
 public:
  Generator() : state_(XXH3_createState(), &XXH3_freeState) {
    GRAMME_CHECK(state_ != nullptr, "no memory for a checksum");
    XXH3_64bits_reset(state_.get());
  }

  void Update(const char* data, std::size_t size) override {
    XXH3_64bits_update(state_.get(), data, size);
  }
  void Finalize() override { checksum_ = BigEndian64(XXH3_64bits_digest(state_.get())); }
  std::string GetChecksum() const override { return checksum_; }
  const char* Name() const override { return kName; }

 private:
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state_;
  std::string checksum_;
};

class Factory : public rocksdb::FileChecksumGenFactory {
 public:
  std::unique_ptr<rocksdb::FileChecksumGenerator> CreateFileChecksumGenerator(
      const rocksdb::FileChecksumGenContext& context) override {
    const std::string& wanted = context.requested_checksum_func_name;
    if (!wanted.empty() && wanted != kName) return nullptr;
    return std::make_unique<Generator>();
  }
  const char* Name() const override { return "GrammeXxh3Factory"; }
};

}  // namespace

std::shared_ptr<rocksdb::FileChecksumGenFactory> TableChecksums() {
  return std::make_shared<Factory>();
}

}  // namespace gramme
