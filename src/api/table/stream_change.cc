#include "api/table/stream_change.h"

#include <utility>
#include <vector>

#include "base/result.h"
#include "table/change_log/stream_record.h"
#include "table/store_error.h"

namespace gramme {
namespace {

bool IsComplete(const std::optional<StreamSpecification>& specification) {
  return !specification ||
         specification->stream_enabled == specification->stream_view_type.has_value();
}

}  // namespace

Result<void> ValidateNewTableStream(const std::optional<StreamSpecification>& specification) {
  if (IsComplete(specification)) return {};
  return InvalidParameters(specification->stream_enabled
                               ? "Table is being created with a stream enabled, UpdateViewType is "
                                 "required"
                               : "Table is being created with a stream disabled, UpdateViewType "
                                 "should not be specified");
}

Result<void> ValidateStreamChange(const std::optional<StreamSpecification>& specification) {
  if (IsComplete(specification)) return {};
  return InvalidParameters(
      specification->stream_enabled
          ? "If stream is being enabled then UpdateViewType is required"
          : "If stream is being disabled, then UpdateViewType must not be specified");
}

Result<StreamChange> StreamChange::Plan(const StreamSpecification& specification, WallTime now,
                                        const std::string& table_name, const Engine& engine) {
  StreamChange change;
  change.is_enabled_ = specification.stream_enabled;
  NewStream& stream = change.new_stream_;
  stream.now = now;
  if (!change.is_enabled_) return change;
  stream.view_type = specification.stream_view_type.value_or(StreamViewType::kKeysOnly);
  stream.shard_count = engine.settings.stream_shard_count;
  GRAMME_TRY(const KeyspaceId keyspace, FromStore(engine.store.CreateKeyspace()));
  stream.log_keyspace = static_cast<std::uint64_t>(keyspace);
  stream.groups = engine.store.Groups(keyspace);
  GRAMME_TRY(change.former_, FromStore(FormerStream(engine.store, table_name, now)));
  return change;
}

Result<void> StreamChange::Apply(TableDescription& table) const {
  if (!is_enabled_) return DisableStream(new_stream_.now, table);
  if (!table.stream) table.stream = former_;
  return EnableStream(new_stream_, table);
}

}  // namespace gramme
