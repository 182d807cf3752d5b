// The command line of the binary: help, typos, settings. No server starts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/command.h"

namespace gramme {
namespace {

using testing::HasSubstr;

CommandEnd RunGramme(const std::string& arguments, const std::string& environment = "") {
  return RunCommand(GRAMME_BINARY, arguments, environment);
}

constexpr int kUsage = 2;

TEST(CommandLineTest, WithoutACommandItShowsTheWay) {
  const CommandEnd end = RunGramme("");
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_THAT(end.output, HasSubstr("gramme dev --data ./gramme-data"));
  EXPECT_EQ(end.errors, "");
}

TEST(CommandLineTest, HelpFitsOnAScreen) {
  for (const char* command :
       {"", "dev", "serve", "config", "config show", "version", "backup", "backup list",
        "backup verify", "backup copy", "backup restore", "scrub"}) {
    const CommandEnd end = RunGramme(std::string(command) + " --help");
    EXPECT_EQ(end.exit_code, 0) << command;
    EXPECT_LT(LineCount(end.output), 40U) << end.output;
    EXPECT_GT(LineCount(end.output), 3U) << command;
    EXPECT_EQ(end.errors, "") << command;
  }
}

TEST(CommandLineTest, ATypoOfACommandSuggestsTheNearest) {
  CommandEnd end = RunGramme("sreve");
  EXPECT_EQ(end.exit_code, kUsage);
  EXPECT_EQ(end.errors, "gramme: unknown command 'sreve'; did you mean 'serve'?\n");
  EXPECT_EQ(end.output, "");
  end = RunGramme("sreve --data x");
  EXPECT_EQ(end.errors, "gramme: unknown command 'sreve'; did you mean 'serve'?\n");
  end = RunGramme("frobnicate");
  EXPECT_EQ(end.exit_code, kUsage);
  EXPECT_EQ(end.errors, "gramme: unknown command 'frobnicate'\n");
  end = RunGramme("config shwo");
  EXPECT_EQ(end.exit_code, kUsage);
  EXPECT_EQ(end.errors, "gramme: unknown command 'shwo'; did you mean 'show'?\n");
}

TEST(CommandLineTest, ATypoOfAFlagSuggestsTheNearest) {
  const CommandEnd end = RunGramme("dev --prot 8001");
  EXPECT_EQ(end.exit_code, kUsage);
  EXPECT_EQ(LineCount(end.errors), 1U) << end.errors;
  EXPECT_THAT(end.errors, HasSubstr("did you mean '--port'?"));
}

TEST(CommandLineTest, AWrongValueIsNamedWithItsOrigin) {
  CommandEnd end = RunGramme("dev --port 99999");
  EXPECT_EQ(end.exit_code, kUsage);
  EXPECT_EQ(end.errors,
            "gramme: flag --port: '99999' cannot be port: a port is a number up to 65535\n");
  end = RunGramme("dev", "GRAMME_PORTS=1");
  EXPECT_EQ(end.exit_code, kUsage);
  EXPECT_THAT(end.errors, HasSubstr("did you mean 'GRAMME_PORT'?"));
  end = RunGramme("serve --host 0.0.0.0");
  EXPECT_EQ(end.exit_code, kUsage);
  EXPECT_THAT(end.errors, HasSubstr("not a loopback address"));
}

TEST(CommandLineTest, ConfigShowNamesOrigins) {
  const CommandEnd end =
      RunGramme("config show --dev --port 1 --port 2", "GRAMME_REGION=eu-west-1");
  EXPECT_EQ(end.exit_code, 0) << end.errors;
  EXPECT_THAT(end.output, testing::ContainsRegex("port +2 +flag --port"));
  EXPECT_THAT(end.output, testing::ContainsRegex("region +eu-west-1 +environment GRAMME_REGION"));
  EXPECT_THAT(end.output, testing::ContainsRegex("durability +always +default"));
}

TEST(CommandLineTest, VersionIsForPeopleAndPrograms) {
  EXPECT_THAT(RunGramme("version").output, testing::StartsWith("gramme "));
  EXPECT_THAT(RunGramme("version --output json").output, testing::StartsWith("{\"version\":\""));
  EXPECT_EQ(RunGramme("version --output xml").exit_code, kUsage);
}

TEST(CommandLineTest, ScrubMakesNoDirectory) {
  const CommandEnd end = RunGramme("scrub --data absent");
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_EQ(end.errors, "gramme: there is no data directory absent\n");
  EXPECT_EQ(RunGramme("scrub").exit_code, kUsage);
}

}  // namespace
}  // namespace gramme
