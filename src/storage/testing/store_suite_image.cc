// Images: immutable copies that survive a restart.

#include <string>
#include <thread>
#include <vector>

#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {
namespace {

ImageDescription Freeze(Store& store, std::string_view id, KeyspaceId keyspace) {
  const StoreResult<ImageDescription> image = store.Freeze(id, std::span(&keyspace, 1));
  EXPECT_TRUE(image.has_value()) << image.error().message();
  return image.value_or(ImageDescription{});
}

std::unique_ptr<View> Open(Store& store, std::string_view id, GroupId group) {
  StoreResult<std::unique_ptr<View>> view = store.OpenImage(id, group);
  EXPECT_TRUE(view.has_value());
  return view ? *std::move(view) : nullptr;
}

}  // namespace

void LinkImageTests() {}

TEST_P(StoreSuite, ImageHoldsWhatWasReleasedBefore) {
  const UpdateOutcome last = PutDurably(KeyOf("a"), "1");
  const ImageDescription image = Freeze(store(), "first", keyspace_);
  EXPECT_EQ(image.id, "first");
  EXPECT_EQ(image.keyspaces, std::vector<KeyspaceId>{keyspace_});
  EXPECT_EQ(image.positions.size(), store().Groups(keyspace_).size());
  EXPECT_GE(image.commit_time, last.commit_time);
  const std::unique_ptr<View> view = Open(store(), "first", group());
  ASSERT_NE(view, nullptr);
  EXPECT_EQ(*view->Get(KeyOf("a")), "1");
  EXPECT_GE(view->position().commit_number(), last.position.commit_number());
}

TEST_P(StoreSuite, ImageStaysAsItWas) {
  PutAllDurably({"a", "b"});
  Freeze(store(), "first", keyspace_);
  Put(KeyOf("a"), "changed");
  Delete(KeyOf("b"));
  Await(Put(KeyOf("c"), "new").position);
  const std::unique_ptr<View> view = Open(store(), "first", group());
  ASSERT_NE(view, nullptr);
  EXPECT_EQ(Scan(*view, keyspace_, {}), (Entries{{"a", "value of a"}, {"b", "value of b"}}));
  EXPECT_EQ(Scan(*view, keyspace_, {}, Direction::kBackward),
            (Entries{{"b", "value of b"}, {"a", "value of a"}}));
}

TEST_P(StoreSuite, ImageOutlivesItsKeyspace) {
  PutAllDurably({"a", "b"});
  Freeze(store(), "first", keyspace_);
  ASSERT_TRUE(store().DropKeyspace(keyspace_).has_value());
  const std::unique_ptr<View> view = Open(store(), "first", group());
  ASSERT_NE(view, nullptr);
  EXPECT_EQ(Scan(*view, keyspace_, {}).size(), 2u);
}

TEST_P(StoreSuite, ImageSurvivesAReopening) {
  PutAllDurably({"a", "b"});
  const ImageDescription image = Freeze(store(), "first", keyspace_);
  Await(Put(KeyOf("a"), "changed").position);
  ASSERT_TRUE(Reopen());
  const auto images = store().ListImages();
  ASSERT_TRUE(images.has_value());
  ASSERT_EQ(images->size(), 1u);
  EXPECT_EQ((*images)[0].id, "first");
  EXPECT_EQ((*images)[0].keyspaces, image.keyspaces);
  EXPECT_EQ((*images)[0].positions, image.positions);
  EXPECT_EQ((*images)[0].commit_time, image.commit_time);
  const std::unique_ptr<View> view = Open(store(), "first", group());
  ASSERT_NE(view, nullptr);
  EXPECT_EQ(Scan(*view, keyspace_, {}), (Entries{{"a", "value of a"}, {"b", "value of b"}}));
}

TEST_P(StoreSuite, ImagesAreListedUntilTheyAreReleased) {
  EXPECT_TRUE(store().ListImages()->empty());
  PutAllDurably({"a"});
  Freeze(store(), "first", keyspace_);
  Freeze(store(), "second-0", keyspace_);
  EXPECT_EQ(store().ListImages()->size(), 2u);
  EXPECT_TRUE(store().ReleaseImage("first").has_value());
  const auto images = store().ListImages();
  ASSERT_EQ(images->size(), 1u);
  EXPECT_EQ((*images)[0].id, "second-0");
}

TEST_P(StoreSuite, ReleasedImageIsAbsentAfterAReopeningToo) {
  PutAllDurably({"a"});
  Freeze(store(), "first", keyspace_);
  EXPECT_TRUE(store().ReleaseImage("first").has_value());
  EXPECT_EQ(Open(store(), "first", group()), nullptr);
  ASSERT_TRUE(Reopen());
  EXPECT_TRUE(store().ListImages()->empty());
  EXPECT_EQ(Open(store(), "first", group()), nullptr);
}

TEST_P(StoreSuite, ImageIdIsFreeAgainAfterItsRelease) {
  PutDurably(KeyOf("a"), "1");
  Freeze(store(), "first", keyspace_);
  EXPECT_TRUE(store().ReleaseImage("first").has_value());
  PutDurably(KeyOf("a"), "2");
  Freeze(store(), "first", keyspace_);
  const std::unique_ptr<View> view = Open(store(), "first", group());
  ASSERT_NE(view, nullptr);
  EXPECT_EQ(*view->Get(KeyOf("a")), "2");
}

TEST_P(StoreSuite, AbsentImageOpensAsNothingAndIsReleasedWithSuccess) {
  EXPECT_EQ(Open(store(), "nothing", group()), nullptr);
  EXPECT_TRUE(store().ReleaseImage("nothing").has_value());
}

TEST_P(StoreSuite, ImageIsMadeBetweenCommits) {
  std::jthread writer([&](const std::stop_token& stop) {
    const std::vector<Key> keys = {KeyOf("a"), KeyOf("b")};
    for (int round = 0; !stop.stop_requested(); ++round) {
      WriteBatch batch;
      for (const Key& key : keys) batch.Put(key, std::to_string(round));
      Decide(keys, [&](std::span<const CurrentValue>) { return std::optional(batch); });
      MakeDurable();
    }
  });
  for (int round = 0; round < 5; ++round) {
    const std::string id = "image-" + std::to_string(round);
    Freeze(store(), id, keyspace_);
    const std::unique_ptr<View> view = Open(store(), id, group());
    ASSERT_NE(view, nullptr);
    EXPECT_EQ(*view->Get(KeyOf("a")), *view->Get(KeyOf("b")));
  }
}

}  // namespace gramme
