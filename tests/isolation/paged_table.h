// PagedTable: a random table with its items, as the paging test knows them, and what any read of it
// must return. Written apart from the server, for clarity: it filters and sorts lists.

#ifndef GRAMME_TESTS_ISOLATION_PAGED_TABLE_H_
#define GRAMME_TESTS_ISOLATION_PAGED_TABLE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "tests/client/json.h"
#include "tests/client/requests.h"

namespace gramme {

// What every difference of paging begins with; what merely went wrong begins otherwise.
inline constexpr std::string_view kDifference = "a difference, ";

// A string or a number.
struct PagedValue {
  bool is_number = false;
  std::string text;

  std::string ToJson() const;
  // As DynamoDB sorts values of one type.
  bool ComesBefore(const PagedValue& other) const;
  bool operator==(const PagedValue&) const = default;
};

using PagedItem = std::map<std::string, PagedValue>;

std::string ToJson(const PagedItem& item);
PagedItem ToPagedItem(const Json& item);

// The table itself is described as an index too: with all attributes, and an empty name.
struct PagedIndex {
  std::string name;
  bool is_global = false;
  std::string partition_attribute;
  std::string sort_attribute;                         // empty for none
  std::optional<std::vector<std::string>> projected;  // none: all attributes

  bool Holds(const PagedItem& item) const;
  bool Projects(std::string_view attribute) const;
};

// Attributes: k and s, the key; g and r, keys of indexes, sometimes absent; a, a small number; b,
// text of any length. a and b are sometimes absent.
class PagedTable {
 public:
  static PagedTable Draw(std::string name, Random& random);

  const std::string& name() const { return name_; }
  const std::vector<PagedItem>& items() const { return items_; }
  // The table itself first.
  const std::vector<PagedIndex>& sources() const { return sources_; }

  // Makes and fills the table.
  Asked<void> Create(Connection& connection) const;
  Asked<void> Delete(Connection& connection) const;
  // Replaces one item by another of its key, or deletes it.
  Asked<void> Change(Connection& connection, Random& random);
  // Puts back the item of this key.
  Asked<void> Restore(Connection& connection, const PagedItem& key) const;
  PagedItem KeyOf(const PagedItem& item) const;

 private:
  std::string CreateBody() const;
  // All but its key.
  void DrawAttributes(PagedItem& item, Random& random) const;
  Asked<void> Put(Connection& connection, const PagedItem& item) const;

  std::string name_;
  bool has_number_sort_ = false;
  bool has_number_rank_ = false;
  std::uint64_t text_bytes_max_ = 20;
  std::vector<PagedIndex> sources_;
  std::vector<PagedItem> items_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_PAGED_TABLE_H_
