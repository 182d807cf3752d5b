#include "api/operation_context.h"

#include <utility>

namespace gramme {

OperationContext::OperationContext(Engine& engine_parts, const Principal& caller,
                                   std::string_view id, std::string_view host_header,
                                   ReadTier read_tier,
                                   std::shared_ptr<const CatalogView> view)
    : engine(engine_parts),
      principal(caller),
      request_id(id),
      host(host_header),
      tier(read_tier),
      catalog_view(std::move(view)) {
  DependOn(catalog_view->position);
}

Result<TableRef> OperationContext::FindTable(std::string_view name_or_arn) const {
  TableRef table = catalog_view->Find(name_or_arn);
  if (table != nullptr) {
    const TableStatus status = table->description().status;
    if (status == TableStatus::kActive || status == TableStatus::kUpdating) return table;
  }
  return Error(ErrorCode::kResourceNotFoundException, "Requested resource not found");
}

void OperationContext::DependOn(const Position& position) {
  const bool is_full = first_count_ == first_positions_.size();
  const std::span<Position> all = more_positions_.empty()
                                      ? std::span(first_positions_).first(first_count_)
                                      : std::span(more_positions_);
  for (Position& known : all) {
    if (known.group() != position.group()) continue;
    if (known.epoch() == position.epoch()) {
      if (known.commit_number() < position.commit_number()) known = position;
      return;
    }
  }
  if (!is_full) {
    first_positions_[first_count_++] = position;
    return;
  }
  if (more_positions_.empty()) more_positions_.assign(all.begin(), all.end());
  more_positions_.push_back(position);
}

}  // namespace gramme
