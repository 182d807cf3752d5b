#include "tests/simulation/table_workload.h"

#include <fmt/format.h>

#include "tests/simulation/reply_text.h"

namespace gramme {
namespace {

constexpr std::string_view kCreate =
    R"({"TableName":"Again","BillingMode":"PAY_PER_REQUEST",)"
    R"("KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],)"
    R"("AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}]})";
constexpr std::string_view kName = R"({"TableName":"Again"})";
constexpr std::string_view kKeyStart = R"("k":{"S":"item-)";

}  // namespace

void TableWorkload::Start() {
  Create(kTableCount);
  for (int writer = 0; writer < kWriterCount; ++writer) GoOnWriting(kWritesPerWriter);
}

// Sent until it surely exists: the answer of the attempt that made it may be lost.
void TableWorkload::Create(int tables_left) {
  create_begin_ = server_.Tick();
  Insist("CreateTable", std::string(kCreate), "ResourceInUseException", [=, this] {
    create_end_ = server_.Tick();
    if (tables_left > 1) server_.Later([=, this] { Delete(tables_left); });
  });
}

void TableWorkload::Delete(int tables_left) {
  Insist("DeleteTable", std::string(kName), "ResourceNotFoundException",
         [=, this] { Create(tables_left - 1); });
}

void TableWorkload::GoOnWriting(int writes_left) {
  if (writes_left == 0) return;
  const std::size_t number = writes_.size();
  writes_.push_back({.begin = server_.Tick()});
  server_.Send("PutItem",
               fmt::format(R"({{"TableName":"Again","Item":{{"k":{{"S":"item-{}"}}}}}})", number),
               [=, this](const Reply& reply) {
                 writes_[number].end = server_.Tick();
                 writes_[number].fate = reply.is_ok()        ? WriteFate::kApplied
                                        : reply.is_refused() ? WriteFate::kRefused
                                                             : WriteFate::kUnknown;
                 GoOnWriting(writes_left - 1);
               });
}

void TableWorkload::BeginCheck() {
  server_.Send("Scan", std::string(kName), [this](const Reply& reply) {
    if (!reply.is_ok()) return Violate("a scan failed without faults: " + reply.body);
    const auto found = NumbersAfter(kKeyStart, reply.body);
    CheckItems({found.begin(), found.end()});
  });
}

void TableWorkload::CheckItems(const std::set<std::uint64_t>& found) {
  for (std::uint64_t number = 0; number < writes_.size(); ++number) {
    const Write& write = writes_[number];
    const bool is_there = found.contains(number);
    if (is_there && (write.fate == WriteFate::kRefused || write.end < create_begin_)) {
      Violate(fmt::format("item-{} is in a table that it was not written to", number));
    }
    if (!is_there && write.fate == WriteFate::kApplied && write.begin > create_end_) {
      Violate(fmt::format("item-{} was acknowledged and is lost", number));
    }
  }
}

}  // namespace gramme
