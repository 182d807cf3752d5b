#include "storage/rocksdb/store_records.h"

#include <xxhash.h>

#include <array>
#include <memory>

#include "base/big_endian.h"
#include "base/result.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/rocksdb_status.h"

namespace gramme {
namespace {

constexpr char kRecordVersion = 1;
constexpr std::string_view kLastCommit = "commit";
constexpr std::string_view kNextKeyspace = "keyspace";
constexpr std::string_view kManifest = "manifest";
constexpr std::string_view kGeneration = "generation/";
// One past every key that starts with kGeneration.
constexpr std::string_view kGenerationEnd = "generation0";

void AppendChecksum(std::string& record) {
  const std::uint64_t sum = XXH3_64bits(record.data(), record.size());
  for (int shift = 24; shift >= 0; shift -= 8) {
    record.push_back(static_cast<char>((sum >> shift) & 0xff));
  }
}

// Reads one record; an absent one leaves `fields` empty.
StoreResult<std::vector<std::uint64_t>> ReadRecord(rocksdb::DB& db, const std::string& key,
                                                   std::size_t field_count) {
  std::string record;
  const rocksdb::Status status = db.Get(rocksdb::ReadOptions(), key, &record);
  if (status.IsNotFound()) return std::vector<std::uint64_t>();
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(status, "reading a record of the store"));
  return DecodeStoreRecord(record, field_count);
}

StoreResult<void> ReadGenerations(rocksdb::DB& db, StoreState& state) {
  const std::string start = EncodeKey(kStoreKeyspace, kGeneration);
  const std::string end = EncodeKey(kStoreKeyspace, kGenerationEnd);
  const rocksdb::Slice upper_bound(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper_bound;
  const std::unique_ptr<rocksdb::Iterator> iterator(db.NewIterator(options));
  for (iterator->Seek(start); iterator->Valid(); iterator->Next()) {
    const std::string_view key(iterator->key().data(), iterator->key().size());
    if (key.size() != start.size() + 8) {
      return StoreError(StatusCode::kCorruption, "a generation record has a key of another length");
    }
    GRAMME_TRY(const auto fields, DecodeStoreRecord(iterator->value().ToStringView(), 1));
    state.generations[ReadBigEndian64(key.substr(start.size()))] = fields[0];
  }
  return CheckRocksDb(iterator->status(), "reading the generations");
}

}  // namespace

std::string EncodeStoreRecord(std::span<const std::uint64_t> fields) {
  std::string record(1, kRecordVersion);
  for (const std::uint64_t field : fields) AppendBigEndian64(field, record);
  AppendChecksum(record);
  return record;
}

StoreResult<std::vector<std::uint64_t>> DecodeStoreRecord(std::string_view record,
                                                          std::size_t field_count) {
  if (record.size() != 1 + 8 * field_count + 4 || record[0] != kRecordVersion) {
    return StoreError(StatusCode::kCorruption, "a record of the store has an unknown shape");
  }
  std::string expected(record.substr(0, record.size() - 4));
  AppendChecksum(expected);
  if (expected != record) {
    return StoreError(StatusCode::kCorruption, "a record of the store fails its checksum");
  }
  std::vector<std::uint64_t> fields;
  for (std::size_t i = 0; i < field_count; ++i) {
    fields.push_back(ReadBigEndian64(record.substr(1 + 8 * i, 8)));
  }
  return fields;
}

std::string LastCommitKey() { return EncodeKey(kStoreKeyspace, kLastCommit); }

std::string NextKeyspaceKey() { return EncodeKey(kStoreKeyspace, kNextKeyspace); }

Key ManifestMarkKey() {
  return {.keyspace = kStoreKeyspace, .placement = 0, .bytes = std::string(kManifest)};
}

std::string EncodeManifestMark(const ManifestMark& mark) {
  return EncodeStoreRecord(std::array<std::uint64_t, 2>{mark.number, mark.byte_count});
}

std::string GenerationKey(std::uint64_t guard_id) {
  std::string key = EncodeKey(kStoreKeyspace, kGeneration);
  AppendBigEndian64(guard_id, key);
  return key;
}

StoreResult<StoreState> ReadStoreState(rocksdb::DB& db) {
  StoreState state;
  GRAMME_TRY(const auto commit, ReadRecord(db, LastCommitKey(), 2));
  if (!commit.empty()) {
    state.commit_number = commit[0];
    state.commit_time = WallTime(Duration(static_cast<std::int64_t>(commit[1])));
  }
  GRAMME_TRY(const auto keyspace, ReadRecord(db, NextKeyspaceKey(), 1));
  if (!keyspace.empty()) state.next_keyspace = keyspace[0];
  GRAMME_TRY(const auto manifest, ReadRecord(db, EncodeKey(ManifestMarkKey()), 2));
  if (!manifest.empty()) {
    state.manifest = ManifestMark{.number = manifest[0], .byte_count = manifest[1]};
  }
  GRAMME_RETURN_IF_ERROR(ReadGenerations(db, state));
  return state;
}

}  // namespace gramme
