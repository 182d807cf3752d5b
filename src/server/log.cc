#include "server/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <fmt/format.h>

#include "base/clock.h"

namespace gramme {
namespace {

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kError: return "error";
  }
  return "error";
}

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Escapes what would end a line or a JSON string, so that no value can forge an event.
void AppendEscaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out.push_back(c);
    }
  }
}

void AppendJsonMember(std::string_view name, std::string_view value, std::string& out) {
  out.append(out.size() == 1 ? "\"" : ",\"");
  AppendEscaped(name, out);
  out.append("\":\"");
  AppendEscaped(value, out);
  out.push_back('"');
}

}  // namespace

std::string FormatLogLine(LogFormat format, std::string_view time, LogLevel level,
                          std::string_view event, std::string_view message,
                          std::initializer_list<LogField> fields) {
  std::string line;
  if (format == LogFormat::kJson) {
    line.push_back('{');
    AppendJsonMember("time", time, line);
    AppendJsonMember("level", LevelName(level), line);
    AppendJsonMember("event", event, line);
    AppendJsonMember("message", message, line);
    for (const auto& [name, value] : fields) AppendJsonMember(name, value, line);
    line.push_back('}');
    return line;
  }
  line = fmt::format("{} {:7} {}: ", time, LevelName(level), event);
  AppendEscaped(message, line);
  for (const auto& [name, value] : fields) {
    line.append(fmt::format(" {}=\"", name));
    AppendEscaped(value, line);
    line.push_back('"');
  }
  return line;
}

Log::Log(LogLevel level, LogFormat format)
    : format_(format),
      logger_(std::make_unique<spdlog::logger>(
          "gramme", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%v");
  logger_->set_level(SpdlogLevel(level));
  logger_->flush_on(spdlog::level::debug);
}

Log::~Log() = default;

void Log::Write(LogLevel level, std::string_view event, std::string_view message,
                std::initializer_list<LogField> fields) {
  if (!logger_->should_log(SpdlogLevel(level))) return;
  const std::string line = FormatLogLine(format_, FormatIso8601(SystemClock().WallNow()), level,
                                         event, message, fields);
  logger_->log(SpdlogLevel(level), spdlog::string_view_t(line.data(), line.size()));
}

void Log::OnSlowRequest(const RequestSummary& request, std::string_view code, Duration duration) {
  Write(LogLevel::kWarning, "slow_request",
        fmt::format("{} took {} ms", request.operation, duration.count() / 1000),
        {{"request_id", request.request_id},
         {"code", code},
         {"remote_address", request.remote_address}});
}

void Log::OnServerError(const RequestSummary& request, std::string_view code,
                        std::string_view cause) {
  Write(LogLevel::kError, "server_error", fmt::format("{} answered {}", request.operation, code),
        {{"request_id", request.request_id}, {"cause", cause}});
}

void Log::OnEscape(const RequestSummary& request, std::string_view what) {
  Write(LogLevel::kError, "bug", fmt::format("an exception escaped {}", request.operation),
        {{"request_id", request.request_id}, {"what", what}});
}

}  // namespace gramme
