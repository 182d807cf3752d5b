// File checks: what a store keeps is read again, and found good while nothing has damaged it.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {
namespace {

constexpr std::uint64_t kStepBytes = 1000;

std::unique_ptr<StoreFileCheck> Begin(Store& store,
                                      std::optional<std::string_view> image_id = std::nullopt) {
  auto check = store.BeginFileCheck(image_id);
  EXPECT_TRUE(check.has_value()) << check.error().message();
  return check ? *std::move(check) : nullptr;
}

void ExpectGood(StoreFileCheck& check) {
  for (;;) {
    const StoreResult<bool> step = check.Step(kStepBytes);
    ASSERT_TRUE(step.has_value()) << step.error().message();
    if (*step) break;
  }
}

}  // namespace

void LinkFileCheckTests() {}

TEST_P(StoreSuite, FileCheckOfAFreshStoreIsGood) { ExpectGood(*Begin(store())); }

TEST_P(StoreSuite, FileCheckIsGoodBeforeAndAfterAReopening) {
  PutAllDurably({"a", "b"});
  ExpectGood(*Begin(store()));
  ASSERT_TRUE(Reopen());
  ExpectGood(*Begin(store()));
}

TEST_P(StoreSuite, FileCheckGoesOnWhileItsStoreIsWritten) {
  PutAllDurably({"a"});
  ASSERT_TRUE(Reopen());
  const std::unique_ptr<StoreFileCheck> check = Begin(store());
  ASSERT_TRUE(check->Step(1).has_value());
  PutAllDurably({"b", "c"});
  ASSERT_TRUE(store().DropKeyspace(keyspace_).has_value());
  ExpectGood(*check);
}

TEST_P(StoreSuite, FileCheckReadsAnImage) {
  PutAllDurably({"a", "b"});
  ASSERT_TRUE(store().Freeze("first", std::span(&keyspace_, 1)).has_value());
  ExpectGood(*Begin(store(), "first"));
  ASSERT_TRUE(Reopen());
  ExpectGood(*Begin(store(), "first"));
}

TEST_P(StoreSuite, FileCheckOfAnAbsentImageIsNone) {
  EXPECT_EQ(Begin(store(), "first"), nullptr);
  PutAllDurably({"a"});
  ASSERT_TRUE(store().Freeze("first", std::span(&keyspace_, 1)).has_value());
  ASSERT_TRUE(store().ReleaseImage("first").has_value());
  EXPECT_EQ(Begin(store(), "first"), nullptr);
}

TEST_P(StoreSuite, FileCheckIsGoodWhereItsImageIsReleasedMeanwhile) {
  PutAllDurably({"a"});
  ASSERT_TRUE(store().Freeze("first", std::span(&keyspace_, 1)).has_value());
  const std::unique_ptr<StoreFileCheck> check = Begin(store(), "first");
  ASSERT_TRUE(store().ReleaseImage("first").has_value());
  ExpectGood(*check);
}

TEST_P(StoreSuite, FileCheckOfAClosedStoreIsUnavailable) {
  ASSERT_TRUE(store().Close().has_value());
  const auto check = store().BeginFileCheck(std::nullopt);
  ASSERT_FALSE(check.has_value());
  EXPECT_EQ(check.error().code(), StatusCode::kUnavailable);
}

}  // namespace gramme
