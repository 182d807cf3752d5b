// Guards: a write decided under an older generation has no effect.

#include <string>
#include <utility>
#include <vector>

#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {
namespace {

constexpr std::uint64_t kTable = 7;

WriteBatch Generation(std::uint64_t generation) {
  WriteBatch batch;
  batch.SetGeneration(kTable, generation);
  return batch;
}

// Puts `key` under `guards`; what the store said.
StoreResult<UpdateOutcome> PutUnder(Store& store, const Key& key, std::vector<Guard> guards) {
  return store.Update(std::span(&key, 1), guards, {}, [&](std::span<const CurrentValue>) {
    WriteBatch batch;
    batch.Put(key, "1");
    return std::optional(std::move(batch));
  });
}

bool IsStale(const StoreResult<UpdateOutcome>& outcome) {
  return !outcome && outcome.error().code() == StatusCode::kStale;
}

}  // namespace

void LinkGuardTests() {}

TEST_P(StoreSuite, GuardThatWasNeverSetHasGenerationZero) {
  EXPECT_TRUE(PutUnder(store(), KeyOf("a"), {{.id = kTable, .generation = 0}}).has_value());
}

TEST_P(StoreSuite, OlderGuardIsStaleAndHasNoEffect) {
  Write(KeyOf("a"), Generation(3));
  EXPECT_TRUE(IsStale(PutUnder(store(), KeyOf("a"), {{.id = kTable, .generation = 2}})));
  EXPECT_EQ(ReadNewest(KeyOf("a")), std::nullopt);
}

TEST_P(StoreSuite, EqualAndNewerGuardsPass) {
  Write(KeyOf("a"), Generation(3));
  EXPECT_TRUE(PutUnder(store(), KeyOf("a"), {{.id = kTable, .generation = 3}}).has_value());
  EXPECT_TRUE(PutUnder(store(), KeyOf("b"), {{.id = kTable, .generation = 4}}).has_value());
}

TEST_P(StoreSuite, OneStaleGuardOfSeveralIsEnough) {
  Write(KeyOf("a"), Generation(3));
  EXPECT_TRUE(
      IsStale(PutUnder(store(), KeyOf("a"),
                       {{.id = kTable + 1, .generation = 0}, {.id = kTable, .generation = 2}})));
}

TEST_P(StoreSuite, GuardsOfOtherTablesAreLeftAlone) {
  Write(KeyOf("a"), Generation(3));
  EXPECT_TRUE(PutUnder(store(), KeyOf("a"), {{.id = kTable + 1, .generation = 0}}).has_value());
}

TEST_P(StoreSuite, GenerationNeverGoesDown) {
  Write(KeyOf("a"), Generation(3));
  Write(KeyOf("a"), Generation(2));
  EXPECT_TRUE(IsStale(PutUnder(store(), KeyOf("a"), {{.id = kTable, .generation = 2}})));
}

TEST_P(StoreSuite, DroppedGuardRefusesEverybody) {
  Write(KeyOf("a"), Generation(kGuardDropped));
  for (const std::uint64_t generation :
       {std::uint64_t{0}, std::uint64_t{9}, kGuardDropped - 1, kGuardDropped}) {
    EXPECT_TRUE(IsStale(PutUnder(store(), KeyOf("a"), {{.id = kTable, .generation = generation}})));
  }
}

TEST_P(StoreSuite, UpdateMayRaiseTheGenerationThatItsOwnGuardNames) {
  const Key key = KeyOf("a");
  const std::vector<Guard> guards = {{.id = kTable, .generation = 0}};
  const auto raise = [&](std::span<const CurrentValue>) { return std::optional(Generation(1)); };
  EXPECT_TRUE(store().Update(std::span(&key, 1), guards, {}, raise).has_value());
  EXPECT_TRUE(IsStale(store().Update(std::span(&key, 1), guards, {}, raise)));
}

TEST_P(StoreSuite, GenerationsSurviveAReopening) {
  Await(Write(KeyOf("a"), Generation(3)).position);
  ASSERT_TRUE(Reopen());
  EXPECT_TRUE(IsStale(PutUnder(store(), KeyOf("a"), {{.id = kTable, .generation = 2}})));
  EXPECT_TRUE(PutUnder(store(), KeyOf("a"), {{.id = kTable, .generation = 3}}).has_value());
}

TEST_P(StoreSuite, RefusedUpdateDoesNotRaiseAGeneration) {
  DecideOn(KeyOf("a"),
           [](std::span<const CurrentValue>) -> std::optional<WriteBatch> { return std::nullopt; });
  EXPECT_TRUE(PutUnder(store(), KeyOf("a"), {{.id = kTable, .generation = 0}}).has_value());
}

}  // namespace gramme
