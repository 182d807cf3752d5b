// OperationCall: one request of one operation, its types erased, so that the pipeline
// (operation_run.h) is written once. It goes through its steps in order, each once; Run may be
// called again.

#ifndef GRAMME_PROTOCOL_OPERATION_CALL_H_
#define GRAMME_PROTOCOL_OPERATION_CALL_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "auth/gate.h"
#include "model/access.h"
#include "model/api_error.h"
#include "protocol/member_lister.h"

namespace gramme {

// Used by one thread at a time. Owns the decoded request; the body may go after Decode.
class OperationCall {
 public:
  virtual ~OperationCall() = default;

  // Errors: SerializationException. REQUIRES: kBodySlackBytes readable bytes follow the body.
  virtual Result<void> Decode(std::string_view body) = 0;
  // The constraints of the model, then the operation's own rules. Errors: ValidationException.
  virtual Result<void> Validate() = 0;
  // What the caller must be allowed to do. Never empty.
  virtual std::vector<Access> Resources() const = 0;
  // The answer as JSON. Nobody can call it whom the gate did not let pass.
  virtual Result<std::string> Run(const Permit& permit, OperationContext& context) const = 0;
};

// One line of the table of operations.
struct ServedOperation {
  std::string_view target;  // of the service, see api/operation.h
  std::string_view name;
  Start start = Start::kPool;
  std::size_t answer_bytes_max = 0;  // of the items of an answer; 0: of one item at most
  std::unique_ptr<OperationCall> (*make_call)() = nullptr;
  std::vector<ListedMember> (*list_members)() = nullptr;  // of the request
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_OPERATION_CALL_H_
