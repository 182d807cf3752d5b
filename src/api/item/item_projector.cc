#include "api/item/item_projector.h"

#include <utility>

#include "api/item/item_rules.h"
#include "base/result.h"
#include "table/store_error.h"

namespace gramme {

ItemProjector::ItemProjector(const std::optional<ProjectionExpression>& projection)
    : projection_(projection ? &*projection : nullptr),
      is_top_level_(projection && projection->IsTopLevel()),
      names_(AttributesOf(projection)) {}

Result<EncodedItem> ItemProjector::Project(EncodedItem item) const {
  if (projection_ == nullptr) return item;
  GRAMME_TRY(const Item attributes, FromStore(item.view().Decode(names_)));
  return EncodedItem(projection_->Apply(attributes));
}

Result<void> ItemProjector::Append(const ItemView& item, EncodedItems& out) const {
  if (projection_ == nullptr) return FromStore(out.Append(item));
  if (is_top_level_) return FromStore(out.Append(item, names_));
  GRAMME_TRY(const Item attributes, FromStore(item.Decode(names_)));
  out.Append(projection_->Apply(attributes));
  return {};
}

}  // namespace gramme
