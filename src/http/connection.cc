#include "http/connection.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "http/response_head.h"

namespace gramme {
namespace {

// Full receive buffers in a row before other connections get their turn.
constexpr int kReceiveCountPerWake = 4;
// Bodies up to this are copied behind their head, which costs less than telling the kernel of two
// pieces.
constexpr std::size_t kCopiedBodyBytesMax = 8 * 1024;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr MonotonicTime kNever = MonotonicTime::max();

// As send(2) does. One piece at least is not empty.
ssize_t SendPieces(int socket, std::string_view head, std::string_view body) {
  if (body.empty()) return send(socket, head.data(), head.size(), MSG_NOSIGNAL);
  if (head.empty()) return send(socket, body.data(), body.size(), MSG_NOSIGNAL);
  // The kernel does not write to what it is given here.
  std::array<iovec, 2> parts = {
      iovec{.iov_base = const_cast<char*>(head.data()), .iov_len = head.size()},
      iovec{.iov_base = const_cast<char*>(body.data()), .iov_len = body.size()}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  return sendmsg(socket, &message, MSG_NOSIGNAL);
}

// Assigning an empty string would keep the memory.
void Free(std::string& text) { std::string().swap(text); }

}  // namespace

Connection::Connection(std::shared_ptr<Loop> loop, int socket, std::string_view remote_address)
    : loop_(std::move(loop)),
      socket_(socket),
      remote_address_(remote_address),
      parser_(loop_->context().limits),
      deadline_(kNever) {}

Connection::~Connection() = default;

void Connection::Start() {
  deadline_ = loop_->coarse_now() + loop_->context().limits.idle_timeout;
  if (!loop_->poller().Watch(socket_, *this)) Close();
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  close(socket_);
  body_charge_.Release();
  out_charge_.Release();
  loop_->RemoveConnection(*this);
}

void Connection::Drain() {
  draining_ = true;
  if (state_ != State::kReading || !parser_.idle()) return;
  // A request that has arrived and was not looked at yet is still served.
  readable_ = true;
  Resume();
  if (state_ == State::kReading && parser_.idle()) Close();
}

void Connection::Tick() {
  if (loop_->coarse_now() >= deadline_) {
    const bool mid_request = state_ == State::kReading && !parser_.idle();
    return mid_request ? Reject(rejections::kTimeout) : Close();
  }
  if (quiet_ && state_ == State::kReading && parser_.idle()) {
    parser_.Release();
    Free(pending_);
    Free(out_head_);
  }
  quiet_ = true;
}

// ---- receiving

void Connection::OnEvents(Events events) {
  readable_ |= events.readable;
  ended_ |= events.ended;
  if (events.writable && state_ == State::kWriting) Flush();
  Receive();
}

void Connection::Receive() {
  // Of a body that must wait for memory, no more than this has been taken from the socket.
  const std::span<char> buffer = loop_->receive_buffer().first(
      body_charge_ ? loop_->receive_buffer().size() : kUnchargedBytes);
  for (int count = 0; count < kReceiveCountPerWake; ++count) {
    if (!readable_ || (state_ != State::kReading && state_ != State::kLingering)) return;
    if (!pending_.empty()) return;  // Resume() is on its way, and these bytes come first
    const ssize_t received = recv(socket_, buffer.data(), buffer.size(), 0);
    if (received < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) return Close();
      readable_ = false;
      return;
    }
    if (received == 0) return OnEnd();
    const auto size = static_cast<std::size_t>(received);
    // Less than was asked for: all that was there, and what comes next is an event of its own.
    if (size < buffer.size()) readable_ = ended_;
    loop_->context().metrics.received_bytes.Add(size);
    quiet_ = false;
    // What comes while lingering is dropped: after an error nothing is a request.
    if (state_ == State::kReading) Consume({buffer.data(), size});
  }
  if (readable_ && state_ != State::kClosed) ResumeLater();
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
    if (step.done) {
      // What the body turned out to be, where that was not known before.
      if (body_charge_) body_charge_.Resize(parser_.used_bytes());
      Dispatch();
      continue;
    }
    UpdateReadDeadline(was_idle, head_was_done, step.consumed);
    if (step.wanted_bytes > 0) AwaitRoom(step.wanted_bytes);
    if (state_ == State::kReading && parser_.TakeContinueExpected()) SendContinue();
  }
  consuming_ = false;
  const bool goes_on = state_ == State::kHandling || state_ == State::kAwaiting ||
                       (state_ == State::kWriting && keep_open_);
  // At most one receive buffer: nothing is received before this has been consumed.
  if (goes_on) pending_ = input;
}

void Connection::AwaitRoom(std::size_t bytes) {
  const ServerContext& context = loop_->context();
  const bool is_small = bytes <= context.limits.small_body_bytes_max;
  const std::shared_ptr<ByteBudget>& budget = is_small ? context.small_budget : context.budget;
  ByteCharge room = budget->TryCharge(bytes);
  if (!room && is_small) room = context.budget->TryCharge(bytes);
  if (room) return TakeRoom(std::move(room));
  state_ = State::kAwaiting;
  deadline_ = kNever;  // the budget has one of its own
  budget->Wait(bytes, loop_->coarse_now() + context.limits.room_patience,
               [self = shared_from_this()](ByteCharge granted) {
                 self->loop_->Post([self, granted = std::move(granted)]() mutable {
                   self->OnRoom(std::move(granted));
                 });
               });
}

void Connection::OnRoom(ByteCharge room) {
  if (state_ != State::kAwaiting) return;
  state_ = State::kReading;
  if (!room) return RejectForMemory();
  TakeRoom(std::move(room));
  if (parser_.TakeContinueExpected()) SendContinue();
  Resume();
}

void Connection::TakeRoom(ByteCharge room) {
  body_charge_ = std::move(room);
  parser_.GiveRoom();
  BeginTransfer();
}

void Connection::ResumeLater() {
  loop_->Post([self = shared_from_this()] { self->Resume(); });
}

void Connection::Resume() {
  if (state_ == State::kReading && !pending_.empty()) {
    const std::string bytes = std::exchange(pending_, {});
    Consume(bytes);
  }
  Receive();
}

void Connection::UpdateReadDeadline(bool was_idle, bool head_was_done, std::size_t byte_count) {
  if (was_idle) deadline_ = loop_->coarse_now() + loop_->context().limits.header_timeout;
  if (!parser_.head_done()) return;
  if (!head_was_done) BeginTransfer();
  CountTransfer(byte_count);
}

void Connection::SendContinue() {
  // The client has nothing unread from us, so the socket takes these few bytes or is broken.
  const ssize_t sent = send(socket_, kContinue.data(), kContinue.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(kContinue.size())) return Close();
  loop_->context().metrics.sent_bytes.Add(kContinue.size());
}

// ---- answering

void Connection::Dispatch() {
  state_ = State::kHandling;
  deadline_ = kNever;  // the handler has deadlines of its own
  parser_.request().remote_address = remote_address_;
  loop_->context().handler.Handle(parser_.request(),
                                  Responder([self = shared_from_this()](Response response) {
                                    self->Answer(std::move(response));
                                  }));
}

void Connection::Answer(Response response) {
  if (loop_->InThisThread()) {
    if (state_ == State::kHandling) Send(std::move(response), parser_.keep_alive());
    return;
  }
  posted_answer_ = std::move(response);
  loop_->Post([self = shared_from_this()] {
    Response answer = *std::exchange(self->posted_answer_, std::nullopt);
    if (self->state_ == State::kHandling) {
      self->Send(std::move(answer), self->parser_.keep_alive());
    }
  });
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

void Connection::RejectForMemory() {
  loop_->context().metrics.rejections.With({rejections::kBufferSpace.reason}).Add();
  parser_.request().remote_address = remote_address_;
  // What comes of the body has not been asked for.
  Send(loop_->context().handler.RefuseForMemory(parser_.request()), /*keep_open=*/false);
}

void Connection::Send(Response response, bool keep_open) {
  keep_open_ = keep_open && !response.close && !draining_;
  ConnectionHeader header = ConnectionHeader::kNone;
  if (!keep_open_) header = ConnectionHeader::kClose;
  if (keep_open_ && parser_.is_http_1_0()) header = ConnectionHeader::kKeepAlive;
  std::string& head = loop_->send_buffer();
  head.clear();
  AppendResponseHead(response, loop_->Date(), header, head);
  const bool with_body = StatusHasBody(response.status) && parser_.request().method != "HEAD";
  if (!with_body) response.body.clear();
  if (response.body.size() <= kCopiedBodyBytesMax) {
    head.append(response.body);
    response.body.clear();
  }
  // The request's views end here.
  if (body_charge_ || parser_.buffered_bytes() > kUnchargedBytes) {
    parser_.Release();
    body_charge_.Release();
  } else {
    parser_.Reset();
  }
  state_ = State::kWriting;
  sent_bytes_ = 0;
  out_charge_ = std::move(response.charge);
  if (Write(head, response.body)) return OnSent();
  if (state_ == State::kClosed) return;
  out_head_ = head;
  out_body_ = std::move(response.body);
  transfer_begin_ = loop_->coarse_now();
  transferred_bytes_ = 0;
  CountTransfer(sent_bytes_);
}

bool Connection::Write(std::string_view head, std::string_view body) {
  const std::size_t total = head.size() + body.size();
  while (sent_bytes_ < total) {
    const std::size_t head_sent = std::min(sent_bytes_, head.size());
    const ssize_t sent =
        SendPieces(socket_, head.substr(head_sent), body.substr(sent_bytes_ - head_sent));
    if (sent >= 0) {
      sent_bytes_ += static_cast<std::size_t>(sent);
      loop_->context().metrics.sent_bytes.Add(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    // A reader so slow that others would suffer is cut off.
    if ((errno != EAGAIN && errno != EWOULDBLOCK) || !MayKeep(total)) Close();
    return false;
  }
  return true;
}

void Connection::Flush() {
  const std::size_t sent_before = sent_bytes_;
  const bool is_complete = Write(out_head_, out_body_);
  if (state_ == State::kClosed) return;
  CountTransfer(sent_bytes_ - sent_before);
  if (!is_complete) return;
  Free(out_head_);
  Free(out_body_);
  OnSent();
}

void Connection::OnSent() {
  quiet_ = false;
  if (out_charge_) out_charge_.Release();
  if (!keep_open_) return Linger();
  state_ = State::kReading;
  deadline_ = loop_->coarse_now() + loop_->context().limits.idle_timeout;
  // Not from here: the next request would be handled inside the answer to this one.
  if (!consuming_ && (readable_ || !pending_.empty())) ResumeLater();
}

void Connection::Linger() {
  state_ = State::kLingering;
  Free(pending_);
  deadline_ = loop_->coarse_now() + loop_->context().limits.linger_timeout;
  if (shutdown(socket_, SHUT_WR) != 0) return Close();
  if (readable_) ResumeLater();
}

// ---- limits

bool Connection::MayKeep(std::size_t bytes) {
  if (bytes <= kUnchargedBytes || out_charge_) return true;
  out_charge_ = loop_->context().budget->ChargeTaken(bytes);
  return static_cast<bool>(out_charge_);
}

void Connection::BeginTransfer() {
  transfer_begin_ = loop_->coarse_now();
  transferred_bytes_ = 0;
  CountTransfer(0);
}

void Connection::CountTransfer(std::size_t byte_count) {
  const Limits& limits = loop_->context().limits;
  transferred_bytes_ += byte_count;
  const MonotonicTime due =
      transfer_begin_ + limits.transfer_grace +
      std::chrono::seconds(transferred_bytes_ / limits.transfer_bytes_per_second_min);
  deadline_ = std::min(due, loop_->coarse_now() + limits.transfer_grace);
}

}  // namespace gramme
