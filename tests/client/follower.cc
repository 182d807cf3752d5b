#include "tests/client/follower.h"

#include <fmt/format.h>

#include <cstdlib>
#include <tuple>
#include <utility>
#include <vector>

#include "base/result.h"

namespace gramme {
namespace {

// The reader dies once in so many pages.
constexpr std::uint64_t kReaderKillOneIn = 50;

std::string CanonicalList(const std::vector<Json>& elements) {
  std::string text = "[";
  for (const Json& element : elements) {
    if (text.size() > 1) text += ',';
    text += Canonical(element);
  }
  return text + ']';
}

// Decimal texts by value.
bool IsLess(const std::string& a, const std::string& b) {
  return std::tuple(a.size(), a) < std::tuple(b.size(), b);
}

}  // namespace

std::string Canonical(const Json& json) {
  switch (json.kind()) {
    case Json::Kind::kArray:
      return CanonicalList(json.elements());
    case Json::Kind::kString:
      return Quote(json.text());
    case Json::Kind::kObject:
      break;
    default:
      return json.text();
  }
  std::string text = "{";
  for (const auto& [name, value] : json.members()) {
    if (text.size() > 1) text += ',';
    text += Quote(name) + ':' + Canonical(value);
  }
  return text + '}';
}

Follower::Follower(Connection& connection, std::string stream_arn, Checkpoint& checkpoint,
                   Random& random)
    : connection_(connection),
      stream_arn_(std::move(stream_arn)),
      checkpoint_(checkpoint),
      random_(random) {}

Asked<Json> Follower::CallStreams(std::string_view operation, const std::string& body) {
  const auto answer = connection_.Call("DynamoDBStreams_20120810." + std::string(operation), body);
  if (!answer) {
    if (!connection_.broken().empty()) return std::unexpected(connection_.broken());
    server_is_gone_ = true;
    return Json();
  }
  if (!answer->is_success()) {
    return std::unexpected(
        fmt::format("{} got {} {} for {}", operation, answer->status, answer->body, body));
  }
  return answer->Parsed();
}

Asked<std::optional<bool>> Follower::ReadSome() {
  GRAMME_TRY(const bool found, ReadShards());
  if (server_is_gone_) return std::optional<bool>();
  return std::optional<bool>(found);
}

Asked<bool> Follower::ReadShards() {
  std::vector<std::pair<std::string, std::string>> shards;  // with their parents
  std::string start;
  do {
    GRAMME_TRY(const Json answer,
               CallStreams("DescribeStream",
                           fmt::format(R"({{"StreamArn":"{}"{}}})", stream_arn_, start)));
    if (server_is_gone_) return false;
    const Json& description = answer["StreamDescription"];
    for (const Json& shard : description["Shards"].elements()) {
      shards.emplace_back(shard["ShardId"].text(), shard["ParentShardId"].text());
    }
    const std::string& last = description["LastEvaluatedShardId"].text();
    start = last.empty() ? "" : fmt::format(R"(,"ExclusiveStartShardId":"{}")", last);
  } while (!start.empty());
  bool found = false;
  for (const auto& [shard_id, parent_id] : shards) {
    const auto parent = checkpoint_.shards.find(parent_id);
    if (!parent_id.empty() && (parent == checkpoint_.shards.end() || !parent->second.is_done)) {
      continue;
    }
    ShardPlace& place = checkpoint_.shards[shard_id];
    if (place.is_done) continue;
    GRAMME_TRY(const bool here, ReadPage(shard_id, place));
    if (server_is_gone_) return found;
    found = found || here || place.is_done;
  }
  return found;
}

Asked<bool> Follower::ReadPage(const std::string& shard_id, ShardPlace& place) {
  std::string& iterator = iterators_[shard_id];
  if (iterator.empty()) {
    const std::string type =
        place.last_sequence.empty()
            ? R"("TRIM_HORIZON")"
            : fmt::format(R"("AFTER_SEQUENCE_NUMBER","SequenceNumber":"{}")", place.last_sequence);
    GRAMME_TRY(
        const Json answer,
        CallStreams("GetShardIterator",
                    fmt::format(R"({{"StreamArn":"{}","ShardId":"{}","ShardIteratorType":{}}})",
                                stream_arn_, shard_id, type)));
    if (server_is_gone_) return false;
    iterator = answer["ShardIterator"].text();
  }
  GRAMME_TRY(const Json page,
             CallStreams("GetRecords", fmt::format(R"({{"ShardIterator":{}}})", Quote(iterator))));
  if (server_is_gone_) return false;
  // What it read and did not write down is read again.
  if (random_.OneIn(kReaderKillOneIn)) {
    ++checkpoint_.reader_kill_count;
    iterators_.clear();
    return true;
  }
  for (const Json& record : page["Records"].elements()) {
    GRAMME_RETURN_IF_ERROR(Apply(record, place));
  }
  iterator = page["NextShardIterator"].text();
  place.is_done = !page.Has("NextShardIterator");
  return !page["Records"].elements().empty();
}

Asked<void> Follower::Apply(const Json& record, ShardPlace& place) {
  const std::string& sequence = record["dynamodb"]["SequenceNumber"].text();
  if (!IsLess(place.last_sequence, sequence)) {
    return std::unexpected(fmt::format("record {} comes after {}", sequence, place.last_sequence));
  }
  GRAMME_RETURN_IF_ERROR(ApplyImages(record, sequence));
  place.last_sequence = sequence;
  ++checkpoint_.change_count;
  return {};
}

Asked<void> Follower::ApplyImages(const Json& record, const std::string& sequence) {
  const Json& change = record["dynamodb"];
  const std::string& event = record["eventName"].text();
  const std::string key = Canonical(change["Keys"]);
  const bool has_old = change.Has("OldImage");
  const bool has_new = change.Has("NewImage");
  const std::string old_image = has_old ? Canonical(change["OldImage"]) : "";
  const std::string new_image = has_new ? Canonical(change["NewImage"]) : "";
  const std::string fitting = !has_old ? "INSERT" : has_new ? "MODIFY" : "REMOVE";
  if (event != fitting || (!has_old && !has_new) || old_image == new_image) {
    return std::unexpected(
        fmt::format("record {} is a {} from '{}' to '{}'", sequence, event, old_image, new_image));
  }
  const auto found = checkpoint_.items.find(key);
  const std::string current = found == checkpoint_.items.end() ? "" : found->second;
  if (current != old_image) {
    return std::unexpected(
        fmt::format("record {} changes '{}', but '{}' was there", sequence, old_image, current));
  }
  if (!has_new) {
    checkpoint_.items.erase(key);
    return {};
  }
  checkpoint_.items[key] = new_image;
  const Json& item = change["NewImage"];
  if (item.Has("transaction")) {
    SeenTransaction& seen = checkpoint_.transactions[item["transaction"]["S"].text()];
    seen.action_count = std::atoi(item["actions"]["N"].text().c_str());
    ++seen.seen_count;
  }
  return {};
}

Asked<void> Follower::ReadAll() {
  for (bool more = true; more;) {
    GRAMME_TRY(const std::optional<bool> found, ReadSome());
    if (!found) return std::unexpected("the server went away by itself");
    more = *found;
  }
  return {};
}

Asked<void> Follower::Compare(const Checkpoint& checkpoint,
                              const std::vector<std::string>& key_attributes,
                              const std::vector<Json>& items) {
  std::map<std::string, std::string> table;
  for (const Json& item : items) {
    std::string key = "{";
    for (const std::string& name : key_attributes) {
      if (key.size() > 1) key += ',';
      key += Quote(name) + ':' + Canonical(item[name]);
    }
    table[key + '}'] = Canonical(item);
  }
  for (const auto& [key, item] : table) {
    const auto found = checkpoint.items.find(key);
    if (found == checkpoint.items.end()) {
      return std::unexpected("the stream never told of " + item);
    }
    if (found->second != item) {
      return std::unexpected("the stream ends with " + found->second + ", the table has " + item);
    }
  }
  if (table.size() != checkpoint.items.size()) {
    return std::unexpected(fmt::format("the stream ends with {} items, the table has {}",
                                       checkpoint.items.size(), table.size()));
  }
  for (const auto& [id, seen] : checkpoint.transactions) {
    if (seen.action_count != seen.seen_count) {
      return std::unexpected(fmt::format("of transaction {} the stream told {} of {} changes", id,
                                         seen.seen_count, seen.action_count));
    }
  }
  return {};
}

}  // namespace gramme
