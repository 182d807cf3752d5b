#include "table/testing/item_world.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/check.h"
#include "encoding/item_encoding.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

const ExpressionAttributeNames kNoNames;
constexpr KeyType kHash = KeyType::kHash;
constexpr KeyType kRange = KeyType::kRange;

template <typename T, typename E>
T Value(std::expected<T, E> result, std::string_view what) {
  GRAMME_CHECK(result.has_value(), what);
  return *std::move(result);
}

TableDescription Describe(Store& store) {
  const auto keyspace = [&] {
    return static_cast<std::uint64_t>(Value(store.CreateKeyspace(), "a keyspace"));
  };
  TableDescription table;
  table.name = "Things";
  table.id = "id";
  table.keyspace = keyspace();
  table.number = table.keyspace;
  table.status = TableStatus::kActive;
  table.key_schema = {{"P", kHash}, {"R", kRange}};
  table.attribute_definitions = {{"P", AttributeType::kString}, {"R", AttributeType::kNumber},
                                 {"L", AttributeType::kString}, {"M", AttributeType::kBinary},
                                 {"G", AttributeType::kString}, {"H", AttributeType::kNumber}};
  const auto add = [&](std::string name, KeySchema schema, Projection projection, bool is_global) {
    IndexDescription& index = table.indexes.emplace_back();
    index.name = std::move(name);
    index.key_schema = std::move(schema);
    index.projection = std::move(projection);
    index.is_global = is_global;
    index.keyspace = keyspace();
  };
  add("lsi", {{"P", kHash}, {"L", kRange}}, {ProjectionType::kKeysOnly, {}}, false);
  add("lsi-all", {{"P", kHash}, {"M", kRange}}, {ProjectionType::kAll, {}}, false);
  add("gsi", {{"G", kHash}, {"H", kRange}}, {ProjectionType::kInclude, {"X"}}, true);
  add("gsi-many", {{"G", kHash}, {"L", kHash}, {"H", kRange}, {"R", kRange}},
      {ProjectionType::kAll, {}}, true);
  return table;
}

WriteAction Bound(WriteAction action) {
  const Result<void> bound = BindAction(action);
  GRAMME_CHECK(bound, bound ? "" : bound.error().message);
  return action;
}

}  // namespace

AttributeValue N(std::int64_t value) { return Number::FromInt(value); }

ItemWorld::ItemWorld(const ItemWorldOptions& options)
    : store_({.group_count = options.group_count,
              .durability = options.durability,
              .clock = &clock_,
              .faults = options.faults}),
      catalog_(store_) {
  GRAMME_CHECK(catalog_.Load(), "an empty catalog");
  table_ = Value(catalog_.CreateTable(Describe(store_), [](WriteBatch&) {}), "a table").table;
  store_.FlushAll();
}

const Item* ItemWorld::Keep(Item item) const { return &kept_.emplace_back(std::move(item)); }

void ItemWorld::EditTable(Catalog::Edit edit) {
  const auto edited = catalog_.EditTable(table_->name(), edit, [](WriteBatch&) {});
  GRAMME_CHECK(edited, "a table that cannot be edited");
  table_ = edited->table;
}

WriteAction ItemWorld::Put(Item item) const {
  return Bound({.kind = WriteKind::kPut, .table = table_, .item = Keep(std::move(item))});
}

WriteAction ItemWorld::Delete(Item key) const {
  return Bound({.kind = WriteKind::kDelete, .table = table_, .item = Keep(std::move(key))});
}

WriteAction ItemWorld::Update(Item key, std::string_view expression,
                              const ExpressionAttributeValues& values) const {
  Placeholders placeholders(kNoNames, values);
  WriteAction action = {.kind = WriteKind::kUpdate, .table = table_, .item = Keep(std::move(key))};
  action.update = Value(UpdateExpression::Parse(expression, placeholders), expression);
  return Bound(std::move(action));
}

WriteAction ItemWorld::Check(Item key, std::string_view condition,
                             const ExpressionAttributeValues& values) const {
  WriteAction action = {
      .kind = WriteKind::kConditionCheck, .table = table_, .item = Keep(std::move(key))};
  AddCondition(action, condition, values);
  return action;
}

void ItemWorld::AddCondition(WriteAction& action, std::string_view condition,
                             const ExpressionAttributeValues& values) {
  Placeholders placeholders(kNoNames, values);
  action.condition =
      Value(ConditionExpression::Parse("ConditionExpression", condition, placeholders), condition);
  action = Bound(std::move(action));
}

ItemWrite ItemWorld::Write(const WriteAction& action) {
  for (;;) {
    ItemWrite write = WriteItem(store_, ReadTier::kDisk, action);
    if (!write.store_failure) return write;
  }
}

StoredBytes ItemWorld::Stored(std::uint64_t keyspace) {
  StoredBytes stored;
  for (const Group& group : store_.Groups(KeyspaceId{keyspace})) {
    const auto view = Value(store_.OpenView(group.id, ReadTier::kDisk), "a view");
    const auto scanned = view->Scan(KeyspaceId{keyspace}, {}, Direction::kForward,
                                    [&](std::string_view key, std::string_view value) {
                                      stored.emplace(key, value);
                                      return ScanStep::kContinue;
                                    });
    GRAMME_CHECK(scanned, "a scan");
  }
  return stored;
}

std::vector<Item> ItemWorld::Items() {
  std::vector<Item> items;
  for (const auto& [key, value] : Stored(description().keyspace)) {
    items.push_back(Value(DecodeItem(value), "an item"));
  }
  return items;
}

StoredBytes ItemWorld::ExpectedEntries(const IndexDescription& index) {
  StoredBytes expected;
  for (const Item& item : Items()) {
    const Key key = KeyOfValidItem(description(), item);
    const auto entry = EntryOf(description(), index, key.placement, item);
    if (entry) expected.emplace(entry->key.bytes, entry->value);
  }
  return expected;
}

Counts ItemWorld::ExpectedCounts(std::uint64_t keyspace) {
  Counts counts;
  for (const auto& [key, value] : Stored(keyspace)) {
    const bool is_table = keyspace == description().keyspace;
    const ItemView item = is_table ? Value(ItemView::Open(value), "an item")
                                   : Value(OpenIndexEntry(value), "an entry").attributes;
    counts.items += 1;
    counts.bytes += static_cast<std::int64_t>(item.size_bytes());
  }
  return counts;
}

Counts ItemWorld::ReadCountsOf(std::uint64_t keyspace) {
  return Value(ReadCounts(store_, ReadTier::kDisk, description().number, keyspace), "counts");
}

void ItemWorld::ExpectConsistent() {
  EXPECT_EQ(ReadCountsOf(description().keyspace), ExpectedCounts(description().keyspace));
  for (const IndexDescription& index : description().indexes) {
    EXPECT_EQ(Stored(index.keyspace), ExpectedEntries(index)) << index.name;
    EXPECT_EQ(ReadCountsOf(index.keyspace), ExpectedCounts(index.keyspace)) << index.name;
  }
}

Item ItemWorld::RandomKey(Random& random) {
  return {{"P", S(std::string(1, static_cast<char>('a' + random.Below(4))))},
          {"R", N(static_cast<std::int64_t>(random.Below(9)) - 4)}};
}

Item ItemWorld::RandomItem(Random& random) {
  Item item = RandomKey(random);
  const auto letter = [&] { return std::string(1, static_cast<char>('a' + random.Below(3))); };
  if (!random.OneIn(3)) item["L"] = S(letter());
  if (!random.OneIn(3)) item["M"] = Binary{letter() + std::string(random.Below(2), '\0')};
  if (!random.OneIn(3)) item["G"] = S(letter());
  if (!random.OneIn(3)) item["H"] = N(static_cast<std::int64_t>(random.Below(3)));
  if (random.OneIn(2)) item["X"] = S(std::string(random.Below(2000), 'x'));
  if (random.OneIn(2)) item["Y"] = N(static_cast<std::int64_t>(random.Below(100)));
  return item;
}

}  // namespace gramme
