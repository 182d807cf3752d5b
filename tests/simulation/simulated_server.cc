#include "tests/simulation/simulated_server.h"

#include <utility>

#include "auth/gate.h"
#include "backup/backups.h"
#include "backup/recovery.h"
#include "base/check.h"
#include "metrics/registry.h"
#include "protocol/dispatcher.h"
#include "protocol/operation_table.h"
#include "table/index/index_backfill.h"
#include "table/index/index_drop.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"
#include "table/table_creation.h"
#include "table/table_drop.h"
#include "tests/simulation/reply_text.h"

namespace gramme {
namespace {

constexpr std::uint64_t kFlushOneIn = 6;
constexpr std::uint64_t kPauseOneIn = 4;
constexpr std::uint64_t kPauseStepCountMax = 12;
constexpr int kPauseDepthMax = 2;
constexpr int kStepCountMax = 2'000'000;

}  // namespace

// What a crash ends. The order of members is that of a server: each uses those above it.
struct SimulatedServer::Process {
  Process(Store& store, BackupStorage& backup_storage, Executor& executor, Clock& clock,
          Random& random)
      : catalog(store),
        jobs(store, executor, clock, random),
        backups({.store = store,
                 .catalog = catalog,
                 .jobs = jobs,
                 .storage = backup_storage,
                 .clock = clock,
                 .random = random,
                 .settings = settings}),
        recovery({.store = store,
                  .catalog = catalog,
                  .jobs = jobs,
                  .storage = backup_storage,
                  .clock = clock,
                  .random = random,
                  .settings = settings},
                 backups),
        engine{.store = store,
               .catalog = catalog,
               .jobs = jobs,
               .backups = backups,
               .recovery = recovery,
               .clock = clock,
               .random = random,
               .settings = settings},
        dispatcher({.engine = engine,
                    .gate = gate,
                    .pool = executor,
                    .registry = registry,
                    .log = log,
                    .operations = OperationTable()},
                   {}) {}

  Settings settings;
  Catalog catalog;
  Jobs jobs;
  Backups backups;
  Recovery recovery;
  Engine engine;
  AnyCredentials anybody;
  AllowAll allow;
  Gate gate{anybody, allow};
  Registry registry;
  SilentRequestLog log;
  Dispatcher dispatcher;
};

// One request on its way.
struct SimulatedServer::Exchange {
  std::unique_ptr<TestRequest> request;
  OnReply on_reply;
};

SimulatedServer::SimulatedServer(const SimulationOptions& options)
    : options_(options),
      random_(options.seed),
      faults_(random_.Next64(), {}),
      memory_({.durability = MemoryDurability::kManual, .clock = &clock_, .faults = &faults_}),
      store_(memory_, [this] { Pause(); }) {
  Boot();
}

// What is on its way is answered while the process and the clients' requests are still there.
SimulatedServer::~SimulatedServer() {
  memory_.Crash();
  server_executor_.Clear();
  process_.reset();
  client_executor_.Clear();
}

const Catalog& SimulatedServer::catalog() const { return process_->catalog; }

void SimulatedServer::Boot() {
  faults_.Enable(false);
  process_ = std::make_unique<Process>(store_, backup_storage_, server_executor_, clock_, random_);
  GRAMME_CHECK(process_->catalog.Load().has_value(), "the catalog must load");
  RegisterTableActivation(process_->jobs, process_->catalog);
  RegisterTableDrop(process_->jobs, store_, process_->catalog,
                    [this](const TableDescription& removed, WallTime deletion_time) {
                      return process_->recovery.KeepDeleted(removed, deletion_time);
                    });
  RegisterIndexBackfill(process_->jobs, store_, process_->catalog);
  RegisterIndexDrop(process_->jobs, store_, process_->catalog);
  GRAMME_CHECK(process_->backups.Load().has_value(), "the backups must load");
  GRAMME_CHECK(process_->jobs.Resume().has_value(), "the jobs must resume");
  faults_.Enable(!is_settling_);
}

// The store first: releases that are open fail while the process that waits for them is there. Its
// tasks die with it, so requests that were not answered are answered 500 as their last owner goes.
void SimulatedServer::Crash() {
  ++crash_count_;
  memory_.Crash();
  server_executor_.Clear();
  process_.reset();
  Boot();
}

void SimulatedServer::Pause() {
  if (pause_depth_ >= kPauseDepthMax || !random_.OneIn(kPauseOneIn)) return;
  ++pause_depth_;
  for (std::uint64_t i = random_.Below(kPauseStepCountMax); i > 0; --i) {
    if (random_.OneIn(kFlushOneIn)) memory_.FlushAll();
    if (random_.OneIn(2)) {
      client_executor_.RunOne();
    } else {
      server_executor_.RunOne();
    }
  }
  --pause_depth_;
}

void SimulatedServer::Send(std::string_view operation, std::string body, OnReply on_reply) {
  const std::uint64_t number = next_exchange_++;
  auto exchange = std::make_unique<Exchange>();
  exchange->request = TestRequest::Call(operation, body);
  exchange->on_reply = std::move(on_reply);
  // The request must stay until it is answered, and is not destroyed inside its own answer.
  exchange->request->OnResponse([this, number, name = std::string(operation)] {
    Later([this, number, name] {
      const auto node = exchanges_.extract(number);
      const Response& response = *node.mapped()->request->response();
      ++reply_counts_[name + " " + std::to_string(response.status)];
      if (const std::string_view error = ErrorNameIn(response.body); !error.empty()) {
        ++reply_counts_[name + " " + std::string(error)];
      }
      node.mapped()->on_reply(Reply{response.status, response.body});
    });
  });
  exchanges_.emplace(number, std::move(exchange));
  Later([this, number] { exchanges_.at(number)->request->SendTo(process_->dispatcher); });
}

void SimulatedServer::Later(std::function<void()> task) {
  client_executor_.PostAfter(Duration(random_.Below(3000)), std::move(task));
}

bool SimulatedServer::Step() {
  if (!is_settling_ && options_.crash_one_in != 0 && crash_count_ < options_.crash_count_max &&
      random_.OneIn(options_.crash_one_in)) {
    Crash();
    return true;
  }
  if (random_.OneIn(kFlushOneIn)) memory_.FlushAll();
  const bool client_first = random_.OneIn(2);
  SimulatedExecutor& first = client_first ? client_executor_ : server_executor_;
  SimulatedExecutor& second = client_first ? server_executor_ : client_executor_;
  if (first.RunOne() || second.RunOne()) return true;
  // Answers may wait for a flush alone.
  memory_.FlushAll();
  return client_executor_.RunOne() || server_executor_.RunOne();
}

void SimulatedServer::StepUntilRest() {
  for (int i = 0; i < kStepCountMax; ++i) {
    if (!Step()) return;
  }
  GRAMME_CHECK(false, "the simulation does not come to rest");
}

void SimulatedServer::Run() { StepUntilRest(); }

void SimulatedServer::Settle() {
  is_settling_ = true;
  faults_.Enable(false);
  StepUntilRest();
}

}  // namespace gramme
