#include "auth/gate.h"

#include "base/check.h"
#include "base/result.h"

namespace gramme {

Result<Permit> Gate::Pass(const Principal& principal, std::span<const Access> wanted) const {
  GRAMME_CHECK(!wanted.empty(), "an operation that asks for no permission");
  GRAMME_RETURN_IF_ERROR(authorizer_.Authorize(principal, wanted));
  return Permit();
}

}  // namespace gramme
