// IsolationServer: the server that the tests of this folder ask, and what their environment says.
//
//   GRAMME_SEED               the seed; drawn and printed when it is not set
//   GRAMME_BINARY             the server; that of this build when it is not set
//   GRAMME_ISOLATION_COUNT    how many operations, transactions, rounds or pages: the long forms

#ifndef GRAMME_TESTS_ISOLATION_ISOLATION_SERVER_H_
#define GRAMME_TESTS_ISOLATION_ISOLATION_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/client/crowd.h"
#include "tests/client/requests.h"
#include "tests/client/server_process.h"
#include "tests/client/temporary_directory.h"

namespace gramme {

// One run of one test.
struct IsolationOptions {
  std::uint64_t seed = 1;
  std::uint64_t count = 0;
  // Woken in the server; empty for none.
  std::string planted_bug;

  // From the environment; prints the seed.
  static IsolationOptions FromEnvironment(std::uint64_t count_otherwise);
};

// Durable, as people run it. Removes its data when it is destroyed, unless it ended by itself.
class IsolationServer {
 public:
  static Asked<std::unique_ptr<IsolationServer>> Start(const IsolationOptions& options);
  ~IsolationServer();

  std::uint16_t port() const { return process_->port(); }
  // As RunCrowd, with as many threads as suit this machine; says so when the server has ended.
  std::optional<std::string> Run(const Actors& actors);

 private:
  IsolationServer() : directory_("gramme-isolation") {}

  TemporaryDirectory directory_;
  std::optional<ServerProcess> process_;
  bool has_ended_ = false;
};

// Runs with the bug planted, each time with another seed, until `find_violation` finds one, and
// prints it: false when ten runs find none.
bool IsCaught(
    std::string_view bug, std::uint64_t count,
    const std::function<std::optional<std::string>(const IsolationOptions&)>& find_violation);

// The body of a CreateTable request: partition key `k`, a string, and with `has_sort_key` sort key
// `s`, a number.
std::string SimpleTableBody(std::string_view name, bool has_sort_key);

// "PutItem got 400 …", for an answer that no correct server gives here.
std::string DescribeUnexpected(std::string_view operation, const Answer& answer);

// The whole number in {"N":"…"}; nothing when it is none.
std::optional<std::int64_t> NumberIn(const Json& value);

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_ISOLATION_SERVER_H_
