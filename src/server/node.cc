#include "server/node.h"

#include <fmt/format.h>

#include <atomic>
#include <optional>
#include <utility>

#include "api/operation_context.h"
#include "auth/gate.h"
#include "backup/backup_storage.h"
#include "backup/backups.h"
#include "backup/recovery.h"
#include "base/executor.h"
#include "base/random.h"
#include "base/result.h"
#include "http/server.h"
#include "protocol/dispatcher.h"
#include "protocol/operation_table.h"
#include "server/backup_place.h"
#include "server/memory_division.h"
#include "server/scrubber.h"
#include "server/store_factory.h"
#include "server/version.h"
#include "table/catalog.h"
#include "table/change_log/log_sweep.h"
#include "table/index/index_backfill.h"
#include "table/index/index_drop.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"
#include "table/table_creation.h"
#include "table/table_drop.h"
#include "table/time_to_live/expiry_sweep.h"
#include "table/transaction/token_record.h"

namespace gramme {
namespace {

// Requests that may wait for the disk or compute for long.
constexpr std::size_t kRequestThreadCount = 8;
// Backfills, backups and restores, so that they never keep a request waiting for a thread.
constexpr std::size_t kJobThreadCount = 2;
// Jobs take the processor time that requests leave.
constexpr int kJobNiceness = 19;
constexpr Duration kDrainTimeout = std::chrono::seconds(30);
constexpr Duration kHousekeepingInterval = std::chrono::minutes(1);

std::unexpected<NodeFailure> Fail(ExitCode code, std::string message) {
  return std::unexpected(NodeFailure{.code = code, .message = std::move(message)});
}

std::unexpected<NodeFailure> Fail(const Status& status) {
  const bool is_damage = status.code() == StatusCode::kCorruption;
  return Fail(is_damage ? ExitCode::kDataIntegrity : ExitCode::kFailed, status.message());
}

}  // namespace

// In the order of construction; each uses only what stands above it.
struct Node::Parts {
  Parts(const NodeOptions& node_options, Log& node_log) : options(node_options), log(node_log) {}

  std::expected<void, NodeFailure> OpenStorage();
  std::expected<void, NodeFailure> OpenTables();
  std::expected<void, NodeFailure> OpenNetwork();
  std::expected<void, NodeFailure> Stop();
  void KeepHouse();
  void KeepHouseLater();
  void SweepRecovery();
  void SweepExpired();
  void SweepExpiredLater();
  void ScrubLater();

  const NodeOptions options;
  const MemoryDivision memory = DivideMemory(options.memory_bytes);
  Log& log;
  Registry registry;
  std::unique_ptr<Store> store;
  Settings settings;
  std::optional<ThreadPool> request_pool;
  std::optional<ThreadPool> job_pool;
  std::optional<Catalog> catalog;
  std::optional<Jobs> jobs;
  std::unique_ptr<BackupStorage> backup_storage;
  std::optional<Backups> backups;
  std::optional<Recovery> recovery;
  AnyCredentials authenticator;
  AllowAll authorizer;
  Gate gate{authenticator, authorizer};
  std::optional<Engine> engine;
  std::optional<Dispatcher> dispatcher;
  std::optional<Server> server;
  Gauge* image_bytes = nullptr;
  Gauge* change_log_bytes = nullptr;
  std::optional<ExpirySweep> expiry_sweep;
  MonotonicTime expiry_pass_start{};
  Counter* ttl_deleted = nullptr;
  std::optional<Scrubber> scrubber;
  Gauge* protected_tables = nullptr;
  Counter* expired_backups = nullptr;
  std::atomic<std::int64_t> recovery_lag_micros = 0;
  std::atomic<bool> is_draining = false;
};

std::expected<void, NodeFailure> Node::Parts::OpenStorage() {
  NodeOptions store_options = options;
  store_options.memory_bytes = memory.store_bytes;
  auto opened = OpenStore(store_options, log, registry);
  if (!opened) return Fail(opened.error());
  store = std::move(opened->store);
  settings.labels = std::move(opened->labels);
  settings.transition_delay = options.transition_delay;
  settings.stream_shard_count = options.stream_shard_count;
  auto place = OpenBackupPlace(options);
  if (!place) return Fail(place.error());
  backup_storage = *std::move(place);
  return {};
}

std::expected<void, NodeFailure> Node::Parts::OpenTables() {
  request_pool.emplace(kRequestThreadCount);
  job_pool.emplace(kJobThreadCount, kJobNiceness);
  catalog.emplace(*store);
  if (const auto loaded = catalog->Load(); !loaded) return Fail(loaded.error());
  jobs.emplace(*store, *job_pool, SystemClock(), SystemRandom());
  jobs->OnFailure([this](const Job& job, const Status& status) {
    log.Write(LogLevel::kWarning, "job_step_failed",
              fmt::format("a step of {} failed and is tried again", job.kind),
              {{"job", job.id}, {"subject", job.subject}, {"cause", status.message()}});
  });
  RegisterTableActivation(*jobs, *catalog);
  RegisterTableDrop(*jobs, *store, *catalog,
                    [this](const TableDescription& removed, WallTime deletion_time) {
                      return recovery->KeepDeleted(removed, deletion_time);
                    });
  RegisterIndexBackfill(*jobs, *store, *catalog);
  RegisterIndexDrop(*jobs, *store, *catalog);
  const BackupParts parts{.store = *store,
                          .catalog = *catalog,
                          .jobs = *jobs,
                          .storage = *backup_storage,
                          .clock = SystemClock(),
                          .random = SystemRandom(),
                          .settings = settings};
  backups.emplace(parts, BackupJobOptions{.helper = &*job_pool});
  recovery.emplace(parts, *backups,
                   RecoveryOptions{.base_log_bytes_min = options.recovery_base_log_bytes});
  if (const auto loaded = backups->Load(); !loaded) return Fail(loaded.error());
  for (const auto& [id, status] : backups->damaged()) {
    log.Write(LogLevel::kError, "backup_damaged", "a backup cannot be read and is left out",
              {{"backup", id}, {"cause", status.message()}});
  }
  if (const auto resumed = jobs->Resume(); !resumed) return Fail(resumed.error());
  registry.AddGauge("gramme_jobs_running_count", "Jobs that run or wait.",
                    [this] { return static_cast<double>(jobs->List().size()); });
  image_bytes = &registry.AddGauge("gramme_images_disk_bytes",
                                   "Disk space that images of running backups pin, at most.");
  change_log_bytes = &registry.AddGauge("gramme_change_logs_disk_bytes",
                                        "Disk space of the change logs of all tables, about.");
  protected_tables =
      &registry.AddGauge("gramme_recovery_tables_count", "Tables with point-in-time recovery.");
  registry.AddGauge("gramme_recovery_lag_seconds",
                    "How far the latest restorable moment of any table was behind, at most.",
                    [this] { return static_cast<double>(recovery_lag_micros) / 1e6; });
  expired_backups = &registry.AddCounter("gramme_backups_expired_total",
                                         "Backups of deleted tables removed as their time ended.");
  SweepRecovery();
  KeepHouseLater();
  expiry_sweep.emplace(*store, *catalog, SystemClock());
  ttl_deleted = &registry.AddCounter("gramme_ttl_deleted_total",
                                     "Items deleted because their time to live was over.");
  registry.AddGauge("gramme_ttl_lag_seconds",
                    "How long the oldest item that is due has been so, as of the last look.",
                    [this] { return static_cast<double>(expiry_sweep->Lag().count()) / 1e6; });
  SweepExpiredLater();
  ScrubLater();
  return {};
}

std::expected<void, NodeFailure> Node::Parts::OpenNetwork() {
  engine.emplace(Engine{.store = *store,
                        .catalog = *catalog,
                        .jobs = *jobs,
                        .backups = *backups,
                        .recovery = *recovery,
                        .clock = SystemClock(),
                        .random = SystemRandom(),
                        .settings = settings});
  DispatcherOptions dispatcher_options;
  dispatcher_options.version = kVersion;
  dispatcher_options.limits.memory_bytes_max = memory.request_bytes;
  dispatcher_options.readiness = [this] {
    const bool is_serving = !is_draining;
    return Readiness{.is_ready = is_serving, .checks = {{"serving", is_serving}}};
  };
  dispatcher.emplace(DispatcherParts{.engine = *engine,
                                     .gate = gate,
                                     .pool = *request_pool,
                                     .registry = registry,
                                     .log = log,
                                     .operations = OperationTable()},
                     std::move(dispatcher_options));
  Limits limits;
  limits.buffered_bytes_max = memory.body_bytes;
  server.emplace(
      ServerOptions{
          .addresses = options.addresses, .loop_count = options.loop_count, .limits = limits},
      *dispatcher, SystemClock(), registry);
  if (auto started = server->Start(); !started) {
    return Fail(ExitCode::kFailed, started.error() + "; choose another port with --port");
  }
  return {};
}

// Expired ClientRequestTokens are only litter: they are recognised as expired wherever they are
// read.
void Node::Parts::KeepHouse() {
  if (const auto swept = SweepExpiredTokens(*store, SystemClock().WallNow()); !swept) {
    log.Write(LogLevel::kWarning, "token_sweep_failed", "expired tokens were not removed",
              {{"cause", swept.error().message()}});
  }
  if (const auto swept = SweepChangeLogs(*store, *catalog, SystemClock().WallNow())) {
    change_log_bytes->Set(static_cast<std::int64_t>(swept->log_bytes));
  } else {
    log.Write(LogLevel::kWarning, "change_log_sweep_failed", "old change records were not removed",
              {{"cause", swept.error().message()}});
  }
  SweepRecovery();
  if (const auto images = store->ListImages()) {
    std::uint64_t byte_count = 0;
    for (const ImageDescription& image : *images) byte_count += image.disk_byte_count;
    image_bytes->Set(static_cast<std::int64_t>(byte_count));
  }
}

void Node::Parts::SweepRecovery() {
  const auto swept = recovery->Sweep();
  if (!swept) {
    log.Write(LogLevel::kWarning, "recovery_sweep_failed",
              "base backups of point-in-time recovery were not made or removed",
              {{"cause", swept.error().message()}});
    return;
  }
  protected_tables->Set(static_cast<std::int64_t>(swept->protected_table_count));
  recovery_lag_micros = swept->lag.value_or(Duration(0)).count();
  expired_backups->Add(swept->expired_backup_count);
  if (swept->made_base_count + swept->removed_base_count > 0) {
    log.Write(LogLevel::kInfo, "recovery_swept", "base backups of point-in-time recovery",
              {{"begun", std::to_string(swept->made_base_count)},
               {"removed", std::to_string(swept->removed_base_count)}});
  }
}

void Node::Parts::KeepHouseLater() {
  job_pool->PostAfter(kHousekeepingInterval, [this] {
    KeepHouse();
    KeepHouseLater();
  });
}

// One step, so that other jobs have their turn between two.
void Node::Parts::SweepExpired() {
  const MonotonicTime now = SystemClock().MonotonicNow();
  if (!expiry_sweep->is_in_pass()) expiry_pass_start = now;
  const std::uint64_t deleted_before = expiry_sweep->deleted_count();
  if (const auto swept = expiry_sweep->Step(); !swept) {
    log.Write(LogLevel::kWarning, "ttl_sweep_failed", "some expired items were not deleted",
              {{"cause", swept.error().message()}});
  }
  ttl_deleted->Add(expiry_sweep->deleted_count() - deleted_before);
  if (expiry_sweep->is_in_pass()) {
    job_pool->Post([this] { SweepExpired(); });
    return;
  }
  const Duration pass_time = SystemClock().MonotonicNow() - expiry_pass_start;
  if (pass_time > options.ttl_sweep_interval) {
    log.Write(LogLevel::kWarning, "ttl_sweep_slow",
              "deleting expired items took longer than the time between two sweeps",
              {{"seconds", fmt::format("{:.1f}", static_cast<double>(pass_time.count()) / 1e6)}});
  }
  SweepExpiredLater();
}

void Node::Parts::SweepExpiredLater() {
  job_pool->PostAfter(options.ttl_sweep_interval, [this] { SweepExpired(); });
}

void Node::Parts::ScrubLater() {
  if (options.scrub_interval == Duration(0)) return;
  scrubber.emplace(
      ScrubberParts{.store = *store,
                    .catalog = *catalog,
                    .backups = *backup_storage,
                    .executor = *job_pool,
                    .clock = SystemClock(),
                    .registry = registry,
                    .log = log},
      ScrubberOptions{.delay = options.scrub_delay, .interval = options.scrub_interval});
  scrubber->Start();
}

std::expected<void, NodeFailure> Node::Parts::Stop() {
  is_draining = true;
  if (server && !server->Drain(kDrainTimeout)) {
    log.Write(LogLevel::kWarning, "drain_timeout", "some connections were closed unfinished");
  }
  if (jobs) jobs->Stop();
  if (job_pool) job_pool->Stop();
  scrubber.reset();
  if (request_pool) request_pool->Stop();
  StoreResult<void> closed;
  if (store) closed = store->Close();
  if (server) server->Stop();
  if (!closed) return Fail(closed.error());
  return {};
}

std::expected<std::unique_ptr<Node>, NodeFailure> Node::Start(const NodeOptions& options,
                                                              Log& log) {
  auto parts = std::make_unique<Parts>(options, log);
  // The directory's lock is taken before the port, so that two servers never share either.
  GRAMME_RETURN_IF_ERROR(parts->OpenStorage());
  GRAMME_RETURN_IF_ERROR(parts->OpenTables());
  if (auto opened = parts->OpenNetwork(); !opened) {
    static_cast<void>(parts->Stop());
    return std::unexpected(std::move(opened).error());
  }
  return std::unique_ptr<Node>(new Node(std::move(parts)));
}

Node::Node(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Node::~Node() = default;

const std::vector<ListenAddress>& Node::addresses() const { return parts_->server->addresses(); }

std::size_t Node::table_count() const { return parts_->catalog->view()->tables.size(); }

const std::string& Node::region() const { return parts_->settings.labels.region; }

std::expected<void, NodeFailure> Node::Stop() { return parts_->Stop(); }

}  // namespace gramme
