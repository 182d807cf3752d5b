// ServerProcess: a Gramme server as a child process, started, killed and stopped by its own process
// id. It never touches another process.

#ifndef GRAMME_TESTS_CLIENT_SERVER_PROCESS_H_
#define GRAMME_TESTS_CLIENT_SERVER_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace gramme {

struct ServerCommand {
  std::string binary;
  // As for the command line, the verb first; --port 0 and --ready-file are added.
  std::vector<std::string> arguments;
  // NAME=VALUE, besides the environment of this process without its GRAMME_ variables.
  std::vector<std::string> environment;
  // Gets what the server prints, appended.
  std::string log_file;
  // Written by the server; any old one is removed first.
  std::string ready_file;
};

// Not thread-safe. Move-only. Kills the process, if it still runs, when destroyed; the process dies
// too when the thread that started it ends.
class ServerProcess {
 public:
  // Waits until the server accepts requests. The error says how it ended or that it never was
  // ready.
  static std::expected<ServerProcess, std::string> Start(const ServerCommand& command);

  ServerProcess(ServerProcess&& other) noexcept;
  ServerProcess& operator=(ServerProcess&& other) noexcept;
  ~ServerProcess();

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  // From the start of the process to its first accept.
  std::chrono::milliseconds start_time() const { return start_time_; }

  // False when the process has ended by itself.
  bool IsRunning();
  // SIGKILL, and waits for the end.
  void Kill();
  // SIGTERM, and waits for the end: the exit code, or -1 when a signal ended it.
  int Stop();

 private:
  explicit ServerProcess(pid_t pid) : pid_(pid) {}
  std::expected<void, std::string> AwaitReady(const ServerCommand& command);

  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::chrono::milliseconds start_time_{0};
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_SERVER_PROCESS_H_
