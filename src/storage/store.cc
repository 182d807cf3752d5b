#include "storage/store.h"

#include "base/result.h"
#include "storage/queued_importer.h"

namespace gramme {

std::unique_ptr<Importer> Store::BeginImport() { return std::make_unique<QueuedImporter>(*this); }

StoreResult<bool> Store::Read(const Key& key, ReadTier tier, ValueVisitor visit) {
  GRAMME_TRY(const std::unique_ptr<View> view, OpenView(GroupOf(key), tier));
  GRAMME_TRY(const std::optional<std::string> value, view->Get(key));
  if (value) visit(*value);
  return value.has_value();
}

}  // namespace gramme
