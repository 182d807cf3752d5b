// PrewrittenLog: a log whose next bytes are zeros that the disk already holds. Appending then
// changes bytes and neither the length of the file nor its place on the disk, so a sync has no
// journal of the file system to wait for: measured, it takes half the processor time and two thirds
// of the time.
//
// While it is open, and after a crash, the file ends in zeros. WrittenLogSize() says where they
// begin; whoever reads logs sees them without (log_guard.h).

#ifndef GRAMME_STORAGE_ROCKSDB_PREWRITTEN_LOG_H_
#define GRAMME_STORAGE_ROCKSDB_PREWRITTEN_LOG_H_

#include <rocksdb/file_system.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace gramme {

// Few enough that the sync which makes them durable is not felt, many enough that it is rare.
inline constexpr std::size_t kPrewrittenBytes = 512 << 10;

// Puts `file`, empty and just opened, behind the zeros. Only for a log of which each append is
// synced before the next: of several unsynced ones a loss of power could keep the last alone.
// `file` must know PositionedAppend and Truncate.
std::unique_ptr<rocksdb::FSWritableFile> PrewriteLog(std::unique_ptr<rocksdb::FSWritableFile> file);

// How many bytes of a log were written, zeros ahead not counted. Of a log whose last write the end
// of the process cut short, the size that it would have without the zeros.
rocksdb::IOStatus WrittenLogSize(rocksdb::FileSystem& files, const std::string& path,
                                 std::uint64_t* size);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_PREWRITTEN_LOG_H_
