#include "protocol/base64.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace gramme {
namespace {

TEST(Base64Test, EncodesTheVectorsOfItsStandard) {
  for (const auto& [bytes, text] : {std::pair<std::string, std::string>{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foobar", "Zm9vYmFy"}}) {
    std::string encoded;
    AppendBase64(bytes, encoded);
    EXPECT_EQ(encoded, text);
    std::string decoded;
    EXPECT_EQ(DecodeBase64(text, decoded), Base64Error::kNone);
    EXPECT_EQ(decoded, bytes);
  }
}

TEST(Base64Test, ReadsBackWhatItWrote) {
  constexpr std::uint64_t kSeed = 1;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  SeededRandom random(kSeed);
  for (int i = 0; i < 1000; ++i) {
    std::string bytes(random.Below(100), '\0');
    for (char& c : bytes) c = static_cast<char>(random.Below(256));
    std::string text;
    AppendBase64(bytes, text);
    std::string decoded;
    ASSERT_EQ(DecodeBase64(text, decoded), Base64Error::kNone);
    ASSERT_EQ(decoded, bytes);
  }
}

TEST(Base64Test, RefusesWhatNoEncoderWrites) {
  std::string out;
  EXPECT_EQ(DecodeBase64("Zg=", out), Base64Error::kLength);
  EXPECT_EQ(DecodeBase64("Z", out), Base64Error::kLength);
  EXPECT_EQ(DecodeBase64("Zg==Zg==", out), Base64Error::kCharacter);
  EXPECT_EQ(DecodeBase64("Z===", out), Base64Error::kCharacter);
  EXPECT_EQ(DecodeBase64("====", out), Base64Error::kCharacter);
  EXPECT_EQ(DecodeBase64("=+/=", out), Base64Error::kCharacter);
  EXPECT_EQ(DecodeBase64("Zm 9", out), Base64Error::kCharacter);
  EXPECT_EQ(DecodeBase64("Zm-_", out), Base64Error::kCharacter);
  EXPECT_EQ(DecodeBase64("Zh==", out), Base64Error::kLastBits);
  EXPECT_EQ(DecodeBase64("Zm9=", out), Base64Error::kLastBits);
}

}  // namespace
}  // namespace gramme
