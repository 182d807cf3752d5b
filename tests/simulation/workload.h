// A workload: something that clients do to a simulated server, and what must hold afterwards.

#ifndef GRAMME_TESTS_SIMULATION_WORKLOAD_H_
#define GRAMME_TESTS_SIMULATION_WORKLOAD_H_

#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/simulated_server.h"

namespace gramme {

// Single-threaded; lives as long as the server that its clients call.
class Workload {
 public:
  explicit Workload(SimulatedServer& server) : server_(server) {}
  virtual ~Workload() = default;
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;

  // Starts its clients; they go on by themselves.
  virtual void Start() = 0;
  // Begins to read what must hold; called when the clients are done and the server is at rest.
  virtual void BeginCheck() {}
  // Called when those reads are answered.
  virtual void Check() {}

  // What should not have happened, in words.
  const std::vector<std::string>& violations() const { return violations_; }

 protected:
  void Violate(std::string text) { violations_.push_back(std::move(text)); }
  Random& random() { return server_.random(); }

  // Sends until the answer is 200, or a refusal that contains `enough`; then goes on.
  void Insist(std::string_view operation, std::string body, std::string enough,
              std::function<void()> then);

  SimulatedServer& server_;

 private:
  std::vector<std::string> violations_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_WORKLOAD_H_
