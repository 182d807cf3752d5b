// The suite K1: what holds for every Store. An implementation runs it by instantiating StoreSuite
// in a test of its own:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, StoreSuite,
//                            testing::ValuesIn(StoreSuiteCases({{"OneGroup", MakeOneGroup}})),
//                            StoreCaseName);
//
// The tests stand in store_suite_*.cc, one file for each part of store.h. They ask nothing of time,
// and know nothing of an implementation but what StoreUnderTest says.

#ifndef GRAMME_STORAGE_TESTING_STORE_SUITE_H_
#define GRAMME_STORAGE_TESTING_STORE_SUITE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/store.h"

namespace gramme {

// One fresh store and the place that it keeps its bytes in, both gone at the end.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;

  // The open store. Another object after Reopen, perhaps.
  virtual Store& store() = 0;
  // Makes what is queued durable; nothing where a store does that by itself.
  virtual void MakeDurable() {}
  // Closes the store and opens what it kept again, as a restart does. False: that failed.
  // REQUIRES: no view is open.
  virtual bool Reopen() = 0;
};

struct StoreCase {
  std::string name;  // letters and digits
  std::function<std::unique_ptr<StoreUnderTest>()> make;
};

std::ostream& operator<<(std::ostream& out, const StoreCase& store_case);
std::string StoreCaseName(const testing::TestParamInfo<StoreCase>& info);

// The cases as they are; makes the linker keep every test of the suite.
std::vector<StoreCase> StoreSuiteCases(std::vector<StoreCase> cases);

// Of a random test: GRAMME_SEED, or a new one. Printed, so that a failure can be run again.
std::uint64_t PrintedSeed(std::string_view test);

// The keys and values of a scan, in the order they came.
using Entries = std::vector<std::pair<std::string, std::string>>;

// The fixture. What is not the point of a test goes through these methods, which fail the test
// where the store does. Not thread-safe but for Decide and DecideOn.
class StoreSuite : public testing::TestWithParam<StoreCase> {
 protected:
  StoreSuite();

  Store& store() { return under_test_->store(); }
  void MakeDurable() { under_test_->MakeDurable(); }
  bool Reopen() { return under_test_->Reopen(); }

  // A fresh keyspace.
  KeyspaceId NewKeyspace();
  // A key in `keyspace_`, a fresh keyspace of this test, placed where all keys of the test are.
  Key KeyOf(std::string_view bytes) const { return KeyIn(keyspace_, bytes); }
  Key KeyIn(KeyspaceId keyspace, std::string_view bytes) const {
    return Key{.keyspace = keyspace, .placement = placement_, .bytes = std::string(bytes)};
  }
  GroupId group() { return store().GroupOf(KeyOf("")); }

  // An Update that is tried again while the store says that it surely was not applied for a reason
  // that passes. Thread-safe.
  UpdateOutcome Decide(std::span<const Key> keys, gramme::Decide decide);
  UpdateOutcome DecideOn(const Key& key, gramme::Decide decide);
  // One write, queued.
  UpdateOutcome Put(const Key& key, std::string_view value);
  UpdateOutcome Delete(const Key& key);
  UpdateOutcome Write(const Key& key, const WriteBatch& batch);
  // One write, durable.
  UpdateOutcome PutDurably(const Key& key, std::string_view value);
  void PutAllDurably(std::initializer_list<std::string_view> keys);
  void Await(const Position& position);
  // What Release answers, waiting for it; kDeadline where it surely never will. MakeDurable is not
  // called.
  StoreResult<void> Released(const Position& position);

  // The newest value, queued or durable.
  std::optional<std::string> ReadNewest(const Key& key);
  // From a new view.
  std::optional<std::string> ReadDurable(const Key& key);
  std::optional<std::int64_t> ReadCounter(const Key& key);
  std::unique_ptr<View> OpenView();
  static Entries Scan(const View& view, KeyspaceId keyspace, const KeyRange& range,
                      Direction direction = Direction::kForward);
  // The keys alone, of `keyspace_` in a new view, joined by blanks.
  std::string ScanKeys(const KeyRange& range, Direction direction = Direction::kForward);

  KeyspaceId keyspace_{};
  // Differs from test to test, so that the groups of a store with several take turns.
  std::uint64_t placement_ = 0;

 private:
  std::unique_ptr<StoreUnderTest> under_test_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_TESTING_STORE_SUITE_H_
