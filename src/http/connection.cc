#include "http/connection.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "http/response_head.h"

namespace gramme {
namespace {

// Full receive buffers in a row before other connections get their turn.
constexpr int kReceiveCountPerWake = 4;
// A reused output buffer above this is given back after use.
constexpr std::size_t kKeptOutputBytes = 4 * 1024;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr MonotonicTime kNever = MonotonicTime::max();

}  // namespace

Connection::Connection(std::shared_ptr<Loop> loop, int socket, std::string remote_address)
    : loop_(std::move(loop)),
      descriptor_(loop_->io(), socket),
      remote_address_(std::move(remote_address)),
      parser_(loop_->context().limits),
      deadline_(kNever) {}

void Connection::Start() {
  deadline_ = loop_->coarse_now() + loop_->context().limits.idle_timeout;
  WaitReadable();
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  boost::system::error_code ignored;
  descriptor_.close(ignored);
  Hold(0);
  loop_->RemoveConnection(*this);
}

void Connection::Drain() {
  draining_ = true;
  if (state_ != State::kReading || !parser_.idle()) return;
  // A request that has arrived and was not looked at yet is still served.
  OnReadable();
  if (state_ == State::kReading && parser_.idle()) Close();
}

void Connection::Tick() {
  if (loop_->coarse_now() >= deadline_) {
    const bool mid_request = state_ == State::kReading && !parser_.idle();
    return mid_request ? Reject(rejections::kTimeout) : Close();
  }
  if (quiet_ && state_ == State::kReading && parser_.idle()) {
    parser_.Release();
    pending_ = {};
    out_head_ = {};
  }
  quiet_ = true;
}

// ---- receiving

void Connection::WaitReadable() {
  if (waiting_readable_) return;
  waiting_readable_ = true;
  descriptor_.async_wait(Descriptor::wait_read,
                         [self = shared_from_this()](const boost::system::error_code& error) {
                           self->waiting_readable_ = false;
                           if (!error) self->OnReadable();
                         });
}

void Connection::OnReadable() {
  const std::span<char> buffer = loop_->receive_buffer();
  for (int count = 0; count < kReceiveCountPerWake; ++count) {
    if (state_ != State::kReading && state_ != State::kLingering) return;
    const ssize_t received = recv(descriptor_.native_handle(), buffer.data(), buffer.size(), 0);
    if (received < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) break;
      return Close();
    }
    if (received == 0) return OnEnd();
    const auto size = static_cast<std::size_t>(received);
    loop_->context().metrics.received_bytes.Add(size);
    quiet_ = false;
    // What comes while lingering is dropped: after an error nothing is a request.
    if (state_ == State::kReading) Consume({buffer.data(), size});
    if (size < buffer.size()) break;
  }
  if (state_ == State::kReading || state_ == State::kLingering) WaitReadable();
}

void Connection::OnEnd() {
  if (state_ == State::kReading && !parser_.idle()) return Reject(rejections::kIncomplete);
  Close();
}

void Connection::Consume(std::string_view input) {
  consuming_ = true;
  while (!input.empty() && state_ == State::kReading) {
    const bool was_idle = parser_.idle();
    const bool head_was_done = parser_.head_done();
    const ParseStep step = parser_.Consume(input);
    if (step.rejection != nullptr) {
      Reject(*step.rejection);
      break;
    }
    input.remove_prefix(step.consumed);
    if (!Hold(parser_.buffered_bytes())) {
      Reject(rejections::kBufferSpace);
      break;
    }
    if (step.done) {
      Dispatch();
    } else {
      UpdateReadDeadline(was_idle, head_was_done, step.consumed);
      if (parser_.TakeContinueExpected()) SendContinue();
    }
  }
  consuming_ = false;
  // At most one receive buffer: nothing is received before this has been consumed.
  if (state_ == State::kHandling || (state_ == State::kWriting && keep_open_)) pending_ = input;
}

void Connection::ConsumePending() {
  if (state_ != State::kReading) return;
  const std::string bytes = std::exchange(pending_, {});
  Consume(bytes);
  if (state_ == State::kReading) WaitReadable();
}

void Connection::UpdateReadDeadline(bool was_idle, bool head_was_done, std::size_t byte_count) {
  if (was_idle) deadline_ = loop_->coarse_now() + loop_->context().limits.header_timeout;
  if (!parser_.head_done()) return;
  if (!head_was_done) BeginTransfer();
  CountTransfer(byte_count);
}

void Connection::SendContinue() {
  // The client has nothing unread from us, so the socket takes these few bytes or is broken.
  const ssize_t sent =
      send(descriptor_.native_handle(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(kContinue.size())) return Close();
  loop_->context().metrics.sent_bytes.Add(kContinue.size());
}

// ---- answering

void Connection::Dispatch() {
  state_ = State::kHandling;
  deadline_ = kNever;  // the handler has deadlines of its own
  Request& request = parser_.request();
  request.remote_address = remote_address_;
  dispatching_ = true;
  loop_->context().handler.Handle(request,
                                  Responder([self = shared_from_this()](Response response) {
                                    self->Answer(std::move(response));
                                  }));
  dispatching_ = false;
  if (!early_answer_) return;
  Response response = *std::exchange(early_answer_, std::nullopt);
  Send(std::move(response), parser_.keep_alive());
}

void Connection::Answer(Response response) {
  if (!loop_->InThisThread()) {
    loop_->Post([self = shared_from_this(), response = std::move(response)]() mutable {
      if (self->state_ == State::kHandling) {
        self->Send(std::move(response), self->parser_.keep_alive());
      }
    });
    return;
  }
  if (dispatching_) {
    early_answer_ = std::move(response);
  } else if (state_ == State::kHandling) {
    Send(std::move(response), parser_.keep_alive());
  }
}

void Connection::Reject(const Rejection& rejection) {
  loop_->context().metrics.rejections.With({rejection.reason}).Add();
  Send(Response{.status = rejection.status,
                .content_type = "text/plain",
                .headers = {},
                .body = std::string(rejection.text) + "\n",
                .close = true},
       /*keep_open=*/false);
}

void Connection::Send(Response response, bool keep_open) {
  keep_open_ = keep_open && !response.close && !draining_;
  ConnectionHeader header = ConnectionHeader::kNone;
  if (!keep_open_) header = ConnectionHeader::kClose;
  if (keep_open_ && parser_.is_http_1_0()) header = ConnectionHeader::kKeepAlive;
  out_head_.clear();
  AppendResponseHead(response, loop_->Date(), header, out_head_);
  const bool with_body = StatusHasBody(response.status) && parser_.request().method != "HEAD";
  out_body_ = with_body ? std::move(response.body) : std::string();
  sent_bytes_ = 0;
  // The request's views end here.
  if (parser_.buffered_bytes() > kUnchargedBytes) {
    parser_.Release();
  } else {
    parser_.Reset();
  }
  Hold(0);
  state_ = State::kWriting;
  BeginTransfer();
  Flush();
}

void Connection::Flush() {
  const std::size_t total = out_head_.size() + out_body_.size();
  while (sent_bytes_ < total) {
    const std::size_t head_sent = std::min(sent_bytes_, out_head_.size());
    const std::size_t body_sent = sent_bytes_ - head_sent;
    std::array<iovec, 2> parts = {
        iovec{.iov_base = out_head_.data() + head_sent, .iov_len = out_head_.size() - head_sent},
        iovec{.iov_base = out_body_.data() + body_sent, .iov_len = out_body_.size() - body_sent}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = out_body_.empty() ? 1 : 2;
    const ssize_t sent = sendmsg(descriptor_.native_handle(), &message, MSG_NOSIGNAL);
    if (sent >= 0) {
      sent_bytes_ += static_cast<std::size_t>(sent);
      CountTransfer(static_cast<std::size_t>(sent));
      loop_->context().metrics.sent_bytes.Add(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    // A reader so slow that others would suffer is cut off.
    if ((errno != EAGAIN && errno != EWOULDBLOCK) || !Hold(total)) return Close();
    descriptor_.async_wait(Descriptor::wait_write,
                           [self = shared_from_this()](const boost::system::error_code& error) {
                             if (!error && self->state_ == State::kWriting) self->Flush();
                           });
    return;
  }
  OnSent();
}

void Connection::OnSent() {
  Hold(0);
  quiet_ = false;
  out_body_ = {};
  if (out_head_.capacity() > kKeptOutputBytes) out_head_ = {};
  if (!keep_open_) return Linger();
  state_ = State::kReading;
  deadline_ = loop_->coarse_now() + loop_->context().limits.idle_timeout;
  if (consuming_) return;
  if (pending_.empty()) return WaitReadable();
  // Not from here: the next request would be handled inside the answer to this one.
  loop_->Post([self = shared_from_this()] { self->ConsumePending(); });
}

void Connection::Linger() {
  state_ = State::kLingering;
  pending_ = {};
  deadline_ = loop_->coarse_now() + loop_->context().limits.linger_timeout;
  if (shutdown(descriptor_.native_handle(), SHUT_WR) != 0) return Close();
  WaitReadable();
}

// ---- limits

bool Connection::Hold(std::size_t bytes) {
  const std::size_t wanted = bytes > kUnchargedBytes ? bytes - kUnchargedBytes : 0;
  BufferBudget& budget = loop_->context().budget;
  if (wanted > held_bytes_ && !budget.Charge(wanted - held_bytes_)) return false;
  if (wanted < held_bytes_) budget.Return(held_bytes_ - wanted);
  held_bytes_ = wanted;
  return true;
}

void Connection::BeginTransfer() {
  transfer_begin_ = loop_->coarse_now();
  transferred_bytes_ = 0;
  CountTransfer(0);
}

void Connection::CountTransfer(std::size_t byte_count) {
  const Limits& limits = loop_->context().limits;
  transferred_bytes_ += byte_count;
  deadline_ = transfer_begin_ + limits.transfer_grace +
              std::chrono::seconds(transferred_bytes_ / limits.transfer_bytes_per_second_min);
}

}  // namespace gramme
