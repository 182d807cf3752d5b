#include "cli/serve_command.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "http/listen_address.h"
#include "server/allocator.h"
#include "server/log.h"
#include "server/node.h"
#include "server/version.h"

namespace gramme {
namespace {

// Signals come to the thread that waits for them, and to no other.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

std::string EndpointOf(const Node& node) {
  const ListenAddress& address = node.addresses().front();
  if (!address.unix_path.empty()) return FormatListenAddress(address);
  return "http://" + FormatListenAddress(address);
}

void PrintBanner(const NodeOptions& options, const Node& node) {
  const std::string endpoint = EndpointOf(node);
  const std::string place =
      options.data_directory ? "data in " + *options.data_directory : "in memory";
  if (options.mode == NodeMode::kDev) {
    fmt::print("gramme {}  development mode: {}, no authentication, loopback only\n", kVersion,
               place);
  } else {
    fmt::print("gramme {}  {}; loopback only, because signatures are not verified yet\n", kVersion,
               place);
  }
  fmt::print("  API      {}        region {}, {} tables\n", endpoint, node.region(),
             node.table_count());
  fmt::print(
      "  Try      AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws dynamodb list-tables "
      "--endpoint-url {} --region {}\n",
      endpoint, node.region());
  if (!options.data_directory) {
    fmt::print("  Tables and backups are gone when it stops; keep them:  gramme dev --data DIR\n");
  } else if (!options.backup_directory) {
    fmt::print("  Backups share the data directory's disk; another one:  --backup-dir DIR\n");
  }
  if (options.is_relaxed) {
    fmt::print("  Relaxed durability: a failing machine loses the last 100 ms of writes\n");
  }
  fmt::print("  Ctrl-C stops it.\n");
  std::fflush(stdout);
}

// Written beside and renamed, so that a reader never sees half of it.
bool WriteReadyFile(const std::string& path, const Node& node) {
  const std::string unfinished = path + ".new";
  {
    std::ofstream file(unfinished, std::ios::trunc);
    file << fmt::format("{{\"endpoint\":\"{}\",\"port\":{},\"pid\":{}}}\n", EndpointOf(node),
                        node.addresses().front().port, getpid());
    if (!file.flush()) return false;
  }
  return std::rename(unfinished.c_str(), path.c_str()) == 0;
}

ExitCode Report(Log& log, const NodeFailure& failure) {
  log.Write(LogLevel::kError, "failed", failure.message);
  return failure.code;
}

}  // namespace

ExitCode RunServer(const NodeOptions& options) {
  TuneAllocator();
  const sigset_t signals = BlockSignals();
  Log log(options.log_level, options.log_format);
  auto node = Node::Start(options, log);
  if (!node) return Report(log, node.error());
  if (options.ready_file && !WriteReadyFile(*options.ready_file, **node)) {
    return Report(log, {.code = ExitCode::kFailed,
                        .message = "cannot write the ready file " + *options.ready_file});
  }
  PrintBanner(options, **node);
  log.Write(LogLevel::kInfo, "ready", "ready for requests", {{"endpoint", EndpointOf(**node)}});

  int signal = 0;
  sigwait(&signals, &signal);
  log.Write(LogLevel::kInfo, "stopping", "finishing what was accepted",
            {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
  std::thread([signals] {
    int second = 0;
    sigwait(&signals, &second);
    _exit(static_cast<int>(ExitCode::kFailed));
  }).detach();
  const auto stopped = (*node)->Stop();
  if (!stopped) return Report(log, stopped.error());
  log.Write(LogLevel::kInfo, "stopped", "stopped cleanly");
  return ExitCode::kGood;
}

}  // namespace gramme
