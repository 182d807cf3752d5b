#include "tests/crash/index/table_check.h"

#include <fmt/format.h>

#include <utility>

#include "base/result.h"
#include "model/table_description.h"
#include "table/catalog_record.h"
#include "table/index/index_entry.h"
#include "table/scrub/table_check.h"
#include "table/table.h"

namespace gramme {

StoreResult<CheckedTable> CheckTable(const View& view, const Group& group,
                                     std::string_view table_name) {
  CheckedTable checked;
  GRAMME_TRY(const auto record, view.Get(CatalogKey(table_name)));
  if (!record) return CheckedTable{.differences = {"the table is lost"}};
  GRAMME_TRY(TableDescription description, DecodeTableDescription(*record));
  const Table table(std::move(description));
  TableCheck check(view, table);
  GRAMME_RETURN_IF_ERROR(check.CheckAll(group, [&](const ScrubFinding& finding) {
    checked.differences.push_back(
        fmt::format("at commit {}, {}", view.position().commit_number(), ToText(finding)));
  }));
  checked.item_count = check.totals().item_count;
  checked.entry_count = check.totals().entry_count;
  for (const TablePart& part : PartsOf(table.description())) checked.is_filling |= part.is_filling;
  for (const IndexDescription& index : table.description().indexes) {
    checked.is_removing |= !IsMaintained(index);
  }
  return checked;
}

}  // namespace gramme
