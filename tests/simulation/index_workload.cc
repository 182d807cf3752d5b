#include "tests/simulation/index_workload.h"

#include <fmt/format.h>

#include "table/index/index_entry.h"
#include "table/scrub/table_scrub.h"

namespace gramme {
namespace {

constexpr std::string_view kTable = "Indexed";
constexpr int kLookCount = 20;

std::string Body(const std::string& rest) {
  return fmt::format(R"({{"TableName":"{}",{}}})", kTable, rest);
}

constexpr std::string_view kCreate =
    R"("BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],)"
    R"("AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"},)"
    R"({"AttributeName":"f","AttributeType":"S"}],)"
    R"("GlobalSecondaryIndexes":[{"IndexName":"first","KeySchema":[)"
    R"({"AttributeName":"f","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}])";

constexpr std::string_view kAddIndex =
    R"("AttributeDefinitions":[{"AttributeName":"g","AttributeType":"N"}],)"
    R"("GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"second","KeySchema":[)"
    R"({"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}}])";

constexpr std::string_view kRemoveIndex =
    R"("GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"second"}}])";

}  // namespace

void IndexWorkload::Start() {
  Insist("CreateTable", Body(std::string(kCreate)), "ResourceInUseException", [this] {
    for (int writer = 0; writer < kWriterCount; ++writer) GoOnWriting(kStepsPerWriter);
    GoOnChanging(change_count_, false);
    GoOnTiming(kTimingCount, false);
    GoOnLooking(kLookCount);
  });
}

void IndexWorkload::GoOnWriting(int steps_left) {
  if (steps_left == 0) return;
  const std::string key = fmt::format(R"("k":{{"S":"key-{}"}})", random().Below(kKeyCount));
  std::string operation = "PutItem";
  std::string body;
  if (random().OneIn(4)) {
    operation = "DeleteItem";
    body = Body(fmt::format(R"("Key":{{{}}})", key));
  } else {
    std::string attributes = fmt::format(R"({},"n":{{"N":"{}"}})", key, random().Below(1000));
    // Now and then without a key attribute of an index: those are sparse.
    if (!random().OneIn(4)) {
      attributes += fmt::format(R"(,"f":{{"S":"{}"}})", random().Below(4));
    }
    if (!random().OneIn(4)) {
      attributes += fmt::format(R"(,"g":{{"N":"{}"}})", random().Below(4));
    }
    body = Body(fmt::format(R"("Item":{{{}}})", attributes));
  }
  server_.Send(operation, std::move(body),
               [=, this](const Reply&) { GoOnWriting(steps_left - 1); });
}

void IndexWorkload::GoOnChanging(int changes_left, bool index_exists) {
  if (changes_left == 0) return;
  server_.Send("UpdateTable", Body(std::string(index_exists ? kRemoveIndex : kAddIndex)),
               [=, this](const Reply& reply) {
                 // Without an answer nobody knows which of the two is next: a refusal tells.
                 const bool must_wait =
                     reply.Has("ResourceInUseException") || reply.Has("LimitExceededException");
                 GoOnChanging(changes_left - (reply.is_ok() ? 1 : 0),
                              must_wait ? index_exists : !index_exists);
               });
}

void IndexWorkload::GoOnTiming(int changes_left, bool is_enabled) {
  if (changes_left == 0) return;
  std::string body = Body(fmt::format(
      R"("TimeToLiveSpecification":{{"AttributeName":"n","Enabled":{}}})", !is_enabled));
  server_.Send("UpdateTimeToLive", std::move(body), [=, this](const Reply& reply) {
    // Without an answer nobody knows whether it happened: asked again, a refusal tells.
    const bool is_done = reply.is_ok() || reply.Has("TimeToLive is already");
    GoOnTiming(changes_left - (is_done ? 1 : 0), is_done ? !is_enabled : is_enabled);
  });
}

void IndexWorkload::GoOnLooking(int looks_left) {
  if (looks_left == 0) return;
  Scrub("in one view, ");
  server_.Later([=, this] { GoOnLooking(looks_left - 1); });
}

void IndexWorkload::Scrub(std::string_view when) {
  TableScrub scrub(server_.store(), std::string(kTable));
  for (;;) {
    const StoreResult<bool> step = scrub.Step(
        [&](const ScrubFinding& finding) { Violate(std::string(when) + ToText(finding)); });
    if (!step || *step) return;  // moved or unavailable at this moment
  }
}

void IndexWorkload::Check() {
  const TableRef table = server_.catalog().view()->Find(kTable);
  if (table == nullptr) return Violate("the indexed table is gone");
  const auto& time_to_live = table->description().time_to_live;
  if (!time_to_live || time_to_live->status != TimeToLiveStatus::kEnabled) {
    Violate("at rest, the time to live is not ENABLED");
  }
  Scrub("at rest, ");
  for (const IndexDescription& index : table->description().indexes) {
    if (!IsMaintained(index)) continue;
    if (index.backfilling || index.status != IndexStatus::kActive) {
      Violate("at rest, an index is not ACTIVE: " + index.name);
    }
  }
}

}  // namespace gramme
