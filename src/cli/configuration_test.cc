#include "cli/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "cli/machine.h"

namespace gramme {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string WriteFile(const std::string& text) {
  const std::string path = testing::TempDir() + "gramme_configuration_test.toml";
  std::ofstream(path, std::ios::trunc) << text;
  return path;
}

const ConfiguredSetting& Find(const Configuration& configuration, std::string_view name) {
  for (const ConfiguredSetting& configured : configuration.settings) {
    if (configured.setting->name == name) return configured;
  }
  ADD_FAILURE() << name;
  return configuration.settings.front();
}

std::string ErrorOf(const ConfigurationSources& sources) {
  const auto configuration = Configure(sources);
  return configuration ? "" : configuration.error();
}

std::string FlagError(const std::string& name, const std::string& value) {
  return ErrorOf({.flags = {{name, {value}}}});
}

TEST(ConfigurationTest, DevIsInMemoryOnBothLoopbackAddresses) {
  const auto configuration = Configure({});
  ASSERT_TRUE(configuration) << configuration.error();
  const NodeOptions& options = configuration->options;
  EXPECT_FALSE(options.data_directory);
  EXPECT_FALSE(options.is_relaxed);
  EXPECT_FALSE(options.region);
  ASSERT_EQ(options.addresses.size(), HasIpv6Loopback() ? 2U : 1U);
  EXPECT_EQ(options.addresses[0].host, "127.0.0.1");
  EXPECT_EQ(options.addresses[0].port, 8000);
  EXPECT_LE(options.memory_bytes, std::size_t{256} << 20);
  EXPECT_EQ(Find(*configuration, "port").origin, "default");
}

TEST(ConfigurationTest, ServeKeepsItsData) {
  ConfigurationSources sources = {.mode = NodeMode::kServe, .file = WriteFile("")};
  const auto configuration = Configure(sources);
  ASSERT_TRUE(configuration) << configuration.error();
  EXPECT_EQ(configuration->options.data_directory, "./gramme-data");
}

TEST(ConfigurationTest, FlagWinsOverEnvironmentOverFileOverDefault) {
  ConfigurationSources sources;
  const auto port = [&] {
    const auto configuration = Configure(sources);
    EXPECT_TRUE(configuration) << configuration.error();
    const ConfiguredSetting& setting = Find(*configuration, "port");
    return setting.values.front() + " " + setting.origin;
  };
  EXPECT_EQ(port(), "8000 default");
  sources.file = WriteFile("port = 8001\n");
  EXPECT_EQ(port(), "8001 file " + *sources.file);
  sources.environment = {{"GRAMME_PORT", "8002"}};
  EXPECT_EQ(port(), "8002 environment GRAMME_PORT");
  sources.flags = {{"port", {"8003"}}};
  EXPECT_EQ(port(), "8003 flag --port");
}

TEST(ConfigurationTest, OfARepeatedFlagTheLastCounts) {
  const auto configuration = Configure({.flags = {{"port", {"1", "2", "3"}}}});
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->options.addresses.front().port, 3);
}

TEST(ConfigurationTest, ListenIsRepeatableAndWinsOverHostAndPort) {
  auto configuration = Configure(
      {.flags = {{"listen", {"127.0.0.1:1", "[::1]:2", "unix:/tmp/x"}}, {"port", {"9"}}}});
  ASSERT_TRUE(configuration) << configuration.error();
  ASSERT_EQ(configuration->options.addresses.size(), 3U);
  EXPECT_EQ(configuration->options.addresses[0].port, 1);
  EXPECT_EQ(configuration->options.addresses[1].host, "::1");
  EXPECT_EQ(configuration->options.addresses[2].unix_path, "/tmp/x");
  configuration = Configure({.file = WriteFile("listen = ['127.0.0.1:4', '127.0.0.1:5']\n")});
  ASSERT_TRUE(configuration) << configuration.error();
  EXPECT_EQ(configuration->options.addresses.size(), 2U);
}

TEST(ConfigurationTest, ReadsTheFileThatTheEnvironmentNames) {
  const auto configuration =
      Configure({.environment = {{"GRAMME_CONFIG", WriteFile("region = 'eu-west-1'\n")}}});
  ASSERT_TRUE(configuration) << configuration.error();
  EXPECT_EQ(configuration->options.region, "eu-west-1");
}

TEST(ConfigurationTest, ReadsEverySetting) {
  const auto configuration = Configure({.flags = {{"data", {"d"}},
                                                  {"backup-dir", {"b"}},
                                                  {"host", {"::1"}},
                                                  {"port", {"0"}},
                                                  {"region", {"eu-west-1"}},
                                                  {"account-id", {"123456789012"}},
                                                  {"durability", {"relaxed"}},
                                                  {"memory", {"1G"}},
                                                  {"control-plane-delay", {"7"}},
                                                  {"ttl-sweep-interval", {"9"}},
                                                  {"scrub-interval", {"48"}},
                                                  {"stream-shards", {"8"}},
                                                  {"loops", {"3"}},
                                                  {"log-level", {"error"}},
                                                  {"log-format", {"json"}},
                                                  {"ready-file", {"r"}}}});
  ASSERT_TRUE(configuration) << configuration.error();
  const NodeOptions& options = configuration->options;
  EXPECT_EQ(options.data_directory, "d");
  EXPECT_EQ(options.backup_directory, "b");
  ASSERT_EQ(options.addresses.size(), 1U);
  EXPECT_EQ(options.addresses[0].host, "::1");
  EXPECT_EQ(options.addresses[0].port, 0);
  EXPECT_EQ(options.region, "eu-west-1");
  EXPECT_EQ(options.account_id, "123456789012");
  EXPECT_TRUE(options.is_relaxed);
  EXPECT_EQ(options.memory_bytes, std::size_t{1} << 30);
  EXPECT_EQ(options.transition_delay, std::chrono::seconds(7));
  EXPECT_EQ(options.ttl_sweep_interval, std::chrono::seconds(9));
  EXPECT_EQ(options.scrub_interval, std::chrono::hours(48));
  EXPECT_EQ(options.stream_shard_count, 8U);
  EXPECT_EQ(options.loop_count, 3U);
  EXPECT_EQ(options.log_level, LogLevel::kError);
  EXPECT_EQ(options.log_format, LogFormat::kJson);
  EXPECT_EQ(options.ready_file, "r");
}

TEST(ConfigurationTest, SaysWhichValueIsWrongAndWhy) {
  EXPECT_EQ(FlagError("port", "65536"),
            "flag --port: '65536' cannot be port: a port is a number up to 65535");
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"data", ""},
                                                        {"backup-dir", ""},
                                                        {"port", "x"},
                                                        {"port", "-1"},
                                                        {"port", "80 "},
                                                        {"region", "EU"},
                                                        {"region", ""},
                                                        {"account-id", "12"},
                                                        {"account-id", "12345678901x"},
                                                        {"durability", "no"},
                                                        {"memory", "31M"},
                                                        {"memory", "512m"},
                                                        {"memory", "-1"},
                                                        {"memory", ""},
                                                        {"control-plane-delay", "1s"},
                                                        {"ttl-sweep-interval", "0"},
                                                        {"ttl-sweep-interval", "86401"},
                                                        {"scrub-interval", "8761"},
                                                        {"scrub-interval", "1h"},
                                                        {"stream-shards", "0"},
                                                        {"stream-shards", "3"},
                                                        {"stream-shards", "512"},
                                                        {"loops", "0"},
                                                        {"loops", "257"},
                                                        {"log-level", "loud"},
                                                        {"log-format", "xml"},
                                                        {"ready-file", ""},
                                                        {"host", ""},
                                                        {"host", "0.0.0.0"},
                                                        {"host", "10.0.0.1"},
                                                        {"listen", "0.0.0.0:1"},
                                                        {"listen", "8000"},
                                                        {"host", "127.0.0.1.example.com"}}) {
    EXPECT_NE(FlagError(name, value), "") << name << " " << value;
  }
  EXPECT_THAT(FlagError("durability", "no"), HasSubstr("always, relaxed"));
  EXPECT_THAT(FlagError("host", "0.0.0.0"), HasSubstr("loopback"));
}

TEST(ConfigurationTest, RefusesUnknownNamesWithTheNearest) {
  EXPECT_EQ(ErrorOf({.environment = {{"GRAMME_PRT", "1"}}}),
            "environment: unknown variable 'GRAMME_PRT'; did you mean 'GRAMME_PORT'?");
  const std::string path = WriteFile("backupdir = 'x'\n");
  EXPECT_EQ(ErrorOf({.file = path}),
            path + ": unknown key 'backupdir'; did you mean 'backup-dir'?");
  EXPECT_THAT(ErrorOf({.file = WriteFile("[server]\nport = 1\n")}), HasSubstr("unknown key"));
}

TEST(ConfigurationTest, ADamagedFileIsNamedWithItsLine) {
  EXPECT_THAT(ErrorOf({.file = WriteFile("port = 1\nhost = = 2\n")}), HasSubstr(".toml:2:"));
  EXPECT_THAT(ErrorOf({.file = WriteFile("port = 1.5\n")}), HasSubstr("port"));
  EXPECT_THAT(ErrorOf({.file = WriteFile("port = [1]\n")}), HasSubstr("port"));
  EXPECT_THAT(ErrorOf({.file = "/no/such/file.toml"}), HasSubstr("/no/such/file.toml"));
}

TEST(NearestNameTest, FindsWhatWasMeant) {
  const std::vector<std::string> commands = {"dev", "serve", "config", "version", "backup"};
  EXPECT_EQ(NearestName("sreve", commands), "serve");
  EXPECT_EQ(NearestName("serv", commands), "serve");
  EXPECT_EQ(NearestName("backups", commands), "backup");
  EXPECT_EQ(NearestName("de", commands), "dev");
  EXPECT_EQ(NearestName("conifg", commands), "config");
  EXPECT_EQ(NearestName("dve", commands), "dev");
  EXPECT_EQ(NearestName("restore", commands), "");
  EXPECT_EQ(NearestName("x", {"-d", "a"}), "");
  EXPECT_EQ(NearestName("", commands), "");
}

TEST(SettingTest, SizesArePowersOf1024) {
  EXPECT_EQ(ParseSize("0"), 0U);
  EXPECT_EQ(ParseSize("512"), 512U);
  EXPECT_EQ(ParseSize("3K"), 3072U);
  EXPECT_EQ(ParseSize("512M"), std::size_t{512} << 20);
  EXPECT_EQ(ParseSize("2G"), std::size_t{2} << 30);
  EXPECT_EQ(ParseSize("1T"), std::size_t{1} << 40);
  for (const char* wrong : {"", "M", "1.5G", "1GB", "g", "99999999999999999999", "99999999999T"}) {
    EXPECT_FALSE(ParseSize(wrong)) << wrong;
  }
}

TEST(SettingTest, HasOneNameInEverySource) {
  for (const Setting& setting : Settings()) {
    EXPECT_EQ(FindSetting(setting.name), &setting);
    EXPECT_THAT(EnvironmentName(setting), testing::MatchesRegex("GRAMME_[A-Z_]+"));
  }
  EXPECT_EQ(EnvironmentName(*FindSetting("backup-dir")), "GRAMME_BACKUP_DIR");
  EXPECT_EQ(FindSetting("nothing"), nullptr);
}

TEST(ConfigurationTest, TheEnvironmentIsThatOfThisProcess) {
  ASSERT_EQ(setenv("GRAMME_PORT", "81", 1), 0);
  EXPECT_THAT(GrammeEnvironment(), testing::Contains(testing::Pair("GRAMME_PORT", "81")));
  unsetenv("GRAMME_PORT");
  EXPECT_FALSE(GrammeEnvironment().contains("GRAMME_PORT"));
}

}  // namespace
}  // namespace gramme
