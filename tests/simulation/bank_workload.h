// BankWorkload: clients move money between accounts in transactions and audit all accounts in one.
// Money is never made or lost in any audit, and each transfer happens exactly once, however often
// it had to be sent: every one carries a ClientRequestToken and counts itself in its ledger. One
// that met a conflict may be given up: then nothing of it happens.

#ifndef GRAMME_TESTS_SIMULATION_BANK_WORKLOAD_H_
#define GRAMME_TESTS_SIMULATION_BANK_WORKLOAD_H_

#include <array>
#include <cstdint>
#include <string>

#include "tests/simulation/workload.h"

namespace gramme {

class BankWorkload final : public Workload {
 public:
  explicit BankWorkload(SimulatedServer& server) : Workload(server) {}
  void Start() override;
  void BeginCheck() override;

 private:
  static constexpr std::size_t kClientCount = 3;
  static constexpr std::size_t kAccountCount = 6;
  static constexpr int kTransfersPerClient = 12;
  static constexpr std::size_t kActionsPerTransfer = 3;
  static constexpr int kAuditCount = 20;
  static constexpr std::uint64_t kOpeningBalance = 100;

  void Open(std::size_t account);
  void Transfer(std::size_t client, int transfers_left);
  // Until its outcome is known. `may_have_happened`: an earlier answer promised nothing.
  void SendTransfer(std::size_t client, const std::string& body, int transfers_left,
                    bool may_have_happened);
  // A conflict is over one action, or over what the store does not tell: then of all.
  void CheckConflict(const Reply& reply);
  void Audit(int audits_left);
  void CheckAudit(const Reply& reply);

  std::array<std::uint64_t, kClientCount> confirmed_{};
  std::uint64_t next_token_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_BANK_WORKLOAD_H_
