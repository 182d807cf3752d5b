// The log: one event per line on standard error, as text or JSON, UTC with milliseconds. Every
// event has a stable id. Neither items nor secrets are logged, ever.
//
// Thread-safe.

#ifndef GRAMME_SERVER_LOG_H_
#define GRAMME_SERVER_LOG_H_

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/request_log.h"
#include "server/node_options.h"

namespace spdlog {
class logger;
}

namespace gramme {

// Name and value of one detail of an event.
using LogField = std::pair<std::string_view, std::string_view>;

class Log final : public RequestLog {
 public:
  Log(LogLevel level, LogFormat format);
  ~Log() override;

  // `event` is the stable id, `message` is for people.
  void Write(LogLevel level, std::string_view event, std::string_view message,
             std::initializer_list<LogField> fields = {});

  void OnSlowRequest(const RequestSummary& request, std::string_view code,
                     Duration duration) override;
  void OnServerError(const RequestSummary& request, std::string_view code,
                     std::string_view cause) override;
  void OnEscape(const RequestSummary& request, std::string_view what) override;

 private:
  const LogFormat format_;
  const std::unique_ptr<spdlog::logger> logger_;
};

// One line of the log without its end: exposed for its test. `time` is as FormatIso8601 has it.
std::string FormatLogLine(LogFormat format, std::string_view time, LogLevel level,
                          std::string_view event, std::string_view message,
                          std::initializer_list<LogField> fields);

}  // namespace gramme

#endif  // GRAMME_SERVER_LOG_H_
