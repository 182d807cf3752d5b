// BackupServer: a server on a data directory and a directory of backups of the test's choice, and
// the requests that tests of backups make of it.

#ifndef GRAMME_TESTS_CRASH_OFF_HOST_BACKUP_SERVER_H_
#define GRAMME_TESTS_CRASH_OFF_HOST_BACKUP_SERVER_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "tests/client/requests.h"
#include "tests/client/server_process.h"

namespace gramme {

// Tables of `id` (S) and `n` (N); an indexed one has a local index by `kind`, and a global one too.
enum class SampleKind { kPlain, kIndexed };

struct SampleTable {
  std::string name;
  SampleKind kind = SampleKind::kPlain;
  std::size_t item_count = 0;
  std::size_t item_bytes = 0;  // of contents that do not pack
};

// Not thread-safe. Errors are text for a person.
class BackupServer {
 public:
  // Starts it. `folder` gets the log; the directories may be anywhere.
  static Asked<BackupServer> Start(const std::string& binary, const std::string& folder,
                                   const std::string& data_directory,
                                   const std::string& backup_directory);

  Connection& connection() { return *connection_; }
  ServerProcess& process() { return *process_; }
  // What it has printed.
  std::string Log() const;

  Asked<void> Make(const SampleTable& table, Random& random);
  // Of a table that is there.
  Asked<void> Fill(const SampleTable& table, Random& random);
  // The id of a backup that was answered, and need not be AVAILABLE yet.
  Asked<std::string> BeginBackup(const std::string& table);
  // The id of one that is AVAILABLE.
  Asked<std::string> BackUp(const std::string& table);
  Asked<void> AwaitAvailable(const std::string& backup_id);
  Asked<std::string> BackupStatus(const std::string& backup_id);
  Asked<void> BeginRestore(const std::string& backup_id, const std::string& target);
  Asked<void> Restore(const std::string& backup_id, const std::string& target);
  Asked<std::string> TableStatus(const std::string& table);
  // Every item, as text, in order.
  Asked<std::vector<std::string>> Items(const std::string& table);
  // Looks until `is_so`; the error says that `what` never was.
  static Asked<void> Await(std::string_view what, const std::function<Asked<bool>()>& is_so);

 private:
  BackupServer(ServerProcess process, std::string log_file);
  Asked<std::string> ArnOf(const std::string& backup_id);

  std::optional<ServerProcess> process_;
  std::optional<Connection> connection_;
  std::string log_file_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_OFF_HOST_BACKUP_SERVER_H_
