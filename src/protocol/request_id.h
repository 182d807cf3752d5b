// The id of a request: in its answer and in every log line about it. 52 capital letters and digits,
// as AWS's are; unique in practice.

#ifndef GRAMME_PROTOCOL_REQUEST_ID_H_
#define GRAMME_PROTOCOL_REQUEST_ID_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "base/random.h"

namespace gramme {

inline constexpr std::size_t kRequestIdLength = 52;

// A value without memory of its own.
class RequestId {
 public:
  explicit RequestId(Random& random);

  std::string_view text() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, kRequestIdLength> text_;
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_REQUEST_ID_H_
