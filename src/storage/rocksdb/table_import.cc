#include "storage/rocksdb/table_import.h"

#include <fmt/format.h>
#include <rocksdb/sst_file_reader.h>

#include <utility>

#include "base/result.h"
#include "storage/queued_importer.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/files.h"
#include "storage/rocksdb/rocksdb_status.h"

namespace gramme {

StoreResult<void> TableImports::RemoveLeftovers() { return RemoveTree(*files_, directory_); }

StoreResult<std::string> TableImports::NewPath() {
  const std::lock_guard lock(mutex_);
  if (!has_directory_) GRAMME_RETURN_IF_ERROR(MakeDirectory(*files_, directory_));
  has_directory_ = true;
  return fmt::format("{}/{}.sst", directory_, ++path_count_);
}

void TableImports::Remove(const std::string& path) {
  // What stays is removed when the store is opened next.
  files_->DeleteFile(path, rocksdb::IOOptions(), nullptr).PermitUncheckedError();
}

StoreResult<bool> TableImports::TakeIn(rocksdb::DB& db, const std::string& path,
                                       const QueueMark& queue) {
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.failed_move_fall_back_to_copy = false;
  options.write_global_seqno = false;
  // Nobody looks at the keyspace, so older snapshots may see the entries; with what follows, a
  // table that would need a sequence number is refused.
  options.snapshot_consistency = false;
  options.allow_global_seqno = false;
  options.allow_blocking_flush = false;
  const std::lock_guard lock(order_mutex_);
  const rocksdb::Status status = db.IngestExternalFile({path}, options);
  if (status.IsInvalidArgument()) return false;
  if (!status.ok()) return std::unexpected(FromRocksDb(status, "taking in an imported table"));
  GRAMME_TRY(const ManifestMark mark, MarkManifest(db));
  GRAMME_RETURN_IF_ERROR(queue(mark));
  return true;
}

TableImporter::~TableImporter() { DropTable(); }

StoreResult<void> TableImporter::Append(const Key& key, std::string_view value) {
  if (writer_ != nullptr) return Write(key, value);
  keyspace_ = key.keyspace;
  held_byte_count_ += key.bytes.size() + value.size();
  held_.push_back({.key = key, .value = std::string(value)});
  if (held_byte_count_ < imports_.table_bytes_min()) return {};
  GRAMME_RETURN_IF_ERROR(BeginTable());
  for (const KeyValue& entry : held_) GRAMME_RETURN_IF_ERROR(Write(entry.key, entry.value));
  held_.clear();
  held_byte_count_ = 0;
  return {};
}

StoreResult<void> TableImporter::BeginTable() {
  GRAMME_TRY(path_, imports_.NewPath());
  const rocksdb::Options& options = imports_.options();
  writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(options), options,
                                                     /*column_family=*/nullptr,
                                                     /*invalidate_page_cache=*/false);
  return CheckRocksDb(writer_->Open(*path_), "beginning an imported table");
}

StoreResult<void> TableImporter::Write(const Key& key, std::string_view value) {
  const BriefEncodedKey encoded(key);
  return CheckRocksDb(writer_->Put(encoded.view(), value), "writing an imported table");
}

StoreResult<void> TableImporter::Finish() {
  if (writer_ == nullptr) return ImportHeld();
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(writer_->Finish(), "ending an imported table"));
  GRAMME_RETURN_IF_ERROR(CheckTable());
  GRAMME_TRY(const bool is_in, take_in_(*path_));
  if (!is_in) GRAMME_RETURN_IF_ERROR(ImportTable());
  DropTable();
  return {};
}

// RocksDB 7.8 aborts where it cannot read the last key of a table that it takes in.
StoreResult<void> TableImporter::CheckTable() {
  rocksdb::SstFileReader reader(imports_.options());
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(reader.Open(*path_), "reading an imported table"));
  const std::unique_ptr<rocksdb::Iterator> entry(reader.NewIterator(rocksdb::ReadOptions()));
  entry->SeekToFirst();
  if (entry->Valid()) entry->SeekToLast();
  return CheckRocksDb(entry->status(), "reading an imported table");
}

StoreResult<void> TableImporter::ImportHeld() {
  QueuedImporter queued(store_);
  for (const KeyValue& entry : held_) {
    GRAMME_RETURN_IF_ERROR(queued.Append(entry.key, entry.value));
  }
  held_.clear();
  held_byte_count_ = 0;
  return queued.Finish();
}

StoreResult<void> TableImporter::ImportTable() {
  rocksdb::SstFileReader reader(imports_.options());
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(reader.Open(*path_), "reading an imported table"));
  const std::unique_ptr<rocksdb::Iterator> entry(reader.NewIterator(rocksdb::ReadOptions()));
  QueuedImporter queued(store_);
  for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
    const std::string_view encoded = entry->key().ToStringView();
    const Key key{.keyspace = keyspace_,
                  .bytes = std::string(encoded.substr(kKeyspacePrefixBytes))};
    GRAMME_RETURN_IF_ERROR(queued.Append(key, entry->value().ToStringView()));
  }
  GRAMME_RETURN_IF_ERROR(CheckRocksDb(entry->status(), "reading an imported table"));
  return queued.Finish();
}

void TableImporter::DropTable() {
  writer_.reset();
  if (path_) imports_.Remove(*path_);
  path_.reset();
}

}  // namespace gramme
