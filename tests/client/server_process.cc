#include "tests/client/server_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/client/json.h"

namespace gramme {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kReadyAfterMax{120};
constexpr std::chrono::milliseconds kLookEvery{2};

// Between fork and exec of a process with threads: system calls only.
[[noreturn]] void Become(char* const* arguments, char* const* environment, int log, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execve(arguments[0], arguments, environment);
  _exit(127);
}

std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string EndOf(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {}", WTERMSIG(status));
  return fmt::format("exited with code {}", WEXITSTATUS(status));
}

}  // namespace

std::expected<ServerProcess, std::string> ServerProcess::Start(const ServerCommand& command) {
  std::error_code ignored;
  std::filesystem::remove(command.ready_file, ignored);
  std::vector<std::string> arguments{command.binary};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  for (const char* word : {"--port", "0", "--ready-file"}) arguments.emplace_back(word);
  arguments.push_back(command.ready_file);
  std::vector<std::string> environment = command.environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    // Settings meant for the tests are none of the server, which refuses what it does not know.
    if (!std::string_view(*variable).starts_with("GRAMME_")) environment.emplace_back(*variable);
  }
  const std::vector<char*> argument_pointers = Pointers(arguments);
  const std::vector<char*> environment_pointers = Pointers(environment);

  const int log = open(command.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) return std::unexpected("cannot write " + command.log_file);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) Become(argument_pointers.data(), environment_pointers.data(), log, parent);
  close(log);
  if (pid < 0) return std::unexpected("cannot fork");

  ServerProcess process(pid);
  if (auto ready = process.AwaitReady(command); !ready) {
    return std::unexpected(std::move(ready).error() + "; see " + command.log_file);
  }
  return process;
}

std::expected<void, std::string> ServerProcess::AwaitReady(const ServerCommand& command) {
  const auto started = SteadyClock::now();
  while (SteadyClock::now() - started < kReadyAfterMax) {
    std::ifstream file(command.ready_file);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (const auto ready = Json::Parse(text)) {
      start_time_ =
          std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - started);
      port_ = static_cast<std::uint16_t>(std::stoul((*ready)["port"].text()));
      return {};
    }
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return std::unexpected("the server " + EndOf(status) + " before it was ready");
    }
    std::this_thread::sleep_for(kLookEvery);
  }
  return std::unexpected("the server was not ready in time");
}

ServerProcess::ServerProcess(ServerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), port_(other.port_), start_time_(other.start_time_) {}

ServerProcess& ServerProcess::operator=(ServerProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(port_, other.port_);
  std::swap(start_time_, other.start_time_);
  return *this;
}

ServerProcess::~ServerProcess() { Kill(); }

bool ServerProcess::IsRunning() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ > 0;
}

void ServerProcess::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

int ServerProcess::Stop() {
  if (pid_ <= 0) return -1;
  int status = 0;
  kill(pid_, SIGTERM);
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace gramme
