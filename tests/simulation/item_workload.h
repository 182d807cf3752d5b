// ItemWorkload: clients put, delete, update and read single items, with and without conditions.
// Every read must be explained by the writes; no acknowledged write is lost, no counter forgets.

#ifndef GRAMME_TESTS_SIMULATION_ITEM_WORKLOAD_H_
#define GRAMME_TESTS_SIMULATION_ITEM_WORKLOAD_H_

#include <array>
#include <cstdint>
#include <string>

#include "tests/simulation/register_history.h"
#include "tests/simulation/workload.h"

namespace gramme {

class ItemWorkload final : public Workload {
 public:
  explicit ItemWorkload(SimulatedServer& server) : Workload(server) {}
  void Start() override;
  void BeginCheck() override;

 private:
  static constexpr std::size_t kClientCount = 4;
  static constexpr int kStepsPerClient = 25;

  void GoOn(std::size_t client);
  void Put(std::size_t client);
  // Only if the value is what the client last expects, right or wrong.
  void PutIf(std::size_t client);
  void Delete(std::size_t client);
  void Read(std::size_t client);
  void Count(std::size_t client);
  void Write(std::size_t client, std::string_view operation, std::string body, RegisterValue value);
  void CheckRead(std::size_t key, const Reply& reply, std::uint64_t begin);

  struct Client {
    RegisterHistory history;  // of its own key
    int steps_left = kStepsPerClient;
  };
  std::array<Client, kClientCount> clients_;
  std::uint64_t next_value_ = 1;
  std::uint64_t counted_ = 0;
  std::uint64_t perhaps_counted_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_ITEM_WORKLOAD_H_
