#include "table/change_log/change_record.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "base/big_endian.h"
#include "base/check.h"
#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

// Part of the format, as are the numbers of the enumerations.
constexpr std::uint8_t kVersion = 1;
constexpr char kRecordPrefix = '\1';
constexpr char kTrimPointPrefix = '\2';
constexpr std::size_t kPrefixBytes = 1 + 4;
constexpr std::size_t kOtherFieldBytes = 64;  // of a record besides its images, usually
constexpr std::size_t kRecordKeyBytes = kPrefixBytes + 8 + 2;

void AppendBigEndian(std::uint32_t value, std::size_t byte_count, std::string& out) {
  for (std::size_t i = byte_count; i > 0; --i) {
    out.push_back(static_cast<char>(value >> (8 * (i - 1)) & 0xff));
  }
}

std::string Prefix(char kind, std::uint32_t shard) {
  std::string prefix;
  prefix.reserve(kRecordKeyBytes);
  prefix.push_back(kind);
  AppendBigEndian(shard, 4, prefix);
  return prefix;
}

// Where both images are kept, the old one is stored as what it differs in from the new one: most
// changes of an item leave most of it as it was. Both begin with a head of their own, the envelope
// and the size of the item, then follow bytes that both share, what only the old one has, and
// again bytes that both share.
constexpr std::size_t kHeadBytes = 12;

std::size_t CommonPrefix(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t i = 0;
  while (i + 8 <= size && std::memcmp(a.data() + i, b.data() + i, 8) == 0) i += 8;
  while (i < size && a[i] == b[i]) ++i;
  return i;
}

std::size_t CommonSuffix(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  const char* const a_end = a.data() + a.size();
  const char* const b_end = b.data() + b.size();
  std::size_t i = 0;
  while (i + 8 <= size && std::memcmp(a_end - i - 8, b_end - i - 8, 8) == 0) i += 8;
  while (i < size &&
         a_end[-1 - static_cast<std::ptrdiff_t>(i)] == b_end[-1 - static_cast<std::ptrdiff_t>(i)]) {
    ++i;
  }
  return i;
}

void WriteOldImage(std::string_view old_image, std::string_view new_image, RecordWriter& out) {
  const bool is_difference = old_image.size() > kHeadBytes && new_image.size() > kHeadBytes;
  out.Bool(is_difference);
  if (!is_difference) {
    out.Bytes(old_image);
    return;
  }
  const std::string_view old_rest = old_image.substr(kHeadBytes);
  const std::string_view new_rest = new_image.substr(kHeadBytes);
  const std::size_t prefix = CommonPrefix(old_rest, new_rest);
  const std::size_t suffix = CommonSuffix(old_rest.substr(prefix), new_rest.substr(prefix));
  out.Bytes(old_image.substr(0, kHeadBytes));
  out.Unsigned(prefix);
  out.Unsigned(suffix);
  out.Bytes(old_rest.substr(prefix, old_rest.size() - prefix - suffix));
}

// The old image, in the order of its parts.
struct OldImageParts {
  std::string_view head;
  std::string_view shared_prefix;
  std::string_view middle;
  std::string_view shared_suffix;

  std::size_t size() const {
    return head.size() + shared_prefix.size() + middle.size() + shared_suffix.size();
  }
  std::string Joined() const {
    std::string image;
    image.reserve(size());
    image.append(head).append(shared_prefix).append(middle).append(shared_suffix);
    return image;
  }
};

StoreResult<OldImageParts> TakeOldImage(std::string_view new_image, RecordReader& in) {
  if (!in.Bool()) return OldImageParts{.head = in.Bytes()};
  const std::string_view head = in.Bytes();
  const std::uint64_t prefix = in.Unsigned();
  const std::uint64_t suffix = in.Unsigned();
  const std::string_view middle = in.Bytes();
  const std::string_view rest = new_image.substr(std::min(new_image.size(), kHeadBytes));
  if (prefix > rest.size() || suffix > rest.size() - prefix) {
    return StoreError(StatusCode::kCorruption, "an old image shares more than there is");
  }
  return OldImageParts{.head = head,
                       .shared_prefix = rest.substr(0, prefix),
                       .middle = middle,
                       .shared_suffix = rest.substr(rest.size() - suffix)};
}

// A record whose old image is not put together yet.
struct OpenedRecord {
  ChangeRecord record;
  OldImageParts old_image;
};

StoreResult<OpenedRecord> OpenRecord(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  const std::uint64_t kind = in.Unsigned();
  const std::uint64_t cause = in.Unsigned();
  OpenedRecord opened = {.record = {.kind = static_cast<ChangeKind>(kind),
                                    .cause = static_cast<ChangeCause>(cause),
                                    .keys = in.Bytes(),
                                    .new_image = in.Bytes(),
                                    .old_image = {}},
                         .old_image = {}};
  GRAMME_TRY(opened.old_image, TakeOldImage(opened.record.new_image, in));
  GRAMME_RETURN_IF_ERROR(in.Finish());
  if (kind > static_cast<std::uint64_t>(ChangeKind::kRemove) ||
      cause > static_cast<std::uint64_t>(ChangeCause::kTimeToLive)) {
    return StoreError(StatusCode::kCorruption, "a change record of an unknown kind");
  }
  return opened;
}

// The key attributes of a stored item.
StoreResult<std::string> KeysOf(const KeySchema& schema, std::string_view item) {
  std::vector<std::string> names = AttributeNames(schema);
  std::ranges::sort(names);
  std::string keys;
  GRAMME_TRY(const ItemView view, ItemView::Open(item));
  GRAMME_RETURN_IF_ERROR(view.AppendSelected(names, keys));
  return keys;
}

// Its old image is a whole one too.
std::string Encode(const ChangeRecord& record, std::string_view old_image) {
  RecordWriter out(kVersion);
  out.Reserve(old_image.size() + record.new_image.size() + kOtherFieldBytes);
  out.Unsigned(static_cast<std::uint64_t>(record.kind));
  out.Unsigned(static_cast<std::uint64_t>(record.cause));
  out.Bytes(record.keys);
  out.Bytes(record.new_image);
  WriteOldImage(old_image, record.new_image, out);
  return std::move(out).Finish();
}

}  // namespace

StoreResult<ChangeRecord> DecodeChangeRecord(std::string_view bytes) {
  GRAMME_TRY(OpenedRecord opened, OpenRecord(bytes));
  opened.record.old_image = opened.old_image.Joined();
  return std::move(opened.record);
}

StoreResult<std::size_t> ChangeRecordSize(std::string_view bytes) {
  GRAMME_TRY(const OpenedRecord opened, OpenRecord(bytes));
  return opened.record.keys.size() + opened.record.new_image.size() + opened.old_image.size();
}

StoreResult<std::string> ShownChangeRecord(StreamViewType type, const KeySchema& key_schema,
                                           std::string_view bytes) {
  GRAMME_TRY(const OpenedRecord opened, OpenRecord(bytes));
  const bool hides_old = opened.old_image.size() > 0 && !ShowsOldImages(type);
  const bool hides_new = !opened.record.new_image.empty() && !ShowsNewImages(type);
  if (!hides_old && !hides_new) return std::string(bytes);
  const std::string old_image = opened.old_image.Joined();
  ChangeRecord shown = opened.record;
  std::string keys;
  if (hides_new) shown.new_image = {};
  if (shown.new_image.empty() && (hides_old || old_image.empty())) {
    GRAMME_TRY(keys, KeysOf(key_schema, old_image.empty() ? opened.record.new_image : old_image));
    shown.keys = keys;
  }
  return Encode(shown, hides_old ? std::string_view() : old_image);
}

void AppendChangeRecord(const LoggedChange& change, WriteBatch& batch) {
  const LogShard* const shard = change.table.OpenLogShard(change.placement);
  if (shard == nullptr) return;
  const ChangeLogDescription& log = *change.table.description().change_log;
  const bool has_old = change.before && log.keeps_old_images;
  const bool has_new = change.after && log.keeps_new_images;
  ChangeRecord record = {.kind = !change.before  ? ChangeKind::kInsert
                                 : !change.after ? ChangeKind::kRemove
                                                 : ChangeKind::kModify,
                         .cause = change.cause,
                         .keys = {},
                         .new_image = has_new ? *change.after : std::string_view(),
                         .old_image = {}};
  std::string keys;
  if (!has_old && !has_new) {
    auto found = KeysOf(change.table.description().key_schema,
                        change.after ? *change.after : *change.before);
    GRAMME_CHECK(found.has_value(), "an item that was just read is damaged");
    keys = *std::move(found);
    record.keys = keys;
  }
  std::string suffix;
  AppendBigEndian(change.index_in_commit, 2, suffix);
  batch.PutStamped(KeyspaceId{log.keyspace}, change.placement, Prefix(kRecordPrefix, shard->number),
                   std::move(suffix),
                   Encode(record, has_old ? *change.before : std::string_view()));
}

KeyRange LogShardRange(std::uint32_t shard) {
  KeyRange range = {.start = Prefix(kRecordPrefix, shard), .end = {}};
  range.end =
      shard == UINT32_MAX ? std::string(1, kTrimPointPrefix) : Prefix(kRecordPrefix, shard + 1);
  return range;
}

KeyRange LogShardRange(std::uint32_t shard, const LogPosition& from) {
  KeyRange range = LogShardRange(shard);
  AppendBigEndian64(from.micros, range.start);
  AppendBigEndian(std::min<std::uint32_t>(from.index, UINT16_MAX), 2, range.start);
  // A place after every change that a commit can have.
  if (from.index > UINT16_MAX) range.start.push_back('\0');
  return range;
}

StoreResult<LogPosition> PositionOfLogKey(std::string_view key) {
  if (key.size() != kRecordKeyBytes) {
    return StoreError(StatusCode::kCorruption, "the key of a change record has a wrong length");
  }
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(key[i]); };
  return LogPosition{.micros = ReadBigEndian64(key.substr(kPrefixBytes)),
                     .index = static_cast<std::uint32_t>(byte(kRecordKeyBytes - 2) << 8 |
                                                         byte(kRecordKeyBytes - 1))};
}

KeyRange TrimPointRange() { return {.start = std::string(1, kTrimPointPrefix), .end = {}}; }

StoreResult<std::uint32_t> ShardOfTrimPointKey(std::string_view key) {
  if (key.size() != kPrefixBytes) {
    return StoreError(StatusCode::kCorruption, "the key of a trim point has a wrong length");
  }
  std::uint32_t shard = 0;
  for (const char c : key.substr(1)) shard = shard << 8 | static_cast<unsigned char>(c);
  return shard;
}

Key TrimPointKey(std::uint64_t log_keyspace, const LogShard& shard) {
  return {.keyspace = KeyspaceId{log_keyspace},
          .placement = shard.placement_first,
          .bytes = Prefix(kTrimPointPrefix, shard.number)};
}

std::string EncodeTrimPoint(const LogPosition& last_removed) {
  RecordWriter out(kVersion);
  out.Unsigned(last_removed.micros);
  out.Unsigned(last_removed.index);
  return std::move(out).Finish();
}

StoreResult<LogPosition> DecodeTrimPoint(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  LogPosition position;
  position.micros = in.Unsigned();
  position.index = static_cast<std::uint32_t>(in.Unsigned());
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return position;
}

}  // namespace gramme
