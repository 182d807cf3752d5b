// The gate: the one way from a decoded request to an operation. It learns who asks, decides whether
// they may, and hands out a Permit, without which protocol/ cannot run any operation.
//
// It knows no network and no JSON: a request comes as the parts that a signature covers.

#ifndef GRAMME_AUTH_GATE_H_
#define GRAMME_AUTH_GATE_H_

#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

// What a signature is made over. Views into the request; valid during the call.
struct UnverifiedRequest {
  std::string_view method;
  std::string_view path;
  std::string_view query;
  std::string_view body;
  // Calls its argument with name and value of each header, in the order sent.
  using HeaderVisitor = FunctionRef<void(std::string_view name, std::string_view value)>;
  FunctionRef<void(HeaderVisitor visit)> for_each_header;
};

// Who asks. Thread-safe; does not block.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // Errors: what the client is told about its missing, malformed or wrong credentials.
  virtual Result<Principal> Authenticate(const UnverifiedRequest& request) = 0;
};

// What a request asks permission for, worked out when somebody looks: a borrowed callable. Valid
// during the call that it is handed to.
class RequestedAccess {
 public:
  using Lister = FunctionRef<std::vector<Access>()>;
  explicit RequestedAccess(Lister list) : list_(list) {}

  // All of it. An operation that asks for nothing is a bug: CHECKed.
  std::vector<Access> List() const;

 private:
  Lister list_;
};

// Whether they may. Thread-safe; reads no stored state of tables, so that a refusal is the same
// whether or not a table exists.
class Authorizer {
 public:
  virtual ~Authorizer() = default;
  // Success if `principal` may do everything in `wanted`. Errors: AccessDeniedException.
  virtual Result<void> Authorize(const Principal& principal, const RequestedAccess& wanted) = 0;
};

// Any credentials, or none: everybody is the same principal.
class AnyCredentials final : public Authenticator {
 public:
  Result<Principal> Authenticate(const UnverifiedRequest&) override { return Principal{}; }
};

class AllowAll final : public Authorizer {
 public:
  Result<void> Authorize(const Principal&, const RequestedAccess&) override { return {}; }
};

// Proof that the gate let a request pass. Only a Gate makes one.
class Permit {
 public:
  Permit(Permit&&) = default;
  Permit& operator=(Permit&&) = default;

 private:
  friend class Gate;
  Permit() = default;
};

// Thread-safe. Keeps the references; both outlive it.
class Gate {
 public:
  Gate(Authenticator& authenticator, Authorizer& authorizer)
      : authenticator_(authenticator), authorizer_(authorizer) {}

  Result<Principal> Authenticate(const UnverifiedRequest& request) const {
    return authenticator_.Authenticate(request);
  }

  // Errors: what the authorizer says.
  Result<Permit> Pass(const Principal& principal, const RequestedAccess& wanted) const;

 private:
  Authenticator& authenticator_;
  Authorizer& authorizer_;
};

}  // namespace gramme

#endif  // GRAMME_AUTH_GATE_H_
