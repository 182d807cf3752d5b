#include "tests/isolation/crowded_actors.h"

#include <fmt/format.h>

#include <vector>

#include "tests/client/requests.h"
#include "tests/isolation/isolation_server.h"

namespace gramme {
namespace {

constexpr std::uint64_t kSegmentPagesMax = 2'000;

std::string PutJson(const std::string& item) {
  return fmt::format(R"({{"Put":{{"TableName":"{}","Item":{}}}}})", kCrowdedTable, item);
}

}  // namespace

CrowdedItem CrowdedWriter::NewItem() {
  const int sort = 1 + 2 * static_cast<int>(random_.Below(kCrowdedSortCount / 2));
  return {
      .key = {.partition = static_cast<int>(random_.Below(kCrowdedPartitionCount)), .sort = sort},
      .version = ++version_};
}

ActorRequest CrowdedWriter::WriteTransaction() {
  if (random_.OneIn(2)) {
    const int pair = static_cast<int>(random_.Below(kPairCount));
    ++version_;
    return {operation_,
            fmt::format(R"({{"TransactItems":[{},{}]}})", PutJson(PairItemJson(pair, 0, version_)),
                        PutJson(PairItemJson(pair, 1, version_)))};
  }
  const CrowdedItem put = NewItem();
  CrowdedItem gone = NewItem();
  while (gone.key == put.key) gone = NewItem();
  return {operation_,
          fmt::format(R"({{"TransactItems":[{},{{"Delete":{{"TableName":"{}","Key":{}}}}}]}})",
                      PutJson(put.ToJson()), kCrowdedTable, gone.key.ToJson())};
}

std::optional<ActorRequest> CrowdedWriter::Next() {
  if (readers_ == 0) return std::nullopt;
  const std::uint64_t choice = random_.Below(10);
  if (choice < 3) {
    operation_ = "PutItem";
    return ActorRequest{operation_, fmt::format(R"({{"TableName":"{}","Item":{}}})", kCrowdedTable,
                                                NewItem().ToJson())};
  }
  if (choice < 6) {
    operation_ = "DeleteItem";
    return ActorRequest{operation_, fmt::format(R"({{"TableName":"{}","Key":{}}})", kCrowdedTable,
                                                NewItem().key.ToJson())};
  }
  if (choice < 8) {
    operation_ = "UpdateItem";
    const CrowdedKey key = {.partition = static_cast<int>(random_.Below(kCrowdedPartitionCount)),
                            .sort = 4 * static_cast<int>(random_.Below(kCrowdedSortCount / 4))};
    return ActorRequest{
        operation_, fmt::format(R"({{"TableName":"{}","Key":{},"UpdateExpression":"ADD t :one",)"
                                R"("ExpressionAttributeValues":{{":one":{{"N":"1"}}}}}})",
                                kCrowdedTable, key.ToJson())};
  }
  if (choice < 9) {
    operation_ = "BatchWriteItem";
    const CrowdedItem put = NewItem();
    CrowdedItem gone = NewItem();
    while (gone.key == put.key) gone = NewItem();
    return ActorRequest{operation_,
                        fmt::format(R"({{"RequestItems":{{"{}":[{{"PutRequest":{{"Item":{}}}}},)"
                                    R"({{"DeleteRequest":{{"Key":{}}}}}]}}}})",
                                    kCrowdedTable, put.ToJson(), gone.key.ToJson())};
  }
  operation_ = "TransactWriteItems";
  return WriteTransaction();
}

std::optional<std::string> CrowdedWriter::OnAnswer(const Answer& answer, Span) {
  if (answer.is_success()) return std::nullopt;
  return DescribeUnexpected(operation_, answer);
}

void CrowdedReader::BeginPass() {
  Pass& pass = pass_.emplace();
  pass.source = static_cast<Source>(random_.Below(3));
  pass.is_scan = random_.OneIn(2);
  pass.segment_count = pass.is_scan ? 1 + static_cast<int>(random_.Below(6)) : 1;
  pass.is_backward = !pass.is_scan && random_.OneIn(2);
  pass.partition = static_cast<int>(
      random_.Below(pass.source == Source::kGlobal ? kCrowdedGroupCount : kCrowdedPartitionCount));
  pass.limit_max = 1 + random_.Below(random_.OneIn(3) ? 2 : 40);
  pass.is_strong = pass.source != Source::kGlobal && random_.OneIn(2);
}

std::optional<ActorRequest> CrowdedReader::Next() {
  if (!pass_ && page_count_ >= options_.page_count) {
    --readers_;
    return std::nullopt;
  }
  ++page_count_;
  is_pair_ = random_.OneIn(8);
  if (is_pair_) return PairRequest();
  if (!pass_) BeginPass();
  return PageRequest();
}

ActorRequest CrowdedReader::PageRequest() {
  const Pass& pass = *pass_;
  std::string body = fmt::format(R"({{"TableName":"{}","Limit":{})", kCrowdedTable,
                                 1 + random_.Below(pass.limit_max));
  if (pass.source != Source::kTable) {
    body += fmt::format(R"(,"IndexName":"{}")",
                        pass.source == Source::kLocal ? kCrowdedLocalIndex : kCrowdedGlobalIndex);
  }
  if (pass.is_strong) body += R"(,"ConsistentRead":true)";
  if (!pass.start.empty()) body += R"(,"ExclusiveStartKey":)" + pass.start;
  operation_ = pass.is_scan ? "Scan" : "Query";
  if (pass.is_scan) {
    return {operation_, fmt::format(R"({},"Segment":{},"TotalSegments":{}}})", body, pass.segment,
                                    pass.segment_count)};
  }
  const char letter = pass.source == Source::kGlobal ? 'g' : 'p';
  return {operation_,
          fmt::format(R"({},"ScanIndexForward":{},"KeyConditionExpression":"{} = :k",)"
                      R"("ExpressionAttributeValues":{{":k":{{"S":"{}{}"}}}}}})",
                      body, !pass.is_backward, letter == 'g' ? "g" : "k", letter, pass.partition)};
}

ActorRequest CrowdedReader::PairRequest() {
  const int pair = static_cast<int>(random_.Below(kPairCount));
  const std::string first = PairKeyJson(pair, 0);
  const std::string second = PairKeyJson(pair, 1);
  switch (random_.Below(3)) {
    case 0:
      operation_ = "Query";
      return {operation_, fmt::format(R"({{"TableName":"{}","KeyConditionExpression":"k = :k",)"
                                      R"("ExpressionAttributeValues":{{":k":{{"S":"pair{}"}}}}}})",
                                      kCrowdedTable, pair)};
    case 1:
      operation_ = "BatchGetItem";
      return {operation_, fmt::format(R"({{"RequestItems":{{"{}":{{"Keys":[{},{}]}}}}}})",
                                      kCrowdedTable, first, second)};
    default:
      operation_ = "TransactGetItems";
      return {operation_,
              fmt::format(R"({{"TransactItems":[{{"Get":{{"TableName":"{0}","Key":{1}}}}},)"
                          R"({{"Get":{{"TableName":"{0}","Key":{2}}}}}]}})",
                          kCrowdedTable, first, second)};
  }
}

std::optional<std::string> CrowdedReader::OnAnswer(const Answer& answer, Span) {
  if (!answer.is_success()) return DescribeUnexpected(operation_, answer);
  return is_pair_ ? TakePair(answer) : TakePage(answer.Parsed());
}

// Both halves were written together, so one page, batch or transaction shows the same of both.
std::optional<std::string> CrowdedReader::TakePair(const Answer& answer) {
  ++pair_count_;
  const Json body = answer.Parsed();
  std::vector<std::optional<std::int64_t>> versions;
  if (operation_ == "TransactGetItems") {
    for (const Json& response : body["Responses"].elements()) {
      versions.push_back(NumberIn(response["Item"]["v"]));
    }
  } else {
    const Json& items = operation_ == "Query" ? body["Items"] : body["Responses"][kCrowdedTable];
    for (const Json& item : items.elements()) versions.push_back(NumberIn(item["v"]));
  }
  if (versions.size() == 2 && versions[0] && versions[0] == versions[1]) return std::nullopt;
  return "a transaction seen in part: " + DescribeUnexpected(operation_, answer);
}

std::optional<std::string> CrowdedReader::TakePage(const Json& page) {
  Pass& pass = *pass_;
  for (const Json& item : page["Items"].elements()) {
    if (auto wrong = TakeItem(item)) return wrong;
  }
  if (++pass.segment_pages > kSegmentPagesMax) return "it does not end: " + Describe();
  if (page.Has("LastEvaluatedKey")) {
    pass.start = FormatKey(page["LastEvaluatedKey"]);
    return std::nullopt;
  }
  pass.start.clear();
  pass.segment_pages = 0;
  if (++pass.segment < pass.segment_count) return std::nullopt;
  return EndPass();
}

std::optional<std::string> CrowdedReader::TakeItem(const Json& item) {
  Pass& pass = *pass_;
  // Pairs are in no index, and in no query of a pass.
  if (item["k"]["S"].text().starts_with("pair") && pass.is_scan && pass.source == Source::kTable) {
    return std::nullopt;
  }
  const auto read = ReadCrowdedItem(item);
  if (!read) return read.error() + ": " + Describe();
  const CrowdedKey key = read->key;
  const bool may_move = pass.source != Source::kTable && !key.is_stable();
  if (++pass.seen[key] > 1 && !may_move) {
    return fmt::format("{} comes twice: {}", key.ToJson(), Describe());
  }
  if (pass.is_scan) return std::nullopt;
  const int sort = pass.source == Source::kTable ? key.sort : read->rank();
  const int place = pass.is_backward ? -sort : sort;
  if (pass.last_sort && place < *pass.last_sort) {
    return fmt::format("{} is out of order: {}", key.ToJson(), Describe());
  }
  pass.last_sort = place;
  return std::nullopt;
}

bool CrowdedReader::MustShow(const CrowdedItem& item) const {
  const Pass& pass = *pass_;
  if (pass.is_scan) return true;
  return pass.partition == (pass.source == Source::kGlobal ? item.group() : item.key.partition);
}

std::optional<std::string> CrowdedReader::EndPass() {
  ++pass_count_;
  for (int partition = 0; partition < kCrowdedPartitionCount; ++partition) {
    for (int sort = 0; sort < kCrowdedSortCount; sort += 2) {
      const CrowdedItem item{.key = {.partition = partition, .sort = sort}};
      if (pass_->seen.contains(item.key) == MustShow(item)) continue;
      return fmt::format("{}, which nobody deletes or moves, is {}: {}", item.key.ToJson(),
                         MustShow(item) ? "missing" : "there", Describe());
    }
  }
  pass_.reset();
  return std::nullopt;
}

std::string CrowdedReader::Describe() const {
  const Pass& pass = *pass_;
  constexpr std::string_view kSources[] = {"the table", "the local index", "the global index"};
  return fmt::format("{} of {}, {} {}, segment {} of {}, limits up to {}, from {}",
                     pass.is_scan ? "Scan" : "Query", kSources[static_cast<int>(pass.source)],
                     pass.is_backward ? "backward" : "forward", pass.partition, pass.segment,
                     pass.segment_count, pass.limit_max, pass.start);
}

}  // namespace gramme
