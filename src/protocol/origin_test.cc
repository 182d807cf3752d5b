#include "protocol/origin.h"

#include <gtest/gtest.h>

#include <vector>

namespace gramme {
namespace {

const std::vector<std::string> kNoMore;

TEST(OriginTest, TrustsTheNamesOfThisMachine) {
  for (const char* host : {"localhost", "localhost:8000", "LocalHost", "db.localhost:1",
                           "127.0.0.1", "127.255.0.9:8000", "[::1]", "[::1]:8000", ""}) {
    EXPECT_TRUE(IsLocalHost(host, kNoMore)) << host;
  }
}

TEST(OriginTest, TrustsNoOtherName) {
  for (const char* host :
       {"example.com", "localhost.example.com", "127.0.0.1.example.com", "128.0.0.1", "127.0.0",
        "127.0.0.256", "127.0.0.1.1", "0.0.0.0", "[::2]", "notlocalhost", "127.0.0.1:80:80",
        "localhost@example.com", "10.0.0.1:127", "[", ":", "."}) {
    EXPECT_FALSE(IsLocalHost(host, kNoMore)) << host;
  }
}

TEST(OriginTest, TrustsFurtherNamesThatWereGiven) {
  const std::vector<std::string> more = {"gramme.internal"};
  EXPECT_TRUE(IsLocalHost("gramme.internal:8000", more));
  EXPECT_FALSE(IsLocalHost("x.gramme.internal", more));
}

TEST(OriginTest, TrustsPagesOfThisMachineOnly) {
  EXPECT_TRUE(IsLocalOrigin("http://localhost:5173", kNoMore));
  EXPECT_TRUE(IsLocalOrigin("https://127.0.0.1", kNoMore));
  for (const char* origin : {"null", "", "http://", "file://localhost", "http://example.com",
                             "http://localhost.example.com", "localhost"}) {
    EXPECT_FALSE(IsLocalOrigin(origin, kNoMore)) << origin;
  }
}

}  // namespace
}  // namespace gramme
