// Listener: accepts connections from one listening socket for one loop. When descriptors or memory
// run out it stops accepting until the next tick of the loop, instead of spinning on the error.

#ifndef GRAMME_HTTP_LISTENER_H_
#define GRAMME_HTTP_LISTENER_H_

#include <string_view>

#include "http/loop.h"
#include "http/poller.h"

namespace gramme {

// Lives on its loop's thread, until the loop is destroyed.
class Listener final : public Watcher {
 public:
  // Takes over `descriptor`, which is listening and non-blocking. Keeps the reference.
  Listener(Loop& loop, int descriptor) : loop_(loop), descriptor_(descriptor) {}
  ~Listener() { Close(); }

  void Start();
  void OnEvents(Events events) override;
  // Tries again after a pause; does nothing when there is none.
  void Resume();
  // Accepts whatever is in the queue now.
  void TakeAll();
  // Closes the socket; all calls do nothing from here on. Idempotent.
  void Close();

 private:
  // Accepts at most `count_max`.
  void Accept(int count_max);
  void Admit(int socket, std::string_view remote_address);
  void Pause();

  Loop& loop_;
  const int descriptor_;
  bool paused_ = false;
  bool closed_ = false;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_LISTENER_H_
