#include "model/table_description.h"

#include "base/check.h"

namespace gramme {

std::vector<std::string> AttributeNames(const KeySchema& schema) {
  std::vector<std::string> names;
  for (const KeySchemaElement& element : schema) names.push_back(element.attribute_name);
  return names;
}

std::string_view TableStatusName(TableStatus status) {
  switch (status) {
    case TableStatus::kCreating:
      return "CREATING";
    case TableStatus::kUpdating:
      return "UPDATING";
    case TableStatus::kDeleting:
      return "DELETING";
    case TableStatus::kActive:
      return "ACTIVE";
  }
  return "";
}

std::string_view IndexStatusName(IndexStatus status) {
  switch (status) {
    case IndexStatus::kCreating:
      return "CREATING";
    case IndexStatus::kUpdating:
      return "UPDATING";
    case IndexStatus::kDeleting:
      return "DELETING";
    case IndexStatus::kActive:
      return "ACTIVE";
  }
  return "";
}

std::string_view StreamViewTypeName(StreamViewType type) {
  switch (type) {
    case StreamViewType::kKeysOnly:
      return "KEYS_ONLY";
    case StreamViewType::kNewImage:
      return "NEW_IMAGE";
    case StreamViewType::kOldImage:
      return "OLD_IMAGE";
    case StreamViewType::kNewAndOldImages:
      return "NEW_AND_OLD_IMAGES";
  }
  return "";
}

bool ShowsOldImages(StreamViewType type) {
  return type == StreamViewType::kOldImage || type == StreamViewType::kNewAndOldImages;
}

bool ShowsNewImages(StreamViewType type) {
  return type == StreamViewType::kNewImage || type == StreamViewType::kNewAndOldImages;
}

std::string_view TimeToLiveStatusName(TimeToLiveStatus status) {
  switch (status) {
    case TimeToLiveStatus::kEnabling:
      return "ENABLING";
    case TimeToLiveStatus::kEnabled:
      return "ENABLED";
    case TimeToLiveStatus::kDisabling:
      return "DISABLING";
    case TimeToLiveStatus::kDisabled:
      return "DISABLED";
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

bool IsBeingRestored(const TableDescription& table) {
  return table.restore_summary && table.restore_summary->restore_in_progress;
}

}  // namespace gramme
