// OperationContext: what one run of one operation works with. Made by the edge for each run, used
// by one thread. It remembers what the answer depends on; the edge sends the answer once that is
// durable.

#ifndef GRAMME_API_OPERATION_CONTEXT_H_
#define GRAMME_API_OPERATION_CONTEXT_H_

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "model/access.h"
#include "storage/store.h"
#include "table/catalog.h"
#include "table/settings.h"

namespace gramme {

class Jobs;      // table/jobs/jobs.h
class Backups;   // backup/backups.h
class Recovery;  // backup/recovery.h

// What a server consists of below its edge. References; all outlive every request.
struct Engine {
  Store& store;
  Catalog& catalog;
  Jobs& jobs;
  Backups& backups;
  Recovery& recovery;
  Clock& clock;
  Random& random;
  const Settings& settings;
};

class OperationContext {
 public:
  // Borrows everything but the view for the run. `host`: the Host header of the request.
  OperationContext(Engine& engine, const Principal& principal, std::string_view request_id,
                   std::string_view host, ReadTier tier,
                   std::shared_ptr<const CatalogView> catalog_view);

  Engine& engine;
  const Principal& principal;
  const std::string_view request_id;
  const std::string_view host;
  const ReadTier tier;
  // The one view of the catalog that this run uses.
  const std::shared_ptr<const CatalogView> catalog_view;
  // There is memory for items of this many bytes in the answer; kRetryWithRoom asks for more.
  std::size_t answer_bytes_max = std::numeric_limits<std::size_t>::max();

  // By name or ARN, for item operations: ACTIVE, or UPDATING. Errors: ResourceNotFoundException
  // `Requested resource not found`.
  Result<TableRef> FindTable(std::string_view name_or_arn) const;

  // The answer is sent only once `position` is durable.
  void DependOn(const Position& position);
  // One per group that the answer depends on; the catalog's included.
  // Valid until DependOn().
  std::span<const Position> positions() const { return positions_; }

 private:
  // Nearly always one: that of the catalog and that of the item are of one group.
  boost::container::small_vector<Position, 2> positions_;
};

}  // namespace gramme

#endif  // GRAMME_API_OPERATION_CONTEXT_H_
