// CatalogTables: the tables of one view of the catalog, in the order of their names. Immutable; a
// value that differs in one table shares all but a small part with the one it was made from, so
// that the thousandth table costs an edit no more than the first.
//
// Thread-safe, as every immutable value; copying it is cheap.

#ifndef GRAMME_TABLE_CATALOG_TABLES_H_
#define GRAMME_TABLE_CATALOG_TABLES_H_

#include <cstddef>
#include <iterator>
#include <memory>
#include <string_view>
#include <vector>

#include "table/table.h"

namespace gramme {

class CatalogTables {
 public:
  // Forward, in the order of names. Valid as long as the value it came from.
  class Iterator {
   public:
    using value_type = TableRef;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    const TableRef& operator*() const;
    const TableRef* operator->() const { return &**this; }
    Iterator& operator++();
    Iterator operator++(int);
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    friend class CatalogTables;
    Iterator(const CatalogTables* tables, std::size_t chunk, std::size_t place)
        : tables_(tables), chunk_(chunk), place_(place) {}

    const CatalogTables* tables_ = nullptr;
    std::size_t chunk_ = 0;
    std::size_t place_ = 0;
  };

  // nullptr if absent.
  TableRef Find(std::string_view name) const;
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  Iterator begin() const { return {this, 0, 0}; }
  Iterator end() const { return {this, chunks_.size(), 0}; }
  // The first table whose name comes after `name`, which need not exist.
  Iterator After(std::string_view name) const;

  // The same tables with `table` in the place of the one of its name, or added.
  CatalogTables With(TableRef table) const;
  // The same tables but for one, which need not be there.
  CatalogTables Without(std::string_view name) const;

 private:
  // Sorted, never empty, never changed once it is shared.
  using Chunk = std::vector<TableRef>;

  // Where the table of that name is or would be: the chunk is the last one that does not begin
  // after it. REQUIRES: not empty.
  std::size_t ChunkOf(std::string_view name) const;
  // Puts `tables` in the place of a chunk: none, one, or two where they are too many for one; few
  // join a neighbour's.
  void Replace(std::size_t chunk, Chunk tables);

  std::vector<std::shared_ptr<const Chunk>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_TABLE_CATALOG_TABLES_H_
