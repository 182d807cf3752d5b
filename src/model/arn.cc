#include "model/arn.h"

#include <fmt/format.h>

namespace gramme {
namespace {

// Cuts the part before the next `separator` off the front of `rest`.
std::optional<std::string_view> TakeUntil(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return part;
}

}  // namespace

std::string TableArn(const ArnLabels& labels, std::string_view table_name) {
  return fmt::format("arn:aws:dynamodb:{}:{}:table/{}", labels.region, labels.account_id,
                     table_name);
}

std::string IndexArn(const ArnLabels& labels, std::string_view table_name,
                     std::string_view index_name) {
  return fmt::format("{}/index/{}", TableArn(labels, table_name), index_name);
}

std::string BackupArn(const ArnLabels& labels, std::string_view table_name,
                      std::string_view backup_id) {
  return fmt::format("{}/backup/{}", TableArn(labels, table_name), backup_id);
}

std::string StreamArn(const ArnLabels& labels, std::string_view table_name,
                      std::string_view label) {
  return fmt::format("{}/stream/{}", TableArn(labels, table_name), label);
}

bool LooksLikeArn(std::string_view text) { return text.starts_with("arn:"); }

std::optional<ParsedArn> ParseArn(std::string_view text) {
  if (!LooksLikeArn(text)) return std::nullopt;
  text.remove_prefix(4);
  ParsedArn arn;
  for (std::string_view* part : {&arn.partition, &arn.service, &arn.region, &arn.account_id}) {
    const auto taken = TakeUntil(text, ':');
    if (!taken) return std::nullopt;
    *part = *taken;
  }
  constexpr std::string_view kTable = "table/";
  if (!text.starts_with(kTable)) return std::nullopt;
  text.remove_prefix(kTable.size());
  const auto name = TakeUntil(text, '/');
  if (!name) {
    arn.table_name = text;
  } else {
    arn.table_name = *name;
    const auto kind = TakeUntil(text, '/');
    if (!kind || kind->empty() || text.empty()) return std::nullopt;
    arn.kind = *kind;
    arn.id = text;
  }
  if (arn.table_name.empty()) return std::nullopt;
  return arn;
}

}  // namespace gramme
