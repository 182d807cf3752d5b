#include "expression/update_apply.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/planted_bug.h"
#include "base/result.h"
#include "expression/update_value.h"
#include "model/limits.h"

namespace gramme {
namespace {

// One action and what it writes; a change without a value removes what is at its path.
struct Change {
  const UpdateAction* action;
  ComputedValue computed;
};

bool IsContainerOf(const AttributeValue& parent, const PathElement& element) {
  return std::holds_alternative<std::string>(element) ? parent.is(AttributeType::kMap)
                                                      : parent.is(AttributeType::kList);
}

std::unexpected<ApiError> Refused(std::string_view message) {
  return ValidationError(std::string(message));
}

// What holds the path must be a map for a key and a list for an index. `absent_allowed` passes over
// those that are not there at all.
Result<void> CheckPath(const DocumentPath& path, const Item& item, bool absent_allowed) {
  if (path.elements.empty()) return {};
  const AttributeValue* parent = FindParent(item, path);
  if (parent == nullptr && absent_allowed) return {};
  if (parent != nullptr && IsContainerOf(*parent, path.elements.back())) return {};
  return Refused(kUpdatePathError);
}

// DynamoDB's order: containers of the wrong type, operands of the wrong type, then from the last
// section to the first paths into nothing and attributes that are not there.
Result<std::vector<Change>> ComputeChanges(const UpdateActions& update, const Item& item) {
  for (const UpdateAction& action : update.actions) {
    GRAMME_RETURN_IF_ERROR(CheckPath(action.path, item, true));
  }
  std::vector<Change> changes;
  std::size_t written_bytes = 0;
  for (const UpdateAction& action : update.actions) {
    GRAMME_TRY(ComputedValue computed, ComputeValue(action, update.source, item));
    // All that is written is in the new item. Refused here, before it is copied, because a short
    // expression can write one large value many times.
    if (computed.get() != nullptr) written_bytes += ValueSizeBytes(*computed.get());
    if (written_bytes > kItemSizeBytesMax) return Refused(kUpdateSizeError);
    changes.push_back({.action = &action, .computed = std::move(computed)});
  }
  std::size_t end = changes.size();
  while (end > 0) {
    std::size_t begin = end;
    const std::size_t section = changes[end - 1].action->section;
    while (begin > 0 && changes[begin - 1].action->section == section) --begin;
    for (std::size_t i = begin; i < end; ++i) {
      GRAMME_RETURN_IF_ERROR(CheckPath(changes[i].action->path, item, false));
    }
    for (std::size_t i = begin; i < end; ++i) {
      const std::string_view late_error = changes[i].computed.late_error();
      if (!late_error.empty()) return Refused(late_error);
    }
    end = begin;
  }
  return changes;
}

// Where a value is written. Null for an index past the end of its list.
AttributeValue* Place(Item& item, const DocumentPath& path) {
  if (path.elements.empty()) return &item[path.attribute];
  AttributeValue& parent = *FindParent(item, path);
  if (const std::string* key = std::get_if<std::string>(&path.elements.back())) {
    return &parent.get<AttributeMap>()[*key];
  }
  List& list = parent.get<List>();
  const std::size_t index = std::get<std::size_t>(path.elements.back());
  return index < list.size() ? &list[index] : nullptr;
}

// REQUIRES: there is a value at the path.
void Erase(Item& item, const DocumentPath& path) {
  if (path.elements.empty()) {
    item.erase(path.attribute);
    return;
  }
  AttributeValue& parent = *FindParent(item, path);
  if (const std::string* key = std::get_if<std::string>(&path.elements.back())) {
    parent.get<AttributeMap>().erase(*key);
    return;
  }
  List& list = parent.get<List>();
  list.erase(list.begin() +
             static_cast<std::ptrdiff_t>(std::get<std::size_t>(path.elements.back())));
}

bool ComesBefore(const DocumentPath& a, const DocumentPath& b) {
  return std::tie(a.attribute, a.elements) < std::tie(b.attribute, b.elements);
}

// Every index means the lists as they were. So what is there already is written first, then new
// elements go to the ends, the lower index first, and what is removed goes last, the higher index
// first and the inner lists before the outer ones.
Item Write(std::vector<Change> changes, const Item& old_item) {
  Item item = old_item;
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return ComesBefore(a.action->path, b.action->path);
  });
  std::vector<Change*> appended;
  for (Change& change : changes) {
    if (change.computed.get() == nullptr) continue;
    if (AttributeValue* place = Place(item, change.action->path)) {
      *place = std::move(change.computed).Take();
    } else {
      appended.push_back(&change);
    }
  }
  for (Change* change : appended) {
    FindParent(item, change->action->path)
        ->get<List>()
        .push_back(std::move(change->computed).Take());
  }
  if (BugIsPlanted("list_indexes_shift")) std::reverse(changes.begin(), changes.end());
  for (std::size_t i = changes.size(); i-- > 0;) {
    const UpdateAction& action = *changes[i].action;
    const bool has_value = changes[i].computed.get() != nullptr;
    const bool removes =
        action.verb == UpdateVerb::kRemove || (action.verb == UpdateVerb::kDelete && !has_value);
    // Looked up in the old item: elements that this update appended stay.
    if (removes && FindAtPath(old_item, action.path) != nullptr) Erase(item, action.path);
  }
  return item;
}

}  // namespace

Result<Item> ApplyUpdate(const UpdateActions& update, const Item& old_item) {
  GRAMME_TRY(std::vector<Change> changes, ComputeChanges(update, old_item));
  for (const Change& change : changes) {
    const AttributeValue* value = change.computed.get();
    if (value == nullptr) continue;
    const std::size_t depth = static_cast<std::size_t>(NestingDepth(*value));
    if (change.action->path.elements.size() + depth > kNestingDepthMax) {
      return Refused(kUpdateNestingError);
    }
  }
  return Write(std::move(changes), old_item);
}

}  // namespace gramme
