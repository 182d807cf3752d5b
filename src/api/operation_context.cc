#include "api/operation_context.h"

#include <utility>

namespace gramme {

OperationContext::OperationContext(Engine& engine_parts, const Principal& caller,
                                   std::string_view id, std::string_view host_header,
                                   ReadTier read_tier, std::shared_ptr<const CatalogView> view)
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
  for (Position& known : positions_) {
    if (known.group() != position.group()) continue;
    if (known.epoch() == position.epoch()) {
      if (known.commit_number() < position.commit_number()) known = position;
      return;
    }
  }
  positions_.push_back(position);
}

}  // namespace gramme
