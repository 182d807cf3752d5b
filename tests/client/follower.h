// Follower: reads a table's stream from its beginning, shard by shard, parents before children, and
// plays what it reads onto a copy of the table. The copy and the place it has come to are its
// checkpoint: a follower can be given up at any moment and another one go on from there.
//
// It judges every record by what came before: a change that does not fit the copy is a gap, a
// repetition or a wrong image.

#ifndef GRAMME_TESTS_CLIENT_FOLLOWER_H_
#define GRAMME_TESTS_CLIENT_FOLLOWER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "tests/client/requests.h"

namespace gramme {

// JSON with the members of objects in order, so that equal items have equal texts.
std::string Canonical(const Json& json);

struct ShardPlace {
  std::string last_sequence;  // empty: nothing read
  bool is_done = false;       // closed, and read to its end
};

// How many actions a transaction has, and how many of them were seen.
struct SeenTransaction {
  int action_count = 0;
  int seen_count = 0;
};

struct Checkpoint {
  std::map<std::string, ShardPlace> shards;             // by ShardId
  std::map<std::string, std::string> items;             // by key: the item, canonical
  std::map<std::string, SeenTransaction> transactions;  // by id
  std::uint64_t change_count = 0;
  std::uint64_t reader_kill_count = 0;
};

// Not thread-safe. Errors are text for a person.
class Follower {
 public:
  // Borrows the checkpoint. `random`: where it is killed itself.
  Follower(Connection& connection, std::string stream_arn, Checkpoint& checkpoint, Random& random);

  // Reads one page of every shard that can be read. Whether there was any record. Nothing: the
  // server is gone.
  Asked<std::optional<bool>> ReadSome();

  // Reads to the end of what is there. REQUIRES: nobody writes.
  Asked<void> ReadAll();

  // What is wrong with the stream, if the table it is of has these key attributes, holds `items`,
  // and nobody writes.
  static Asked<void> Compare(const Checkpoint& checkpoint,
                             const std::vector<std::string>& key_attributes,
                             const std::vector<Json>& items);

 private:
  // The answer's body; a null one: the server is gone.
  Asked<Json> CallStreams(std::string_view operation, const std::string& body);
  Asked<bool> ReadShards();
  Asked<bool> ReadPage(const std::string& shard_id, ShardPlace& place);
  Asked<void> Apply(const Json& record, ShardPlace& place);
  Asked<void> ApplyImages(const Json& record, const std::string& sequence);

  Connection& connection_;
  const std::string stream_arn_;
  Checkpoint& checkpoint_;
  Random& random_;
  std::map<std::string, std::string> iterators_;  // by ShardId
  bool server_is_gone_ = false;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_FOLLOWER_H_
