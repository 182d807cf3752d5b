#include "cli/machine.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>

namespace gramme {
namespace {

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
constexpr std::uint64_t kDevMemoryMegabytes = 256;
constexpr std::uint64_t kLeastMemoryMegabytes = 64;

std::uint64_t MemoryBytes() {
  struct sysinfo info {};
  std::uint64_t bytes = sysinfo(&info) == 0 ? std::uint64_t{info.totalram} * info.mem_unit : 0;
  std::ifstream limit_file("/sys/fs/cgroup/memory.max");
  std::uint64_t limit = 0;
  // Unlimited is the word "max", which is no number.
  if (limit_file >> limit && limit > 0) bytes = bytes == 0 ? limit : std::min(bytes, limit);
  return bytes;
}

}  // namespace

std::string DefaultMemoryText(NodeMode mode) {
  std::uint64_t megabytes = std::max(MemoryBytes() / 2 / kMegabyte, kLeastMemoryMegabytes);
  if (mode == NodeMode::kDev) megabytes = std::min(megabytes, kDevMemoryMegabytes);
  return std::to_string(megabytes) + "M";
}

bool StandardErrorIsTerminal() { return isatty(STDERR_FILENO) == 1; }

bool HasIpv6Loopback() {
  const int descriptor = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const bool is_bound =
      bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(descriptor);
  return is_bound;
}

}  // namespace gramme
