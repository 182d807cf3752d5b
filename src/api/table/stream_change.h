// What CreateTable and UpdateTable share about streams: the rules of a StreamSpecification, and
// what an edit of the table needs that only the store can give.

#ifndef GRAMME_API_TABLE_STREAM_CHANGE_H_
#define GRAMME_API_TABLE_STREAM_CHANGE_H_

#include <optional>
#include <string>

#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "base/clock.h"
#include "model/api_error.h"
#include "model/table_description.h"
#include "table/change_log/stream_edits.h"

namespace gramme {

// A view type is there where the stream is enabled, and only there. Errors: ValidationException.
Result<void> ValidateNewTableStream(const std::optional<StreamSpecification>& specification);
Result<void> ValidateStreamChange(const std::optional<StreamSpecification>& specification);

// One change of a table's stream: what is fixed before the edit, and the edit.
class StreamChange {
 public:
  // To enable a stream it creates a keyspace, for a table that has no log yet; left empty, it costs
  // nothing. Errors: the store's.
  static Result<StreamChange> Plan(const StreamSpecification& specification, WallTime now,
                                   const std::string& table_name, const Engine& engine);

  // Pure, so that the catalog may run it again. Errors: as EnableStream and DisableStream.
  Result<void> Apply(TableDescription& table) const;

 private:
  bool is_enabled_ = false;
  NewStream new_stream_;
  // The last stream of a table that had the name before, whose label is not used again.
  std::optional<StreamDescription> former_;
};

}  // namespace gramme

#endif  // GRAMME_API_TABLE_STREAM_CHANGE_H_
