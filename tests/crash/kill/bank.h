// Bank: the table of the crash test whose sums must be exact.
//
//   accounts   transactions move money between them: their total never changes
//   ledgers    one per client: a transaction with a token adds 1 to its client's ledger, so that a
//              retried token must leave it at exactly the number of tokens
//   tallies    UpdateItem ADD 1 by every client without a token: an open request counts 0 or 1

#ifndef GRAMME_TESTS_CRASH_KILL_BANK_H_
#define GRAMME_TESTS_CRASH_KILL_BANK_H_

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "tests/client/requests.h"

namespace gramme {

inline constexpr std::string_view kBankTable = "Bank";
inline constexpr int kAccountCount = 20;
inline constexpr int kClientCount = 16;
inline constexpr int kTallyCount = 4;

struct TokenRequest {
  std::string token;
  std::string body;
};

// Used by its client's thread alone while that runs.
struct Ledger {
  std::int64_t applied_count = 0;
  std::optional<TokenRequest> open;  // sent, fate unknown
  std::optional<TokenRequest> last;  // the newest that was acknowledged
};

class Bank {
 public:
  // Makes and fills the table.
  static Asked<void> Create(Connection& connection);

  // A transfer among 2 to 10 accounts; with a token, among 2 to 9 and the client's ledger.
  static std::string TransferBody(Random& random);
  static TokenRequest TokenTransfer(int client, Random& random);
  static std::string TallyBody(int tally);
  static std::string AuditBody();

  // What is wrong with the answer to AuditBody(), if anything.
  static std::optional<std::string> CheckAudit(const Json& answer);

  Ledger& ledger(int client) { return ledgers_[static_cast<std::size_t>(client)]; }

  // Thread-safe: an addition was sent; it answered with this value, or was surely not applied.
  void BeginTally(int tally);
  std::optional<std::string> EndTally(int tally, std::int64_t value);
  void RefuseTally(int tally);

  // After a restart, all clients gone: checks sums, settles tallies, retries the open token of each
  // ledger and the last acknowledged one, and checks again. Returns what is wrong.
  Asked<std::vector<std::string>> Settle(Connection& connection);
  std::uint64_t token_retry_count() const { return token_retry_count_; }

 private:
  struct Tally {
    std::int64_t base = 0;
    std::int64_t sent_count = 0;
    std::int64_t acknowledged_count = 0;
    std::int64_t value_max = 0;
  };
  using Values = std::map<std::string, std::int64_t>;

  static Asked<Values> Read(Connection& connection);
  void CheckTotal(const Values& values, std::vector<std::string>& violations) const;
  void SettleTallies(const Values& values, std::vector<std::string>& violations);
  Asked<void> RetryTokens(Connection& connection);

  std::array<Ledger, kClientCount> ledgers_;
  std::mutex mutex_;
  std::array<Tally, kTallyCount> tallies_;
  std::uint64_t token_retry_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_KILL_BANK_H_
