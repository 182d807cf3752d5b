// TypedCall: an OperationCall made of an operation of api/ and the decoder and encoder of its
// types.

#ifndef GRAMME_PROTOCOL_TYPED_CALL_H_
#define GRAMME_PROTOCOL_TYPED_CALL_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "protocol/json_encoder.h"
#include "protocol/operation_call.h"
#include "protocol/request_decoder.h"

namespace gramme {

// What a decoded request asks for, if nothing is wrong with it: the constraints of the model first,
// then values that cannot be, with what the operation looks at before them, then the operation's
// own rules.
template <typename Operation>
Result<typename Operation::Plan> ValidateRequest(const typename Operation::Request& request,
                                                 const RequestProblems& problems) {
  GRAMME_RETURN_IF_ERROR(problems.CheckConstraints());
  std::string_view last;
  if constexpr (requires { Operation::kLastValues; }) last = Operation::kLastValues;
  if (const std::string_view member = problems.FirstInvalidMember(last); !member.empty()) {
    if constexpr (requires { Operation::ValidateParameters(request); }) {
      GRAMME_RETURN_IF_ERROR(Operation::ValidateParameters(request));
    }
    if constexpr (requires { Operation::ValidateBeforeValues(request, member); }) {
      GRAMME_RETURN_IF_ERROR(Operation::ValidateBeforeValues(request, member));
    }
    GRAMME_RETURN_IF_ERROR(problems.CheckValues(last));
  }
  return Operation::Validate(request);
}

template <typename Operation>
class TypedCall final : public OperationCall {
 public:
  Result<void> Decode(std::string_view body) override {
    GRAMME_TRY(const dom::object object, ParseJsonObject(body));
    DecodeStruct(object, nullptr, request_, problems_);
    ReleaseLargeJson();
    return problems_.CheckTypes();
  }

  Result<void> Validate() override {
    GRAMME_TRY(plan_, ValidateRequest<Operation>(request_, problems_));
    return {};
  }

  std::vector<Access> Resources() const override { return Operation::Resources(request_, *plan_); }

  Result<std::string> Run(const Permit&, OperationContext& context) const override {
    GRAMME_TRY(typename Operation::Response response, Operation::Run(request_, *plan_, context));
    std::string body;
    AppendJson(response, body);
    return body;
  }

 private:
  typename Operation::Request request_;
  RequestProblems problems_;
  std::optional<typename Operation::Plan> plan_;
};

// The line of `Operation` in a table.
template <typename Operation>
ServedOperation Serve() {
  std::string_view target = kDynamoDbTarget;
  if constexpr (requires { Operation::kTarget; }) target = Operation::kTarget;
  std::size_t answer_bytes_max = 0;
  if constexpr (requires { Operation::kAnswerBytesMax; }) {
    answer_bytes_max = Operation::kAnswerBytesMax;
  }
  return {
      target,
      Operation::kName,
      Operation::kStart,
      answer_bytes_max,
      []() -> std::unique_ptr<OperationCall> { return std::make_unique<TypedCall<Operation>>(); },
      &ListMembers<typename Operation::Request>};
}

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_TYPED_CALL_H_
