// BodyBuffer: bytes that grow, followed by kBodySlackBytes more that may be read, so that a body
// can be parsed where it lies.

#ifndef GRAMME_HTTP_BODY_BUFFER_H_
#define GRAMME_HTTP_BODY_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "http/message.h"

namespace gramme {

// Keeps its memory from one message to the next until Release(). Not thread-safe.
class BodyBuffer {
 public:
  // Invalidates views when it grows.
  void Append(std::string_view bytes) {
    if (bytes.empty()) return;
    Reserve(size_ + bytes.size());
    std::memcpy(memory_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  // Room for `size` bytes in all; grows by doubling, so that a stream of appends is linear.
  void Reserve(std::size_t size) {
    if (memory_ != nullptr && size <= capacity_) return;
    const std::size_t wanted = std::max({size, 2 * capacity_, kFirstCapacity});
    auto larger = std::make_unique_for_overwrite<char[]>(wanted + kBodySlackBytes);
    if (size_ > 0) std::memcpy(larger.get(), memory_.get(), size_);
    memory_ = std::move(larger);
    capacity_ = wanted;
  }

  // For a writer that fills reserved room itself. REQUIRES: size <= what was reserved.
  char* data() { return memory_.get(); }
  void SetSize(std::size_t size) { size_ = size; }

  // With the slack behind it, zeroed: nothing of an earlier message can be read there. Valid until
  // the buffer changes.
  std::string_view Finish() {
    Reserve(size_);
    std::memset(memory_.get() + size_, 0, kBodySlackBytes);
    return {memory_.get(), size_};
  }
  std::string_view view() const { return {memory_.get(), size_}; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }

  void Clear() { size_ = 0; }
  void Release() {
    memory_.reset();
    size_ = capacity_ = 0;
  }

 private:
  static constexpr std::size_t kFirstCapacity = 1024;

  std::unique_ptr<char[]> memory_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_BODY_BUFFER_H_
