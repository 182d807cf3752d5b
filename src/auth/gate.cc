#include "auth/gate.h"

#include "base/check.h"
#include "base/result.h"

namespace gramme {

std::vector<Access> RequestedAccess::List() const {
  std::vector<Access> wanted = list_();
  GRAMME_CHECK(!wanted.empty(), "an operation that asks for no permission");
  return wanted;
}

Result<Permit> Gate::Pass(const Principal& principal, const RequestedAccess& wanted) const {
  GRAMME_RETURN_IF_ERROR(authorizer_.Authorize(principal, wanted));
  return Permit();
}

}  // namespace gramme
