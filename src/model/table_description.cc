#include "model/table_description.h"

#include "base/check.h"

namespace gramme {

std::string_view TableStatusName(TableStatus status) {
  switch (status) {
    case TableStatus::kCreating: return "CREATING";
    case TableStatus::kUpdating: return "UPDATING";
    case TableStatus::kDeleting: return "DELETING";
    case TableStatus::kActive: return "ACTIVE";
  }
  return "";
}

std::string_view IndexStatusName(IndexStatus status) {
  switch (status) {
    case IndexStatus::kCreating: return "CREATING";
    case IndexStatus::kUpdating: return "UPDATING";
    case IndexStatus::kDeleting: return "DELETING";
    case IndexStatus::kActive: return "ACTIVE";
  }
  return "";
}

const IndexDescription* TableDescription::FindIndex(std::string_view index_name) const {
  for (const IndexDescription& index : indexes) {
    if (index.name == index_name) return &index;
  }
  return nullptr;
}

AttributeType TableDescription::TypeOf(std::string_view attribute_name) const {
  for (const AttributeDefinition& definition : attribute_definitions) {
    if (definition.attribute_name == attribute_name) return definition.attribute_type;
  }
  GRAMME_CHECK(false, "a key attribute without a definition");
}

}  // namespace gramme
