// RandomWrite: one random write of G1, of a single item or a transaction of several, on the table
// that ItemWorld describes, with the attributes `T` (a time to live) and `E` (of indexes that come
// and go) besides.

#ifndef GRAMME_TESTS_CRASH_INDEX_RANDOM_WRITE_H_
#define GRAMME_TESTS_CRASH_INDEX_RANDOM_WRITE_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "base/random.h"
#include "model/api_error.h"
#include "storage/store.h"
#include "table/item/write_action.h"
#include "table/table.h"

namespace gramme {

struct RandomWriteOutcome {
  // How many items were written, by what the write says of itself. Errors: those of WriteItem and
  // RunTransaction.
  Result<std::uint64_t> item_count;
  Position position = {};
};

// Single-threaded.
class RandomWrite {
 public:
  // Decides what is written.
  RandomWrite(TableRef table, Random& random);
  RandomWrite(const RandomWrite&) = delete;
  RandomWrite& operator=(const RandomWrite&) = delete;

  // As WriteItem or RunTransaction. Errors too: ValidationException where the table's indexes do
  // not allow what was decided.
  RandomWriteOutcome Run(Store& store);

 private:
  void Decide(WriteKind kind, Item key);

  Random& random_;
  std::deque<Item> items_;  // what the actions borrow
  std::vector<WriteAction> actions_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_INDEX_RANDOM_WRITE_H_
