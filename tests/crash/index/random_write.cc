#include "tests/crash/index/random_write.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "expression/placeholders.h"
#include "model/attribute_value.h"
#include "table/item/item_writer.h"
#include "table/testing/item_world.h"
#include "table/transaction/transaction.h"

namespace gramme {
namespace {

constexpr std::uint64_t kPartitionCount = 200;
constexpr std::uint64_t kHotPartitionCount = 2;
constexpr std::uint64_t kTransactionSizeMax = 6;

const ExpressionAttributeNames kNoNames;

constexpr std::array<std::string_view, 12> kUpdates = {
    "SET L = :s", "SET G = :s, H = :n", "REMOVE G",           "REMOVE L, M",
    "ADD H :n",   "SET T = :t",         "REMOVE T",           "SET E = :s REMOVE X",
    "SET X = :s", "SET M = :b",         "SET T = :t, M = :b", "SET E = :n"};
constexpr std::array<std::string_view, 4> kConditions = {
    "attribute_exists(P)", "attribute_not_exists(P)", "attribute_exists(G)", "H < :n"};

// Some are over, most within an hour from now; some are no time.
AttributeValue RandomExpiry(Random& random) {
  if (random.OneIn(8)) return S("never");
  const auto now =
      std::chrono::floor<std::chrono::seconds>(SystemClock().WallNow().time_since_epoch()).count();
  return N(now - 100 + static_cast<std::int64_t>(random.Below(3600)));
}

Item RandomKey(Random& random) {
  Item key = ItemWorld::RandomKey(random);
  const bool is_hot = random.OneIn(3);
  key["P"] = S("p" + std::to_string(random.Below(is_hot ? kHotPartitionCount : kPartitionCount)));
  return key;
}

Item RandomItem(Item key, Random& random) {
  Item item = std::move(key);
  item.merge(ItemWorld::RandomItem(random));
  if (!random.OneIn(3)) item["T"] = RandomExpiry(random);
  if (!random.OneIn(3)) item["E"] = S("e" + std::to_string(random.Below(5)));
  // No key of an index, as items older than the index may have it.
  if (random.OneIn(8)) item["E"] = N(1);
  return item;
}

WriteKind RandomKind(Random& random) {
  const std::uint64_t drawn = random.Below(10);
  if (drawn < 4) return WriteKind::kPut;
  return drawn < 8 ? WriteKind::kUpdate : WriteKind::kDelete;
}

template <typename Expression>
Expression Parsed(Result<Expression> expression) {
  GRAMME_CHECK(expression, expression ? "" : expression.error().message);
  return *std::move(expression);
}

}  // namespace

RandomWrite::RandomWrite(TableRef table, Random& random) : random_(random) {
  const std::uint64_t count = random.OneIn(4) ? 2 + random.Below(kTransactionSizeMax - 1) : 1;
  std::vector<Item> keys;
  for (std::uint64_t i = 0; i < count; ++i) {
    Item key = RandomKey(random);
    if (std::ranges::find(keys, key) != keys.end()) continue;
    keys.push_back(key);
    const bool is_check = count > 1 && random.OneIn(8);
    WriteAction& action = actions_.emplace_back();
    action.table = table;
    action.index_in_commit = static_cast<std::uint32_t>(actions_.size() - 1);
    Decide(is_check ? WriteKind::kConditionCheck : RandomKind(random), std::move(key));
  }
}

// Of the last action.
void RandomWrite::Decide(WriteKind kind, Item key) {
  WriteAction& action = actions_.back();
  const ExpressionAttributeValues values =
      AttributeMap{{":s", S(std::string(1, static_cast<char>('a' + random_.Below(3))))},
                   {":n", N(static_cast<std::int64_t>(random_.Below(3)))},
                   {":t", RandomExpiry(random_)},
                   {":b", Binary{std::string(random_.Below(2) + 1, 'b')}}};
  Placeholders placeholders(kNoNames, values);
  action.kind = kind;
  const bool is_put = kind == WriteKind::kPut;
  action.item = &items_.emplace_back(is_put ? RandomItem(std::move(key), random_) : std::move(key));
  if (kind == WriteKind::kUpdate) {
    action.update =
        Parsed(UpdateExpression::Parse(kUpdates[random_.Below(kUpdates.size())], placeholders));
  }
  if (kind == WriteKind::kConditionCheck || random_.OneIn(8)) {
    action.condition = Parsed(ConditionExpression::Parse(
        "ConditionExpression", kConditions[random_.Below(kConditions.size())], placeholders));
  }
}

RandomWriteOutcome RandomWrite::Run(Store& store) {
  std::uint64_t item_count = 0;
  for (WriteAction& action : actions_) {
    if (const auto bound = BindAction(action); !bound) return {std::unexpected(bound.error())};
    item_count += action.kind == WriteKind::kConditionCheck ? 0 : 1;
  }
  if (actions_.size() == 1) {
    const ItemWrite write = WriteItem(store, ReadTier::kDisk, actions_.front());
    if (!write.change) return {std::unexpected(write.change.error())};
    return {item_count, write.position};
  }
  const TransactionWrite write = {.actions = std::move(actions_), .token = std::nullopt};
  const TransactionOutcome outcome = RunTransaction(store, ReadTier::kDisk, write);
  if (!outcome.result) return {std::unexpected(outcome.result.error())};
  return {item_count, outcome.position};
}

}  // namespace gramme
