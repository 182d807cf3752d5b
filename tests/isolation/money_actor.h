// MoneyActor: a client of the bank. It moves money between accounts by transactions, and looks at
// all accounts at once, whose total never changes. Some transactions have a token, and are sent
// four times: twice each by two clients, who come to them at about the same moment.

#ifndef GRAMME_TESTS_ISOLATION_MONEY_ACTOR_H_
#define GRAMME_TESTS_ISOLATION_MONEY_ACTOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "tests/client/crowd.h"
#include "tests/client/requests.h"

namespace gramme {

inline constexpr std::string_view kMoneyTable = "Money";
inline constexpr int kMoneyAccountCount = 100;
inline constexpr std::int64_t kMoneyPerAccount = 1'000;

// Makes and fills the table.
Asked<void> CreateMoney(Connection& connection);
// What is wrong with the accounts that an answer shows, if anything. `Item` members of responses.
std::optional<std::string> FindWrongTotal(const Json& answer);
// TransactGetItems of all accounts.
std::string AuditBody();
// Clients 0 and 1 are pair 0. The account where a pair's transactions with a token leave a count.
std::string LedgerKeyJson(int pair);

class MoneyActor : public Actor {
 public:
  struct Options {
    int index = 0;
    std::uint64_t request_count = 0;
    std::uint64_t seed = 1;
    std::uint64_t pair_seed = 1;  // of its transactions with a token
  };
  explicit MoneyActor(const Options& options) : options_(options), random_(options.seed) {}

  std::optional<ActorRequest> Next() override;
  std::optional<std::string> OnAnswer(const Answer& answer, Span span) override;

  std::int64_t token_count() const { return token_count_; }
  std::uint64_t audit_count() const { return audit_count_; }

 private:
  int pair() const { return options_.index / 2; }

  const Options options_;
  SeededRandom random_;
  std::uint64_t sent_count_ = 0;
  std::int64_t token_count_ = 0;  // tokens acknowledged twice
  std::uint64_t audit_count_ = 0;
  bool is_audit_ = false;
  bool is_repeat_ = false;
  std::string token_body_;  // to be sent once more
};

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_MONEY_ACTOR_H_
