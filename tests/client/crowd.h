// A crowd: many clients of one server, each with a connection of its own and one request at a time,
// driven by a few threads. What they ask and what they make of the answers is theirs.

#ifndef GRAMME_TESTS_CLIENT_CROWD_H_
#define GRAMME_TESTS_CLIENT_CROWD_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/client/connection.h"

namespace gramme {

// Nanoseconds of the steady clock: from before a request was sent to after its answer was there.
struct Span {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

struct ActorRequest {
  std::string_view operation;  // a literal
  std::string body;
};

// Used by one thread.
class Actor {
 public:
  virtual ~Actor() = default;

  // What to send next; nothing when it is done.
  virtual std::optional<ActorRequest> Next() = 0;
  // The answer to it. Returns what is wrong with it, if anything, which ends the run.
  virtual std::optional<std::string> OnAnswer(const Answer& answer, Span span) = 0;
};

using Actors = std::vector<std::unique_ptr<Actor>>;

// Returns when all are done, or what first went wrong: an answer that did not come too.
std::optional<std::string> RunCrowd(std::uint16_t port, const Actors& actors, int thread_count);

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_CROWD_H_
