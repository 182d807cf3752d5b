// TableImport: lays down imported entries as whole RocksDB tables, past the log, the memtables and
// the compactions. A table is written in DIRECTORY/imports, synced, and linked into db/ with one
// synced edit of the manifest; a commit after it keeps how long the manifest was, so that recovery
// notices an edit that is missing.
//
// Such a table has no sequence number: it is taken in only where nothing of its range is there yet,
// not even removed. So nothing that recovery, views or images compare depends on it. Where
// something is there (a restore that repeats a step), its entries go through the queue.

#ifndef GRAMME_STORAGE_ROCKSDB_TABLE_IMPORT_H_
#define GRAMME_STORAGE_ROCKSDB_TABLE_IMPORT_H_

#include <rocksdb/db.h>
#include <rocksdb/file_system.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "storage/rocksdb/manifest_mark.h"
#include "storage/store.h"

namespace gramme {

// The tables of a store that are not part of its database yet. Thread-safe.
class TableImports {
 public:
  // `options` are those of the database's tables; `env` is what they name. Less than
  // `table_bytes_min` is not worth a table.
  TableImports(std::shared_ptr<rocksdb::FileSystem> files, std::shared_ptr<rocksdb::Env> env,
               std::string directory, rocksdb::Options options, std::size_t table_bytes_min)
      : files_(std::move(files)),
        env_(std::move(env)),
        directory_(std::move(directory)),
        options_(std::move(options)),
        table_bytes_min_(table_bytes_min) {}

  // Removes what earlier imports have left. REQUIRES: no table was begun.
  StoreResult<void> RemoveLeftovers();

  // A path for a table that is being written.
  StoreResult<std::string> NewPath();
  void Remove(const std::string& path);

  // Makes the whole, closed table at `path` part of `db`, durably, and calls `queue` with how long
  // the manifest is then, before another table's can be. False, and nothing has changed: it cannot
  // be without a sequence number. Errors: kOutOfSpace, kIoError, those of `queue`.
  using QueueMark = std::function<StoreResult<void>(const ManifestMark& mark)>;
  StoreResult<bool> TakeIn(rocksdb::DB& db, const std::string& path, const QueueMark& queue);

  const rocksdb::Options& options() const { return options_; }
  std::size_t table_bytes_min() const { return table_bytes_min_; }

 private:
  const std::shared_ptr<rocksdb::FileSystem> files_;
  const std::shared_ptr<rocksdb::Env> env_;
  const std::string directory_;
  const rocksdb::Options options_;
  const std::size_t table_bytes_min_;
  std::mutex mutex_;
  bool has_directory_ = false;
  std::uint64_t path_count_ = 0;
  std::mutex order_mutex_;  // marks are queued in the order of the manifest
};

// Writes what it gets into a table; a little goes through the queue. Borrows its arguments.
class TableImporter : public Importer {
 public:
  // Makes the table at a path durably part of the store; false as TakeIn.
  using TakeIn = std::function<StoreResult<bool>(const std::string& path)>;

  TableImporter(Store& store, TableImports& imports, TakeIn take_in)
      : store_(store), imports_(imports), take_in_(std::move(take_in)) {}
  ~TableImporter() override;

  StoreResult<void> Append(const Key& key, std::string_view value) override;
  StoreResult<void> Finish() override;

 private:
  StoreResult<void> BeginTable();
  StoreResult<void> Write(const Key& key, std::string_view value);
  StoreResult<void> CheckTable();
  // Through the queue.
  StoreResult<void> ImportHeld();
  StoreResult<void> ImportTable();
  void DropTable();

  Store& store_;
  TableImports& imports_;
  const TakeIn take_in_;
  // What was appended, while it is little; then all is in the table.
  std::vector<KeyValue> held_;
  std::size_t held_byte_count_ = 0;
  KeyspaceId keyspace_{};
  std::optional<std::string> path_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_TABLE_IMPORT_H_
