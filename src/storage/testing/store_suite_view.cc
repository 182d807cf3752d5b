// Views: unchanging, and durable through and through.

#include <string>
#include <thread>
#include <vector>

#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {

void LinkViewTests() {}

TEST_P(StoreSuite, AwaitedValueIsInTheNextView) {
  for (int round = 0; round < 20; ++round) {
    const Position position = PutDurably(KeyOf("a"), std::to_string(round)).position;
    EXPECT_EQ(ReadDurable(KeyOf("a")), std::to_string(round));
    EXPECT_GE(OpenView()->position().commit_number(), position.commit_number());
  }
}

TEST_P(StoreSuite, ViewStaysAsItWas) {
  PutAllDurably({"a", "b", "c"});
  const std::unique_ptr<View> view = OpenView();
  const Position position = view->position();
  const Entries before = Scan(*view, keyspace_, {});
  Put(KeyOf("a"), "changed");
  Delete(KeyOf("b"));
  Await(Put(KeyOf("d"), "new").position);
  EXPECT_EQ(Scan(*view, keyspace_, {}), before);
  EXPECT_EQ(*view->Get(KeyOf("b")), "value of b");
  EXPECT_EQ(*view->Get(KeyOf("d")), std::nullopt);
  EXPECT_EQ(view->position(), position);
  EXPECT_EQ(ScanKeys({}), "a c d");
}

TEST_P(StoreSuite, ManyViewsOfOneKeyEachKeepTheirValue) {
  std::vector<std::unique_ptr<View>> views;
  for (int round = 0; round < 30; ++round) {
    PutDurably(KeyOf("a"), std::to_string(round));
    views.push_back(OpenView());
  }
  for (std::size_t index = 0; index < views.size(); index += 2) views[index].reset();
  PutDurably(KeyOf("a"), "last");
  for (std::size_t index = 1; index < views.size(); index += 2) {
    EXPECT_EQ(*views[index]->Get(KeyOf("a")), std::to_string(index));
  }
}

TEST_P(StoreSuite, ViewShowsNothingThatIsNotDurable) {
  for (int round = 0; round < 50; ++round) {
    const Position position = Put(KeyOf("a"), std::to_string(round)).position;
    const std::unique_ptr<View> view = OpenView();
    if (*view->Get(KeyOf("a")) == std::to_string(round)) {
      // Comes without MakeDurable, so the store itself had made it durable.
      EXPECT_TRUE(Released(position).has_value());
      EXPECT_GE(view->position().commit_number(), position.commit_number());
    } else {
      EXPECT_LT(view->position().commit_number(), position.commit_number());
    }
  }
}

TEST_P(StoreSuite, ViewIsOpenedBetweenCommits) {
  std::jthread writer([&](const std::stop_token& stop) {
    const std::vector<Key> keys = {KeyOf("a"), KeyOf("b")};
    for (int round = 0; round < 500 && !stop.stop_requested(); ++round) {
      WriteBatch batch;
      for (const Key& key : keys) batch.Put(key, std::to_string(round));
      Decide(keys, [&](std::span<const CurrentValue>) { return std::optional(batch); });
      if (round % 10 == 0) MakeDurable();
    }
  });
  for (int round = 0; round < 200; ++round) {
    const std::unique_ptr<View> view = OpenView();
    EXPECT_EQ(*view->Get(KeyOf("a")), *view->Get(KeyOf("b")));
  }
}

TEST_P(StoreSuite, MultiGetAnswersInTheOrderOfItsKeys) {
  PutAllDurably({"a", "c"});
  const std::vector<Key> keys = {KeyOf("c"), KeyOf("b"), KeyOf("a"), KeyOf("c")};
  const auto values = OpenView()->MultiGet(keys);
  ASSERT_TRUE(values.has_value());
  EXPECT_EQ(*values, (std::vector<std::optional<std::string>>{"value of c", std::nullopt,
                                                              "value of a", "value of c"}));
}

TEST_P(StoreSuite, MultiGetOfNothingIsNothing) {
  const auto values = OpenView()->MultiGet({});
  ASSERT_TRUE(values.has_value());
  EXPECT_TRUE(values->empty());
}

TEST_P(StoreSuite, MemoryTierReadAnswersOrSaysThatItWouldBlock) {
  PutAllDurably({"a"});
  const auto view = store().OpenView(group(), ReadTier::kMemory);
  ASSERT_TRUE(view.has_value());
  const auto value = (*view)->Get(KeyOf("a"));
  if (value.has_value()) {
    EXPECT_EQ(*value, "value of a");
  } else {
    EXPECT_EQ(value.error().code(), StatusCode::kWouldBlock);
  }
}

TEST_P(StoreSuite, ReadShowsWhatAViewOpenedNowWouldShow) {
  PutAllDurably({"a", "b"});
  std::string seen = "nothing";
  const auto note = [&seen](std::string_view value) { seen = value; };
  EXPECT_EQ(store().Read(KeyOf("a"), ReadTier::kDisk, note), true);
  EXPECT_EQ(seen, "value of a");
  EXPECT_EQ(store().Read(KeyOf("b"), ReadTier::kDisk, note), true);
  EXPECT_EQ(seen, "value of b");
  EXPECT_EQ(store().Read(KeyOf("absent"), ReadTier::kDisk, note), false);
  EXPECT_EQ(seen, "value of b");
  const auto of_memory = store().Read(KeyOf("a"), ReadTier::kMemory, note);
  EXPECT_TRUE(of_memory || of_memory.error().code() == StatusCode::kWouldBlock);
}

TEST_P(StoreSuite, ReadShowsEachKindOfChangeOfAKeyThatWasReadOften) {
  const auto read = [&](std::string_view name) {
    std::string seen = "absent";
    for (int repetition = 0; repetition < 3; ++repetition) {
      seen = "absent";
      EXPECT_TRUE(
          store()
              .Read(KeyOf(name), ReadTier::kDisk, [&seen](std::string_view value) { seen = value; })
              .has_value());
    }
    return seen;
  };
  PutAllDurably({"a", "b", "c", "d", "n"});
  for (const std::string name : {"a", "b", "c", "d", "n"}) {
    EXPECT_EQ(read(name), "value of " + name);
  }
  PutDurably(KeyOf("a"), "changed");
  EXPECT_EQ(read("a"), "changed");
  Await(Delete(KeyOf("a")).position);
  EXPECT_EQ(read("a"), "absent");
  PutDurably(KeyOf("a"), "back");
  EXPECT_EQ(read("a"), "back");
  const std::vector<KeyValue> imported = {{.key = KeyOf("b"), .value = "imported"}};
  Await(*store().Import(imported));
  EXPECT_EQ(read("b"), "imported");
  PutDurably(KeyOf("n"), std::string(8, '\0'));
  EXPECT_EQ(read("n"), std::string(8, '\0'));
  WriteBatch addition;
  addition.Add(KeyOf("n"), 7);
  Await(Write(KeyOf("d"), addition).position);
  EXPECT_EQ(read("n"), "\7" + std::string(7, '\0'));
  ASSERT_TRUE(store().Trim(keyspace_, {.start = "c", .end = "d"}).has_value());
  PutDurably(KeyOf("e"), "after the removal");
  EXPECT_EQ(read("c"), "absent");
  EXPECT_EQ(read("d"), "value of d");
  ASSERT_TRUE(store().DropKeyspace(keyspace_).has_value());
  for (const std::string name : {"a", "b", "d", "n"}) EXPECT_EQ(read(name), "absent");
}

TEST_P(StoreSuite, ClosedStoreRefusesToReadWhatItHasReadOften) {
  PutAllDurably({"a"});
  const auto read = [&] {
    return store().Read(KeyOf("a"), ReadTier::kDisk, [](std::string_view) {});
  };
  for (int repetition = 0; repetition < 3; ++repetition) EXPECT_EQ(read(), true);
  ASSERT_TRUE(store().Close().has_value());
  ASSERT_FALSE(read().has_value());
  EXPECT_EQ(read().error().code(), StatusCode::kUnavailable);
}

TEST_P(StoreSuite, ViewOfAGroupThatIsNotThereHasMoved) {
  const auto view = store().OpenView(GroupId{999'999}, ReadTier::kDisk);
  ASSERT_FALSE(view.has_value());
  EXPECT_EQ(view.error().code(), StatusCode::kMoved);
}

}  // namespace gramme
