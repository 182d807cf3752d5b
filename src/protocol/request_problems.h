// RequestProblems: what is wrong with one decoded request, in DynamoDB's order: JSON of the wrong
// type first, then an absence that has words of its own, then every violated constraint of the
// service model in one message, then, after the rules that an operation has for its parameters,
// the first attribute value that cannot be.

#ifndef GRAMME_PROTOCOL_REQUEST_PROBLEMS_H_
#define GRAMME_PROTOCOL_REQUEST_PROBLEMS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/api_error.h"
#include "protocol/member_path.h"

namespace gramme {

// Used by one thread while a request is decoded.
class RequestProblems {
 public:
  // A JSON value of the wrong type; the first one counts.
  void AddSerialization(std::string message);
  // A violated constraint: `Value 'x' at 'path' failed to satisfy constraint: <constraint>`.
  // The first kViolationCountMax count.
  void AddViolation(const MemberPath& path, std::string_view value, std::string_view constraint);
  // The same for a required member that is absent.
  void AddMissing(const MemberPath& path);
  // DynamoDB's own sentence for an absent member, told before and without any violation; the first
  // one counts.
  void AddAbsence(std::string_view message);
  // A ValidationException of its own, of a value in a member of the request; the first one of each
  // member counts. `member` is a literal.
  void AddInvalid(std::string_view member, std::string message);

  bool has_serialization() const { return serialization_.has_value(); }

  // SerializationException, if there is a reason for one.
  Result<void> CheckTypes() const;
  // ValidationException for an absence or violated constraints.
  Result<void> CheckConstraints() const;
  // The member that is told first of those with a value that cannot be, one of the name `last` last
  // of all. Empty: there is none.
  std::string_view FirstInvalidMember(std::string_view last = {}) const;
  // ValidationException for the value of that member.
  Result<void> CheckValues(std::string_view last = {}) const;

 private:
  using Invalid = std::pair<std::string_view, std::string>;  // member and message

  const Invalid* FirstInvalid(std::string_view last) const;

  std::optional<std::string> serialization_;
  std::string_view absence_;  // a literal
  std::vector<std::string> violations_;
  std::vector<Invalid> invalid_;
};

// AWS names no more in one message.
inline constexpr std::size_t kViolationCountMax = 10;

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_REQUEST_PROBLEMS_H_
