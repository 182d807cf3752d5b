#include "table/catalog_tables.h"

#include <algorithm>
#include <utility>

namespace gramme {
namespace {

// An edit copies one chunk and a pointer to each: about equal parts at the number of tables that an
// account may have.
constexpr std::size_t kChunkSizeMax = 64;
constexpr std::size_t kChunkSizeMin = kChunkSizeMax / 4;

std::string_view NameOf(const TableRef& table) { return table->name(); }

}  // namespace

const TableRef& CatalogTables::Iterator::operator*() const {
  return (*tables_->chunks_[chunk_])[place_];
}

CatalogTables::Iterator& CatalogTables::Iterator::operator++() {
  if (++place_ == tables_->chunks_[chunk_]->size()) {
    ++chunk_;
    place_ = 0;
  }
  return *this;
}

CatalogTables::Iterator CatalogTables::Iterator::operator++(int) {
  const Iterator before = *this;
  ++*this;
  return before;
}

std::size_t CatalogTables::ChunkOf(std::string_view name) const {
  const auto after =
      std::ranges::upper_bound(chunks_, name, {}, [](const std::shared_ptr<const Chunk>& chunk) {
        return NameOf(chunk->front());
      });
  return after == chunks_.begin() ? 0 : static_cast<std::size_t>(after - chunks_.begin()) - 1;
}

TableRef CatalogTables::Find(std::string_view name) const {
  if (empty()) return nullptr;
  const Chunk& chunk = *chunks_[ChunkOf(name)];
  const auto found = std::ranges::lower_bound(chunk, name, {}, &NameOf);
  return found != chunk.end() && NameOf(*found) == name ? *found : nullptr;
}

CatalogTables::Iterator CatalogTables::After(std::string_view name) const {
  if (empty()) return end();
  const std::size_t place = ChunkOf(name);
  const Chunk& chunk = *chunks_[place];
  const auto after = std::ranges::upper_bound(chunk, name, {}, &NameOf);
  if (after == chunk.end()) return {this, place + 1, 0};
  return {this, place, static_cast<std::size_t>(after - chunk.begin())};
}

CatalogTables CatalogTables::With(TableRef table) const {
  CatalogTables next = *this;
  if (empty()) {
    next.chunks_.push_back(std::make_shared<const Chunk>(Chunk{std::move(table)}));
    next.size_ = 1;
    return next;
  }
  const std::size_t place = ChunkOf(table->name());
  Chunk chunk = *chunks_[place];
  const auto found = std::ranges::lower_bound(chunk, table->name(), {}, &NameOf);
  if (found != chunk.end() && NameOf(*found) == table->name()) {
    *found = std::move(table);
  } else {
    chunk.insert(found, std::move(table));
    ++next.size_;
  }
  next.Replace(place, std::move(chunk));
  return next;
}

CatalogTables CatalogTables::Without(std::string_view name) const {
  if (Find(name) == nullptr) return *this;
  CatalogTables next = *this;
  const std::size_t place = ChunkOf(name);
  Chunk chunk = *chunks_[place];
  chunk.erase(std::ranges::lower_bound(chunk, name, {}, &NameOf));
  --next.size_;
  next.Replace(place, std::move(chunk));
  return next;
}

void CatalogTables::Replace(std::size_t chunk, Chunk tables) {
  const auto at = chunks_.begin() + static_cast<std::ptrdiff_t>(chunk);
  if (tables.empty()) {
    chunks_.erase(at);
    return;
  }
  if (tables.size() > kChunkSizeMax) {
    const auto half = tables.begin() + static_cast<std::ptrdiff_t>(tables.size() / 2);
    *at = std::make_shared<const Chunk>(tables.begin(), half);
    chunks_.insert(at + 1, std::make_shared<const Chunk>(half, tables.end()));
    return;
  }
  const bool is_small = tables.size() < kChunkSizeMin;
  if (is_small && at + 1 != chunks_.end() && at[1]->size() <= kChunkSizeMax / 2) {
    tables.insert(tables.end(), at[1]->begin(), at[1]->end());
    chunks_.erase(at + 1);
  }
  chunks_[chunk] = std::make_shared<const Chunk>(std::move(tables));
}

}  // namespace gramme
