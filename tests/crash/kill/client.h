// Client: one of the sixteen that keep the server busy until it is killed: 50 % single writes, 20 %
// transactions, 30 % reads. It tells the oracles what it sent and what came back, and judges
// every answer at once.

#ifndef GRAMME_TESTS_CRASH_KILL_CLIENT_H_
#define GRAMME_TESTS_CRASH_KILL_CLIENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/client/connection.h"
#include "tests/crash/kill/bank.h"
#include "tests/crash/kill/register_oracle.h"

namespace gramme {

enum class Mix {
  kUsual,   // as above
  kTokens,  // transactions with a token before all, for what only they can show
};

struct ClientReport {
  std::uint64_t write_count = 0;        // acknowledged, single
  std::uint64_t transaction_count = 0;  // acknowledged
  std::uint64_t refused_count = 0;
  std::uint64_t open_count = 0;  // fate unknown
  std::uint64_t read_count = 0;  // items looked at
  std::uint64_t token_retry_count = 0;
  std::vector<std::string> violations;

  void Add(const ClientReport& other);
};

// Runs on one thread.
class Client {
 public:
  Client(int index, std::uint64_t seed, Mix mix, std::uint16_t port, RegisterOracle& registers,
         Bank& bank);

  // Returns when the server is gone, or after the first violation.
  void Run();
  const ClientReport& report() const { return report_; }

 private:
  enum class Fate { kApplied, kRefused, kOpen, kGone };

  // False when the connection is of no further use.
  bool Step();
  bool WriteOne(std::uint64_t kind);
  bool AddToTally();
  bool WriteSeveral();
  bool TransferWithToken();
  bool TransferWithoutToken();
  bool RetryLastToken();
  bool SendToken(const TokenRequest& request);
  bool ReadOne();
  bool ReadPartition();
  bool ReadGlobalIndex();
  bool Audit();

  // Sends and classifies; an answer that no correct server gives here is a violation.
  Fate Write(std::string_view operation, const std::string& body);
  Fate WriteRegisters(std::string_view operation, const std::string& body, WriteId id);
  // The body of a successful read; nothing when it failed. `is_gone` is set at the connection's
  // end.
  std::optional<Json> Read(std::string_view operation, const std::string& body);
  std::string ConditionJson();
  void Blame(std::optional<std::string> violation);

  const int index_;
  const Mix mix_;
  SeededRandom random_;
  Connection connection_;
  RegisterOracle& registers_;
  Bank& bank_;
  ClientReport report_;
  bool is_gone_ = false;
  Json last_answer_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_KILL_CLIENT_H_
