#include "server/log.h"

#include <gtest/gtest.h>

namespace gramme {
namespace {

constexpr std::string_view kTime = "2026-11-20T11:02:31.123Z";

TEST(LogTest, WritesJson) {
  EXPECT_EQ(FormatLogLine(LogFormat::kJson, kTime, LogLevel::kInfo, "ready", "ready",
                          {{"port", "8000"}}),
            R"({"time":"2026-11-20T11:02:31.123Z","level":"info","event":"ready",)"
            R"("message":"ready","port":"8000"})");
}

TEST(LogTest, WritesText) {
  EXPECT_EQ(FormatLogLine(LogFormat::kText, kTime, LogLevel::kWarning, "slow_request", "slow",
                          {{"code", "OK"}}),
            R"(2026-11-20T11:02:31.123Z warning slow_request: slow code="OK")");
}

TEST(LogTest, ValuesCannotForgeLines) {
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    const std::string line = FormatLogLine(format, kTime, LogLevel::kError, "bug", "a\nb\"",
                                           {{"x", "\r\n2026 forged\x1b[0m\x7f"}});
    for (const char c : line) EXPECT_TRUE(c >= 0x20 && c != 0x7F) << line;
    EXPECT_NE(line.find("\\\""), std::string::npos);
  }
}

}  // namespace
}  // namespace gramme
