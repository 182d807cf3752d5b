#include "http/request_parser.h"

#include <algorithm>
#include <utility>

#include "http/gzip.h"

namespace gramme {

ParseStep RequestParser::Consume(std::string_view input) {
  std::size_t head_size = 0;
  if (phase_ == Phase::kHead) {
    const ParseStep step = head_.Consume(input);
    if (step.rejection != nullptr || !step.done) return step;
    head_size = step.consumed;
    BeginBody();
  }
  // A client that sends the body without waiting needs no invitation.
  if (input.size() > head_size) continue_expected_ = false;
  if (const std::size_t wanted = has_room_ ? 0 : WantedBytes(input.size() - head_size)) {
    return {.consumed = head_size, .wanted_bytes = wanted};
  }
  ParseStep step = ConsumeBody(input.substr(head_size));
  step.consumed += head_size;
  if (step.done) step.rejection = FinishBody();
  return step;
}

void RequestParser::GiveRoom() {
  has_room_ = true;
  // At once what it may need: a buffer that grows is there twice while it does. What is not written
  // to takes no memory.
  const Framing& framing = head_.framing();
  body_.Reserve(framing.chunked ? limits_.body_bytes_max
                                : static_cast<std::size_t>(framing.content_length));
}

bool RequestParser::TakeContinueExpected() { return std::exchange(continue_expected_, false); }

void RequestParser::Reset() {
  phase_ = Phase::kHead;
  head_.Reset();
  chunks_.Reset();
  continue_expected_ = false;
  has_room_ = false;
  body_.Clear();
  decoded_.Clear();
}

void RequestParser::Release() {
  Reset();
  head_.Release();
  body_.Release();
  decoded_.Release();
}

std::size_t RequestParser::WantedBytes(std::size_t byte_count) const {
  const Framing& framing = head_.framing();
  const std::size_t length =
      framing.chunked ? limits_.body_bytes_max : static_cast<std::size_t>(framing.content_length);
  if (framing.gzip) {
    return length + std::min(limits_.body_bytes_max, length * kGzipExpansionMax);
  }
  // Of chunks nobody knows how many come: most bodies end before they are many.
  const std::size_t size = framing.chunked ? body_.size() + byte_count : length;
  return size > kUnchargedBytes ? length : 0;
}

void RequestParser::BeginBody() {
  phase_ = head_.framing().chunked ? Phase::kChunkedBody : Phase::kFixedBody;
  continue_expected_ = head_.framing().expects_continue;
}

ParseStep RequestParser::ConsumeBody(std::string_view input) {
  if (phase_ == Phase::kChunkedBody) return chunks_.Consume(input, body_);
  const auto length = static_cast<std::size_t>(head_.framing().content_length);
  const std::size_t count = std::min(input.size(), length - body_.size());
  body_.Append(input.substr(0, count));
  return {.consumed = count, .done = body_.size() == length};
}

const Rejection* RequestParser::FinishBody() {
  BodyBuffer* body = &body_;
  if (head_.framing().gzip) {
    const auto decoded = Gunzip(body_.view(), limits_.body_bytes_max, decoded_);
    if (!decoded) {
      return decoded.error() == GunzipError::kTooLarge ? &rejections::kBodyTooLarge
                                                       : &rejections::kGzip;
    }
    body = &decoded_;
  }
  head_.request().body = body->Finish();
  return nullptr;
}

}  // namespace gramme
