// Connection: one client. Receives, lets http/request_parser.h read requests one after the other,
// hands each to the handler, writes its answer, and keeps every deadline and limit meanwhile.
//
// One request at a time: while it is handled or answered nothing is received, so that a client that
// pipelines or never reads is held back by TCP, at no cost to others.

#ifndef GRAMME_HTTP_CONNECTION_H_
#define GRAMME_HTTP_CONNECTION_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/loop.h"
#include "http/message.h"
#include "http/poller.h"
#include "http/rejection.h"
#include "http/request_parser.h"

namespace gramme {

// Lives on its loop's thread; only Answer() may be called on others. Owned by its loop while open,
// and by whoever holds a Responder of it.
class Connection final : public Watcher, public std::enable_shared_from_this<Connection> {
 public:
  // Takes over `socket`, which is connected and non-blocking.
  Connection(std::shared_ptr<Loop> loop, int socket, std::string_view remote_address);
  ~Connection();

  void Start();
  void OnEvents(Events events) override;
  // Looks at the deadline; gives memory back when the client has been quiet.
  void Tick();
  // Closes now if idle, else after the answer to the current request.
  void Drain();
  // Closes now. Idempotent.
  void Close();

  // Where its loop keeps it.
  std::size_t position() const { return position_; }
  void set_position(std::size_t position) { position_ = position; }

 private:
  enum class State {
    kReading,    // waiting for a request, or in the middle of one
    kAwaiting,   // the next body is large, and waits for memory in its turn: nothing is received
    kHandling,   // the handler has it
    kWriting,    // its answer does not fit the socket's buffer yet
    kLingering,  // all is sent and our side is shut; waiting for the client to close
    kClosed,
  };

  // Receives as long as there is something and a request may come.
  void Receive();
  // The client has closed its side.
  void OnEnd();
  // Goes through received bytes; what must wait for an answer is kept in pending_.
  void Consume(std::string_view input);
  // Goes on with what has already come, as a task of its own.
  void ResumeLater();
  void Resume();
  void UpdateReadDeadline(bool was_idle, bool head_was_done, std::size_t byte_count);
  // Goes on with the body when there are `bytes` for it.
  void AwaitRoom(std::size_t bytes);
  // Without a charge when it took too long.
  void OnRoom(ByteCharge room);
  void TakeRoom(ByteCharge room);
  // Invites the body of a client that waits for that.
  void SendContinue();

  void Dispatch();
  // Called once per request. Thread-safe.
  void Answer(Response response);
  void Reject(const Rejection& rejection);
  // There was no memory for the body in time.
  void RejectForMemory();
  void Send(Response response, bool keep_open);
  // Writes what the socket takes of `head` and then `body`, from sent_bytes_ on. False when it was
  // not everything; the connection may be closed then.
  bool Write(std::string_view head, std::string_view body);
  // Goes on writing what is kept in out_head_ and out_body_.
  void Flush();
  void OnSent();
  void Linger();

  // Whether `bytes` of an answer may wait here for their reader.
  bool MayKeep(std::size_t bytes);
  void BeginTransfer();
  void CountTransfer(std::size_t byte_count);

  const std::shared_ptr<Loop> loop_;  // first: outlives the descriptor
  const int socket_;
  const std::string remote_address_;
  RequestParser parser_;
  State state_ = State::kReading;
  std::size_t position_ = 0;

  bool readable_ = false;   // since the last read that met the end of what was there
  bool ended_ = false;      // the client has closed its side; reading on leads there
  bool consuming_ = false;  // Consume() is on the stack and goes on by itself
  bool draining_ = false;
  bool keep_open_ = true;  // after the response that is being written
  bool quiet_ = false;     // nothing happened since the last tick
  // An answer from another thread, on its way here. Written there before it is posted, and looked
  // at by nobody else until then.
  std::optional<Response> posted_answer_;

  std::string pending_;  // received, and not parsed before the current request is answered
  // What the socket did not take at once.
  std::string out_head_;
  std::string out_body_;
  std::size_t sent_bytes_ = 0;  // of both
  ByteCharge out_charge_;       // for both, where they are large

  MonotonicTime deadline_;
  MonotonicTime transfer_begin_;  // of the body or the response
  std::size_t transferred_bytes_ = 0;
  ByteCharge body_charge_;  // of a large body, until its request is answered
};

}  // namespace gramme

#endif  // GRAMME_HTTP_CONNECTION_H_
