#include "storage/testing/store_suite.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <thread>

#include "base/random.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {
namespace {

constexpr std::uint64_t kFnvOffset = 0xcbf29ce484222325;
constexpr std::uint64_t kFnvPrime = 0x100000001b3;

// Turns a test that would hang into one that fails. No store needs a noticeable part of it.
constexpr std::chrono::seconds kHangLimit(60);

std::uint64_t HashOf(std::string_view text) {
  std::uint64_t hash = kFnvOffset;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
  return hash * kFnvPrime;
}

bool MayBeTriedAgain(StatusCode code) {
  return code == StatusCode::kConflict || code == StatusCode::kOverloaded ||
         code == StatusCode::kWouldBlock;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const StoreCase& store_case) {
  return out << store_case.name;
}

std::string StoreCaseName(const testing::TestParamInfo<StoreCase>& info) { return info.param.name; }

std::vector<StoreCase> StoreSuiteCases(std::vector<StoreCase> cases) {
  LinkUpdateTests();
  LinkOperationTests();
  LinkGuardTests();
  LinkViewTests();
  LinkScanTests();
  LinkReleaseTests();
  LinkKeyspaceTests();
  LinkImportTests();
  LinkImageTests();
  LinkFileCheckTests();
  LinkConcurrencyTests();
  LinkModelTests();
  return cases;
}

std::uint64_t PrintedSeed(std::string_view test) {
  const char* const given = std::getenv("GRAMME_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : SystemRandom().Next64();
  std::printf("%.*s: GRAMME_SEED=%llu\n", static_cast<int>(test.size()), test.data(),
              static_cast<unsigned long long>(seed));
  return seed;
}

StoreSuite::StoreSuite()
    : placement_(HashOf(testing::UnitTest::GetInstance()->current_test_info()->name())),
      under_test_(GetParam().make()) {
  keyspace_ = NewKeyspace();
}

KeyspaceId StoreSuite::NewKeyspace() {
  const StoreResult<KeyspaceId> created = store().CreateKeyspace();
  EXPECT_TRUE(created.has_value());
  return created.value_or(KeyspaceId{});
}

UpdateOutcome StoreSuite::Decide(std::span<const Key> keys, gramme::Decide decide) {
  for (;;) {
    const StoreResult<UpdateOutcome> outcome = store().Update(keys, {}, {}, decide);
    if (outcome) return *outcome;
    if (const auto held = outcome.error().key_index()) {
      EXPECT_EQ(outcome.error().code(), StatusCode::kConflict);
      EXPECT_LT(*held, keys.size());
    }
    if (!MayBeTriedAgain(outcome.error().code())) {
      ADD_FAILURE() << StatusCodeName(outcome.error().code()) << ": " << outcome.error().message();
      return {};
    }
    std::this_thread::yield();
  }
}

UpdateOutcome StoreSuite::DecideOn(const Key& key, gramme::Decide decide) {
  return Decide(std::span(&key, 1), decide);
}

UpdateOutcome StoreSuite::Write(const Key& key, const WriteBatch& batch) {
  const UpdateOutcome outcome =
      DecideOn(key, [&](std::span<const CurrentValue>) { return std::optional(batch); });
  EXPECT_TRUE(outcome.committed);
  return outcome;
}

UpdateOutcome StoreSuite::Put(const Key& key, std::string_view value) {
  WriteBatch batch;
  batch.Put(key, std::string(value));
  return Write(key, batch);
}

UpdateOutcome StoreSuite::Delete(const Key& key) {
  WriteBatch batch;
  batch.Delete(key);
  return Write(key, batch);
}

UpdateOutcome StoreSuite::PutDurably(const Key& key, std::string_view value) {
  const UpdateOutcome outcome = Put(key, value);
  Await(outcome.position);
  return outcome;
}

void StoreSuite::PutAllDurably(std::initializer_list<std::string_view> keys) {
  Position last;
  for (const std::string_view key : keys) {
    last = Put(KeyOf(key), std::string("value of ").append(key)).position;
  }
  Await(last);
}

void StoreSuite::Await(const Position& position) {
  const StoreResult<void> awaited = store().Await(position);
  EXPECT_TRUE(awaited.has_value()) << awaited.error().message();
}

StoreResult<void> StoreSuite::Released(const Position& position) {
  // Owned by the callback, which may come after the wait was given up.
  std::promise<StoreResult<void>> promise;
  std::future<StoreResult<void>> released = promise.get_future();
  store().Release(position,
                  [promise = std::move(promise)](const StoreResult<void>& result) mutable {
                    promise.set_value(result);
                  });
  if (released.wait_for(kHangLimit) != std::future_status::ready) {
    return StoreError(StatusCode::kDeadline, "Release does not answer");
  }
  return released.get();
}

std::optional<std::string> StoreSuite::ReadNewest(const Key& key) {
  std::optional<std::string> newest;
  const UpdateOutcome outcome =
      DecideOn(key, [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
        newest = values[0];
        return std::nullopt;
      });
  EXPECT_FALSE(outcome.committed);
  return newest;
}

std::unique_ptr<View> StoreSuite::OpenView() {
  StoreResult<std::unique_ptr<View>> view = store().OpenView(group(), ReadTier::kDisk);
  EXPECT_TRUE(view.has_value());
  return *std::move(view);
}

std::optional<std::string> StoreSuite::ReadDurable(const Key& key) {
  const StoreResult<std::unique_ptr<View>> view =
      store().OpenView(store().GroupOf(key), ReadTier::kDisk);
  EXPECT_TRUE(view.has_value());
  const StoreResult<std::optional<std::string>> value = (*view)->Get(key);
  EXPECT_TRUE(value.has_value());
  return value.value_or(std::nullopt);
}

std::optional<std::int64_t> StoreSuite::ReadCounter(const Key& key) {
  const std::optional<std::string> bytes = ReadDurable(key);
  if (!bytes) return std::nullopt;
  EXPECT_EQ(bytes->size(), 8u);
  std::uint64_t number = 0;
  for (std::size_t index = bytes->size(); index-- > 0;) {
    number = number << 8 | static_cast<unsigned char>((*bytes)[index]);
  }
  return static_cast<std::int64_t>(number);
}

Entries StoreSuite::Scan(const View& view, KeyspaceId keyspace, const KeyRange& range,
                         Direction direction) {
  Entries entries;
  const StoreResult<void> scanned =
      view.Scan(keyspace, range, direction, [&](std::string_view key, std::string_view value) {
        entries.emplace_back(key, value);
        return ScanStep::kContinue;
      });
  EXPECT_TRUE(scanned.has_value());
  return entries;
}

std::string StoreSuite::ScanKeys(const KeyRange& range, Direction direction) {
  std::string keys;
  const std::unique_ptr<View> view = OpenView();
  for (const auto& [key, value] : Scan(*view, keyspace_, range, direction)) {
    keys += keys.empty() ? key : " " + key;
  }
  return keys;
}

}  // namespace gramme
