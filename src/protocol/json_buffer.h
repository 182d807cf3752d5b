// JsonBuffer: the end of a string that JSON is written to, piece by piece, without a call for each
// byte. The string is longer than what is written until the buffer goes.

#ifndef GRAMME_PROTOCOL_JSON_BUFFER_H_
#define GRAMME_PROTOCOL_JSON_BUFFER_H_

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace gramme {

// Used by one thread. Nobody else touches the string meanwhile.
class JsonBuffer {
 public:
  // Writes behind what `out` holds.
  explicit JsonBuffer(std::string& out) : out_(out), used_(out.size()) {}
  ~JsonBuffer() { out_.resize(used_); }
  JsonBuffer(const JsonBuffer&) = delete;
  JsonBuffer& operator=(const JsonBuffer&) = delete;

  // The place of the next byte, with room for `byte_count` of them until the next call.
  char* Reserve(std::size_t byte_count) {
    if (out_.size() - used_ < byte_count) Grow(byte_count);
    return out_.data() + used_;
  }
  // The next byte will come to `end`, which lies in what was reserved.
  void Advance(const char* end) { used_ = static_cast<std::size_t>(end - out_.data()); }

  void Append(char c) {
    *Reserve(1) = c;
    ++used_;
  }
  void Append(std::string_view text) {
    std::memcpy(Reserve(text.size()), text.data(), text.size());
    used_ += text.size();
  }
  // In quotes, escaped. REQUIRES: valid UTF-8.
  void AppendString(std::string_view text);

  // For those who can only append to a string.
  template <typename AppendTo>
  void AppendWith(AppendTo append) {
    out_.resize(used_);
    append(out_);
    used_ = out_.size();
  }

 private:
  void Grow(std::size_t byte_count);

  std::string& out_;
  std::size_t used_;
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_JSON_BUFFER_H_
