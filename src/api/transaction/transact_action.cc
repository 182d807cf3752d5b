#include "api/transaction/transact_action.h"

#include <utility>

#include "base/check.h"
#include "encoding/item_encoding.h"
#include "encoding/key_encoding.h"
#include "encoding/record.h"

namespace gramme {
namespace {

constexpr std::uint8_t kHashVersion =
    1;  // hashes live in token records, see docs/internals/formats.md

void AppendText(RecordWriter& out, const std::optional<std::string>& text) {
  out.Bool(text.has_value());
  if (text) out.Bytes(*text);
}

void AppendAction(RecordWriter& out, const TransactAction& action, std::string_view table_name) {
  out.Unsigned(static_cast<std::uint64_t>(action.kind));
  out.Bytes(table_name);
  out.Bytes(EncodeItem(*action.item));
  AppendText(out, action.members->condition_expression);
  AppendText(out, action.update == nullptr ? std::nullopt : *action.update);
  const auto& names = action.members->expression_attribute_names;
  out.Unsigned(names ? names->size() : 0);
  if (names) {
    for (const auto& [token, name] : *names) {
      out.Bytes(token);
      out.Bytes(name);
    }
  }
  const auto& values = action.members->expression_attribute_values;
  out.Bytes(values ? EncodeItem(*values) : std::string());
}

}  // namespace

Result<TransactAction> ActionOf(const TransactWriteItem& item) {
  const int count = item.condition_check.has_value() + item.put.has_value() +
                    item.deletion.has_value() + item.update.has_value();
  if (count != 1) {
    return ValidationError("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  if (item.condition_check) {
    return TransactAction{WriteKind::kConditionCheck, &*item.condition_check,
                          &item.condition_check->key, nullptr, "ConditionCheckItem"};
  }
  if (item.put)
    return TransactAction{WriteKind::kPut, &*item.put, &item.put->item, nullptr, "PutItem"};
  if (item.deletion) {
    return TransactAction{WriteKind::kDelete, &*item.deletion, &item.deletion->key, nullptr,
                          "DeleteItem"};
  }
  return TransactAction{WriteKind::kUpdate, &*item.update, &item.update->key,
                        &item.update->update_expression, "UpdateItem"};
}

std::vector<TransactAction> ActionsOf(const std::vector<TransactWriteItem>& items) {
  std::vector<TransactAction> actions;
  actions.reserve(items.size());
  for (const TransactWriteItem& item : items) {
    const auto action = ActionOf(item);
    GRAMME_CHECK(action, "a validated item has one action");
    actions.push_back(*action);
  }
  return actions;
}

std::uint64_t HashOfActions(const std::vector<TransactAction>& actions,
                            const std::vector<std::string>& table_names) {
  RecordWriter out(kHashVersion);
  for (std::size_t i = 0; i < actions.size(); ++i) AppendAction(out, actions[i], table_names[i]);
  return HashOfPartition(std::move(out).Finish());
}

}  // namespace gramme
