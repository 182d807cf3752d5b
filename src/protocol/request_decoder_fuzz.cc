// Requests, over any bytes: the first line names the operation, the rest is the body. What is
// accepted and written again is accepted again, as the same request with the same verdict; what is
// refused is refused in words that are JSON and of bounded length. A byte 1, which JSON does not
// allow, stands for 4,096 letters, so that short inputs get to the limits of length.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "api/operations.h"
#include "base/check.h"
#include "base/result.h"
#include "protocol/error_body.h"
#include "protocol/json_encoder.h"
#include "protocol/request_decoder.h"
#include "protocol/testing/test_request.h"
#include "protocol/typed_call.h"

namespace gramme {
namespace {

// A message of 8 KB, of which JSON may write a byte as six.
constexpr std::size_t kErrorBytesMax = 64 * 1024;

void CheckError(const ApiError& error) {
  GRAMME_CHECK(!error.message.empty(), "refused without a word");
  const std::string text = ErrorBody(error);
  GRAMME_CHECK(text.size() <= kErrorBytesMax, "an error that is far too long");
  GRAMME_CHECK(ParseJsonObject(PaddedText(text).view()).has_value(), "an error that is no JSON");
}

// As the server does it.
template <typename Operation>
Result<void> Judge(const typename Operation::Request& request, const RequestProblems& problems) {
  GRAMME_RETURN_IF_ERROR(problems.CheckTypes());
  GRAMME_TRY(const typename Operation::Plan plan, ValidateRequest<Operation>(request, problems));
  GRAMME_CHECK(!Operation::Resources(request, plan).empty(), "it asks for no permission");
  return {};
}

template <typename Operation>
void CheckRequest(std::string_view text) {
  using Request = typename Operation::Request;
  Request request;
  RequestProblems problems;
  {
    const PaddedText body(text);
    const auto object = ParseJsonObject(body.view());
    if (!object) return CheckError(object.error());
    DecodeStruct(*object, nullptr, request, problems);
  }
  const Result<void> verdict = Judge<Operation>(request, problems);
  if (!verdict) CheckError(verdict.error());
  if (!problems.CheckTypes() || !problems.CheckConstraints() || !problems.CheckValues()) return;

  std::string written;
  AppendJson(request, written);
  Request again;
  RequestProblems problems_again;
  {
    const PaddedText body(written);
    const auto object = ParseJsonObject(body.view());
    GRAMME_CHECK(object.has_value(), "a request written as no JSON");
    DecodeStruct(*object, nullptr, again, problems_again);
  }
  const Result<void> verdict_again = Judge<Operation>(again, problems_again);
  GRAMME_CHECK(verdict.has_value() == verdict_again.has_value() &&
                   (verdict || verdict.error().message == verdict_again.error().message),
               "another verdict");
  std::string written_again;
  AppendJson(again, written_again);
  GRAMME_CHECK(written_again == written, "another request");
}

std::string Expanded(std::string_view text) {
  constexpr std::size_t kRunCountMax = 600;
  std::string expanded;
  std::size_t run_count = 0;
  for (const char c : text) {
    if (c == '\1' && ++run_count <= kRunCountMax) {
      expanded.append(4096, 'a');
    } else {
      expanded += c;
    }
  }
  return expanded;
}

template <typename... Operations>
void CheckOperation(OperationList<Operations...>, std::string_view name, std::string_view body) {
  static_cast<void>(
      ((name == Operations::kName ? (CheckRequest<Operations>(body), true) : false) || ...));
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return -1;
  gramme::CheckOperation(gramme::ServedOperations{}, input.substr(0, end),
                         gramme::Expanded(input.substr(end + 1)));
  return 0;
}
