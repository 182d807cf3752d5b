// NodeOptions: everything an operator can choose about a server, once every source of settings has
// been read (cli/configuration.h). A value.

#ifndef GRAMME_SERVER_NODE_OPTIONS_H_
#define GRAMME_SERVER_NODE_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "http/listen_address.h"

namespace gramme {

// kDev: any credentials, loopback, in memory unless a directory is given. kServe: for keeps.
enum class NodeMode { kDev, kServe };

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kText, kJson };

struct NodeOptions {
  NodeMode mode = NodeMode::kDev;
  std::optional<std::string> data_directory;    // none: in memory
  std::optional<std::string> backup_directory;  // none: `backups` in the data directory
  std::vector<ListenAddress> addresses;
  std::size_t loop_count = 1;
  // Labels of ARNs. Where they were not chosen, an existing data directory keeps its own.
  std::optional<std::string> region;
  std::optional<std::string> account_id;
  bool is_relaxed = false;  // durability
  std::size_t memory_bytes = std::size_t{256} << 20;
  Duration transition_delay{0};
  Duration ttl_sweep_interval = std::chrono::minutes(1);
  // From the end of one scrub to the start of the next (0: none), and before the first.
  Duration scrub_interval = std::chrono::hours(24);
  Duration scrub_delay = std::chrono::minutes(10);
  std::uint32_t stream_shard_count = 1;  // of a new stream; a power of two
  std::uint64_t recovery_base_log_bytes = std::uint64_t{64} << 20;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;
  std::optional<std::string> ready_file;
};

inline constexpr const char* kDefaultRegion = "us-east-1";
inline constexpr const char* kDefaultAccountId = "000000000000";

}  // namespace gramme

#endif  // GRAMME_SERVER_NODE_OPTIONS_H_
