#include "http/gzip.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace gramme {
namespace {

TEST(GzipTest, UnpacksWhatItPacked) {
  for (const std::size_t size : {100U, 4096U, 1'000'000U}) {
    const std::string text(size, 'x');
    const std::string packed = GzipBody(text);
    ASSERT_FALSE(packed.empty());
    EXPECT_LT(packed.size(), text.size());
    BodyBuffer decoded;
    ASSERT_TRUE(Gunzip(packed, size, decoded).has_value());
    EXPECT_EQ(decoded.view(), text);
    EXPECT_FALSE(Gunzip(packed, size - 1, decoded).has_value());
  }
}

TEST(GzipTest, GivesNothingForWhatDoesNotGetSmaller) {
  EXPECT_EQ(GzipBody(""), "");
  EXPECT_EQ(GzipBody("a"), "");
  SeededRandom random(1);
  std::string noise;
  for (int i = 0; i < 10'000; ++i) noise += static_cast<char>(random.Next64());
  EXPECT_EQ(GzipBody(noise), "");
}

}  // namespace
}  // namespace gramme
