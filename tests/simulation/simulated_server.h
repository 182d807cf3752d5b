// SimulatedServer: a whole server (dispatcher, operations, tables, jobs) over a memory store that
// outlives it, in one thread, from one seed. Requests, jobs, flushes, faults and crashes happen in
// an order drawn from the seed, so every run can be repeated.

#ifndef GRAMME_TESTS_SIMULATION_SIMULATED_SERVER_H_
#define GRAMME_TESTS_SIMULATION_SIMULATED_SERVER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "backup/memory_backup_storage.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/random.h"
#include "protocol/testing/test_request.h"
#include "storage/memory/memory_store.h"
#include "table/catalog.h"
#include "tests/simulation/interleaving_store.h"

namespace gramme {

struct SimulationOptions {
  std::uint64_t seed = 1;
  // On average, a crash once in so many steps; 0: never.
  std::uint64_t crash_one_in = 400;
  int crash_count_max = 3;
};

// What a client got. No answer at all (a crash) is status 500.
struct Reply {
  int status = 0;
  std::string body;

  bool is_ok() const { return status == 200; }
  // Surely without effect. A 5xx promises nothing.
  bool is_refused() const { return status >= 400 && status < 500; }
  bool Has(std::string_view text) const { return body.find(text) != std::string::npos; }
};

using OnReply = std::function<void(const Reply& reply)>;

// Single-threaded.
class SimulatedServer {
 public:
  explicit SimulatedServer(const SimulationOptions& options);
  ~SimulatedServer();

  // Sends one request, later; `on_reply` is called once, later still.
  void Send(std::string_view operation, std::string body, OnReply on_reply);
  // Runs `task` as a client, after a random time: it survives crashes of the server.
  void Later(std::function<void()> task);

  // Runs with faults and crashes until every client is done.
  void Run();
  // No more faults and crashes; runs until everything is done.
  void Settle();

  Random& random() { return random_; }
  Store& store() { return store_; }
  const Catalog& catalog() const;
  // Ever increasing, one per event: what orders operations in real time.
  std::uint64_t Tick() { return ++tick_; }
  int crash_count() const { return crash_count_; }
  // Answers by operation and status, `PutItem 200`, and errors by their name too, `PutItem
  // ValidationException`: what a run has met.
  const std::map<std::string, std::uint64_t>& reply_counts() const { return reply_counts_; }

 private:
  struct Process;
  struct Exchange;

  // Makes one thing happen. False when nothing is left to do.
  bool Step();
  void StepUntilRest();
  void Boot();
  void Crash();
  void Pause();

  SimulationOptions options_;
  SeededRandom random_;
  SimulatedClock clock_;
  SimulatedExecutor server_executor_{clock_, random_};
  SimulatedExecutor client_executor_{clock_, random_};
  SeededStoreFaults faults_;
  MemoryStore memory_;
  InterleavingStore store_;
  MemoryBackupStorage backup_storage_;
  std::unique_ptr<Process> process_;
  std::map<std::uint64_t, std::unique_ptr<Exchange>> exchanges_;  // on their way, by number
  std::uint64_t next_exchange_ = 0;
  std::map<std::string, std::uint64_t> reply_counts_;
  std::uint64_t tick_ = 0;
  int crash_count_ = 0;
  int pause_depth_ = 0;
  bool is_settling_ = false;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_SIMULATED_SERVER_H_
