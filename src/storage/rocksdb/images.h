// Images: immutable copies of the database under DIRECTORY/images/ID, made of hard links to its
// tables. An image is whole when its DESCRIPTION is there, which is written last.

#ifndef GRAMME_STORAGE_ROCKSDB_IMAGES_H_
#define GRAMME_STORAGE_ROCKSDB_IMAGES_H_

#include <rocksdb/db.h>
#include <rocksdb/file_system.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "storage/rocksdb/listed_files.h"
#include "storage/rocksdb/published_view.h"
#include "storage/store.h"

namespace gramme {

// Thread-safe.
class Images {
 public:
  // `options` are read-only ones; `keep_alive` is kept as long as an image is open.
  Images(std::shared_ptr<rocksdb::FileSystem> files, std::string directory,
         rocksdb::Options options, std::shared_ptr<void> keep_alive)
      : files_(std::move(files)),
        directory_(std::move(directory)),
        options_(std::move(options)),
        keep_alive_(std::move(keep_alive)) {}

  // Removes what a crash left half made.
  StoreResult<void> RemoveIncomplete();

  // Makes an image of what `db` holds. REQUIRES: nobody writes to `db` during the call.
  // Errors: kConflict (the id is taken, or no id), kIoError, kOutOfSpace.
  StoreResult<ImageDescription> Make(rocksdb::DB& db, std::string_view id,
                                     std::span<const KeyspaceId> keyspaces,
                                     const PublishedView& now);

  StoreResult<std::vector<ImageDescription>> List() const;
  // Null where there is no such image.
  StoreResult<std::unique_ptr<View>> Open(std::string_view id);
  // Null where there is no such image. Errors: as Store::BeginFileCheck.
  StoreResult<std::unique_ptr<StoreFileCheck>> BeginCheck(std::string_view id);
  StoreResult<void> Release(std::string_view id);

 private:
  // What DESCRIPTION holds.
  struct Kept {
    ImageDescription description;
    std::vector<ListedFile> files;  // of db/
  };

  std::string PathOf(std::string_view id) const;
  // Nothing where the image is absent or not whole.
  StoreResult<std::optional<Kept>> ReadDescription(std::string_view id) const;
  // Make, which leaves half of it where it fails.
  StoreResult<ImageDescription> MakeFiles(rocksdb::DB& db, std::string_view id,
                                          std::span<const KeyspaceId> keyspaces,
                                          const PublishedView& now);
  StoreResult<void> WriteDescription(const Kept& kept);
  StoreResult<std::shared_ptr<rocksdb::DB>> OpenDatabase(const Kept& kept);
  StoreResult<std::shared_ptr<const PublishedView>> OpenShared(const Kept& kept);

  std::shared_ptr<rocksdb::FileSystem> files_;
  std::string directory_;
  rocksdb::Options options_;
  std::shared_ptr<void> keep_alive_;

  std::mutex mutex_;
  // Open while a view looks at them.
  std::map<std::string, std::weak_ptr<const PublishedView>, std::less<>> open_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_IMAGES_H_
