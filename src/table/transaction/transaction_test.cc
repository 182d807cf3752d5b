#include "table/transaction/transaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "model/limits.h"
#include "model/testing/random_values.h"
#include "table/testing/item_world.h"
#include "table/transaction/token_record.h"

namespace gramme {
namespace {

class TransactionTest : public testing::Test {
 protected:
  static Item Key(std::int64_t r) { return {{"P", S("p")}, {"R", N(r)}}; }
  static Item ItemOf(std::int64_t r, std::int64_t a) {
    return {{"P", S("p")}, {"R", N(r)}, {"A", N(a)}};
  }
  TransactionOutcome Run(std::vector<WriteAction> actions,
                         std::optional<RequestToken> token = std::nullopt) {
    return RunTransaction(
        world_.store(), ReadTier::kDisk,
        {.actions = std::move(actions), .token = token, .now = world_.clock().WallNow()});
  }
  static std::vector<std::string> CodesOf(const TransactionOutcome& outcome) {
    std::vector<std::string> codes;
    for (const auto& reason : outcome.result.error().cancellation_reasons) {
      codes.push_back(reason.code);
    }
    return codes;
  }

  ItemWorld world_;
};

TEST_F(TransactionTest, AllActionsHappenTogether) {
  world_.Write(world_.Put(ItemOf(1, 1)));
  world_.Write(world_.Put(ItemOf(2, 1)));
  const ExpressionAttributeValues one = {{{":n", N(1)}}};
  EXPECT_TRUE(Run({world_.Put(ItemOf(3, 1)), world_.Delete(Key(1)),
                   world_.Update(Key(2), "SET A = A + :n", one),
                   world_.Check(Key(4), "attribute_not_exists(P)")})
                  .result);
  EXPECT_EQ(world_.Items(), (std::vector<Item>{ItemOf(2, 2), ItemOf(3, 1)}));
  world_.ExpectConsistent();
}

TEST_F(TransactionTest, OneFailureCancelsAllWithReasonsInOrder) {
  world_.Write(world_.Put(ItemOf(1, 1)));
  WriteAction refused = world_.Put(ItemOf(1, 2));
  ItemWorld::AddCondition(refused, "attribute_not_exists(P)");
  refused.return_item_on_failure = true;
  const auto outcome =
      Run({world_.Put(ItemOf(3, 1)), refused, world_.Update(Key(1000), "SET A = B"),
           world_.Check(Key(9), "attribute_exists(P)")});
  ASSERT_FALSE(outcome.result);
  EXPECT_EQ(outcome.result.error().message,
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, "
            "ConditionalCheckFailed, ValidationError, ConditionalCheckFailed]");
  const auto& reasons = outcome.result.error().cancellation_reasons;
  EXPECT_EQ(reasons[0].message, std::nullopt);
  EXPECT_EQ(reasons[1].item, ItemOf(1, 1));
  EXPECT_EQ(reasons[3].message, "The conditional request failed");
  EXPECT_EQ(world_.Items(), std::vector<Item>{ItemOf(1, 1)});
}

TEST_F(TransactionTest, CostsTwiceOnTheTableAndOnceOnTheIndex) {
  Item item = ItemOf(1, 1);
  item["G"] = S("g");
  item["H"] = N(1);
  const auto outcome = Run({world_.Put(item), world_.Check(Key(2), "attribute_not_exists(P)")});
  ASSERT_EQ(outcome.consumption.size(), 1U);
  EXPECT_EQ(outcome.consumption[0].table_name, "Things");
  EXPECT_EQ(outcome.consumption[0].consumption.table_units, 4);
  EXPECT_EQ(outcome.consumption[0].consumption.global_index_units.at("gsi"), 1);
}

TEST_F(TransactionTest, ATokenDoesItsWorkOnce) {
  const RequestToken token = {.token = "t", .request_hash = 1};
  const auto add = [&] {
    return Run({world_.Update(Key(1), "ADD A :n", {{{":n", N(1)}}})}, token);
  };
  EXPECT_FALSE(add().is_replay);
  world_.clock().Advance(std::chrono::minutes(10));
  const auto replay = add();
  EXPECT_TRUE(replay.result);
  EXPECT_TRUE(replay.is_replay);
  EXPECT_EQ(replay.consumption[0].consumption.table_units, 2);
  EXPECT_EQ(world_.Items(), std::vector<Item>{ItemOf(1, 1)});
  world_.clock().Advance(std::chrono::microseconds(1));
  EXPECT_FALSE(add().is_replay);
  EXPECT_EQ(world_.Items(), std::vector<Item>{ItemOf(1, 2)});
}

TEST_F(TransactionTest, ATokenGoesWithOneRequest) {
  EXPECT_TRUE(Run({world_.Put(ItemOf(1, 1))}, RequestToken{"t", 1}).result);
  const auto other = Run({world_.Put(ItemOf(1, 2))}, RequestToken{"t", 2});
  EXPECT_EQ(other.result.error().code, ErrorCode::kIdempotentParameterMismatchException);
  EXPECT_EQ(world_.Items(), std::vector<Item>{ItemOf(1, 1)});
}

TEST_F(TransactionTest, ACancelledTransactionLeavesItsTokenFree) {
  const RequestToken token = {.token = "t", .request_hash = 1};
  WriteAction action = world_.Put(ItemOf(1, 1));
  ItemWorld::AddCondition(action, "attribute_exists(P)");
  EXPECT_FALSE(Run({action}, token).result);
  world_.Write(world_.Put(Key(1)));
  const auto again = Run({action}, token);
  EXPECT_TRUE(again.result);
  EXPECT_FALSE(again.is_replay);
}

TEST_F(TransactionTest, ExpiredTokensAreSwept) {
  EXPECT_TRUE(Run({world_.Put(ItemOf(1, 1))}, RequestToken{"old", 1}).result);
  world_.clock().Advance(std::chrono::minutes(6));
  EXPECT_TRUE(Run({world_.Put(ItemOf(2, 1))}, RequestToken{"new", 2}).result);
  world_.clock().Advance(std::chrono::minutes(6));
  EXPECT_EQ(SweepExpiredTokens(world_.store(), world_.clock().WallNow()), 1U);
  EXPECT_TRUE(Run({world_.Put(ItemOf(2, 1))}, RequestToken{"new", 2}).is_replay);
  EXPECT_EQ(world_.Stored(static_cast<std::uint64_t>(kTokenKeyspace)).size(), 1U);
}

TEST_F(TransactionTest, TokenRecordsRoundTrip) {
  const TokenRecord record = {.request_hash = UINT64_MAX,
                              .expiry = WallTime(std::chrono::seconds(4'000'000'000)),
                              .replay_units = {{"Things", 4}, {"U", 2}}};
  EXPECT_EQ(DecodeTokenRecord(EncodeTokenRecord(record)), record);
  EXPECT_EQ(DecodeTokenRecord("damaged").error().code(), StatusCode::kCorruption);
}

TEST_F(TransactionTest, ItemsTogetherHaveALimit) {
  std::vector<WriteAction> actions;
  for (int i = 0; i < 11; ++i) {
    actions.push_back(
        world_.Put({{"P", S("p")}, {"R", N(i)}, {"V", S(std::string(400'000, 'v'))}}));
  }
  EXPECT_EQ(Run(actions).result.error().code, ErrorCode::kValidationException);
  actions.pop_back();
  EXPECT_TRUE(Run(actions).result);
}

TEST_F(TransactionTest, NoItemIsNamedTwice) {
  const std::vector<gramme::Key> keys = {world_.Put(Key(1)).key, world_.Delete(Key(1)).key};
  EXPECT_EQ(CheckTransactionKeys(world_.store(), keys).error().message,
            "Transaction request cannot include multiple operations on one item");
}

TEST_F(TransactionTest, ADroppedTableIsStale) {
  const WriteAction action = world_.Put(Key(1));
  ASSERT_TRUE(world_.catalog().RemoveTable(
      "Things", [](TableDescription&) -> Result<void> { return {}; }, [](WriteBatch&) {}));
  EXPECT_EQ(Run({action}).result.error().code, ErrorCode::kRetryStale);
}

// Every Update meets a conflict over one of its keys, or over one that the store does not tell.
class Conflicts : public StoreFaults {
 public:
  UpdateFault OnUpdate(ReadTier, bool) override {
    return is_on ? UpdateFault::kConflict : UpdateFault::kNone;
  }
  std::optional<std::size_t> OnConflict(std::size_t) override { return key; }
  std::optional<StatusCode> OnOpenView() override { return std::nullopt; }
  std::optional<StatusCode> OnRead(ReadTier) override { return std::nullopt; }

  bool is_on = false;
  std::optional<std::size_t> key;
};

class TransactionConflictTest : public testing::Test {
 protected:
  // Two puts; their token's key is the third.
  ApiError Conflict(std::optional<std::size_t> key,
                    std::optional<RequestToken> token = RequestToken{"t", 1}) {
    faults_.key = key;
    faults_.is_on = true;
    const auto outcome = Run(std::move(token));
    faults_.is_on = false;
    EXPECT_TRUE(outcome.consumption.empty());
    EXPECT_TRUE(world_.Items().empty());
    EXPECT_TRUE(world_.Stored(static_cast<std::uint64_t>(kTokenKeyspace)).empty());
    return outcome.result.error();
  }
  TransactionOutcome Run(std::optional<RequestToken> token) {
    return RunTransaction(world_.store(), ReadTier::kDisk,
                          {.actions = {world_.Put({{"P", S("p")}, {"R", N(1)}}),
                                       world_.Put({{"P", S("p")}, {"R", N(2)}})},
                           .token = std::move(token),
                           .now = world_.clock().WallNow()});
  }

  Conflicts faults_;
  ItemWorld world_{{.faults = &faults_}};
};

TEST_F(TransactionConflictTest, AConflictOverAnItemIsTheReasonOfItsAction) {
  for (const auto& token : {std::optional(RequestToken{"t", 1}), std::optional<RequestToken>()}) {
    const ApiError error = Conflict(1, token);
    EXPECT_EQ(error.code, ErrorCode::kTransactionCanceledException);
    EXPECT_EQ(error.message,
              "Transaction cancelled, please refer cancellation reasons for specific reasons "
              "[None, TransactionConflict]");
    ASSERT_EQ(error.cancellation_reasons.size(), 2U);
    EXPECT_EQ(error.cancellation_reasons[0].message, std::nullopt);
    EXPECT_EQ(error.cancellation_reasons[1].message, "Transaction is ongoing for the item");
    EXPECT_EQ(error.cancellation_reasons[1].item, std::nullopt);
  }
}

TEST_F(TransactionConflictTest, AConflictOverAnythingIsTheReasonOfEveryAction) {
  const ApiError error = Conflict(std::nullopt);
  EXPECT_EQ(error.code, ErrorCode::kTransactionCanceledException);
  EXPECT_EQ(error.message,
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
            "[TransactionConflict, TransactionConflict]");
}

TEST_F(TransactionConflictTest, AConflictOverTheTokenIsATransactionInProgress) {
  const ApiError error = Conflict(2);
  EXPECT_EQ(error.code, ErrorCode::kTransactionInProgressException);
  EXPECT_EQ(error.message, "The transaction with the given request token is already in progress.");
  EXPECT_TRUE(error.cancellation_reasons.empty());
}

TEST_F(TransactionConflictTest, AConflictLeavesTheTokenFree) {
  Conflict(0);
  Conflict(2);
  const auto outcome = Run(RequestToken{"t", 2});
  EXPECT_TRUE(outcome.result);
  EXPECT_FALSE(outcome.is_replay);
  EXPECT_EQ(world_.Items().size(), 2U);
}

}  // namespace
}  // namespace gramme
