#include "storage/rocksdb/rocksdb_status.h"

#include <fmt/format.h>

namespace gramme {
namespace {

StatusCode CodeOf(const rocksdb::Status& status) {
  if (status.IsIncomplete()) return StatusCode::kWouldBlock;
  if (status.IsNoSpace()) return StatusCode::kOutOfSpace;
  // A key that is merely absent never gets here: what is missing is a file.
  if (status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound()) {
    return StatusCode::kCorruption;
  }
  if (status.IsShutdownInProgress() || status.IsBusy() || status.IsTimedOut()) {
    return StatusCode::kUnavailable;
  }
  return StatusCode::kIoError;
}

}  // namespace

Status FromRocksDb(const rocksdb::Status& status, std::string_view doing) {
  return Status(CodeOf(status), fmt::format("{}: {}", doing, status.ToString()));
}

StoreResult<void> CheckRocksDb(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return {};
  return std::unexpected(FromRocksDb(status, doing));
}

}  // namespace gramme
