#include "protocol/request_problems.h"

#include <algorithm>
#include <utility>

namespace gramme {
namespace {

// Of a value quoted in a message: enough to recognise it.
constexpr std::size_t kQuotedBytesMax = 1024;

std::string_view Shortened(std::string_view value) {
  if (value.size() <= kQuotedBytesMax) return value;
  std::size_t size = kQuotedBytesMax;
  // Not in the middle of a UTF-8 sequence.
  while (size > 0 && (static_cast<unsigned char>(value[size]) & 0xc0u) == 0x80u) --size;
  return value.substr(0, size);
}

}  // namespace

void RequestProblems::AddSerialization(std::string message) {
  if (!serialization_) serialization_ = std::move(message);
}

void RequestProblems::AddViolation(const MemberPath& path, std::string_view value,
                                   std::string_view constraint) {
  if (violations_.size() >= kViolationCountMax) return;
  std::string text = "Value '";
  text.append(Shortened(value)).append("' at '").append(PathText(path));
  text.append("' failed to satisfy constraint: ").append(constraint);
  violations_.push_back(std::move(text));
}

void RequestProblems::AddMissing(const MemberPath& path) {
  if (violations_.size() >= kViolationCountMax) return;
  violations_.push_back("Value null at '" + PathText(path) +
                        "' failed to satisfy constraint: Member must not be null");
}

void RequestProblems::AddAbsence(std::string_view message) {
  if (absence_.empty()) absence_ = message;
}

void RequestProblems::AddInvalid(std::string_view member, std::string message) {
  if (std::ranges::find(invalid_, member, &Invalid::first) != invalid_.end()) return;
  invalid_.emplace_back(member, std::move(message));
}

Result<void> RequestProblems::CheckTypes() const {
  if (serialization_) return Error(ErrorCode::kSerializationException, *serialization_);
  return {};
}

Result<void> RequestProblems::CheckConstraints() const {
  if (!absence_.empty()) return ValidationError(std::string(absence_));
  if (!violations_.empty()) {
    std::string message = std::to_string(violations_.size());
    message +=
        violations_.size() == 1 ? " validation error detected: " : " validation errors detected: ";
    for (std::size_t i = 0; i < violations_.size(); ++i) {
      if (i > 0) message += "; ";
      message += violations_[i];
    }
    return ValidationError(std::move(message));
  }
  return {};
}

std::string_view RequestProblems::FirstInvalidMember(std::string_view last) const {
  const Invalid* first = FirstInvalid(last);
  return first == nullptr ? std::string_view() : first->first;
}

Result<void> RequestProblems::CheckValues(std::string_view last) const {
  const Invalid* first = FirstInvalid(last);
  if (first != nullptr) return ValidationError(first->second);
  return {};
}

const RequestProblems::Invalid* RequestProblems::FirstInvalid(std::string_view last) const {
  for (const Invalid& invalid : invalid_) {
    if (invalid.first != last || invalid_.size() == 1) return &invalid;
  }
  return nullptr;
}

}  // namespace gramme
