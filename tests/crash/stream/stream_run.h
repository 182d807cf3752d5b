// StreamRun: G2, a server that is written to and killed, and a reader that follows the stream of
// its table and is killed too.

#ifndef GRAMME_TESTS_CRASH_STREAM_STREAM_RUN_H_
#define GRAMME_TESTS_CRASH_STREAM_STREAM_RUN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/random.h"
#include "tests/client/follower.h"
#include "tests/client/requests.h"
#include "tests/client/server_process.h"
#include "tests/client/temporary_directory.h"

namespace gramme {

// One server on a directory of its own. Not thread-safe. Errors are text for a person.
class StreamRun {
 public:
  // `planted_bug`: what the server is to do wrong, or empty.
  StreamRun(std::string binary, std::uint64_t seed, std::string planted_bug = {});

  // Starts the server and makes the table, its stream on.
  Asked<void> Prepare();
  // Writers and a reader, until the server is killed; then it is started again. Now and then the
  // stream's shards are split.
  Asked<void> WriteAndKill();
  // Reads the stream to its end and compares the reader's copy with the table.
  Asked<void> Compare();
  // Stops the server and removes the directory.
  Asked<void> Finish();

  const Checkpoint& checkpoint() const { return checkpoint_; }
  int kill_count() const { return kill_count_; }
  std::uint32_t shard_count() const { return shard_count_; }
  const std::string& directory() const { return directory_.path(); }

 private:
  Asked<void> Start();
  Asked<void> Split(Connection& connection);

  const std::string binary_;
  const std::string planted_bug_;
  SeededRandom random_;
  TemporaryDirectory directory_;
  std::optional<ServerProcess> server_;
  std::string stream_arn_;
  Checkpoint checkpoint_;
  std::uint64_t write_seed_ = 0;
  std::uint32_t shard_count_ = 1;
  int kill_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_STREAM_STREAM_RUN_H_
