// Poller: waits for many file descriptors at once (epoll), on one thread, and lets any thread end
// the wait. Descriptors are watched edge-triggered: one call when a descriptor is added, and none
// for each request.

#ifndef GRAMME_HTTP_POLLER_H_
#define GRAMME_HTTP_POLLER_H_

#include <cstdint>

namespace gramme {

// Whoever owns a watched descriptor.
class Watcher {
 public:
  // What has become possible since the last call. Readable stays true until a read has met the end
  // of what is there; the same holds for writing: nothing is told twice. Runs on the poller's
  // thread.
  struct Events {
    bool readable = false;
    bool writable = false;
    bool ended = false;  // the other side sends nothing more, or there was an error
  };
  virtual void OnEvents(Events events) = 0;

 protected:
  ~Watcher() = default;
};

// Wake() is thread-safe; everything else belongs to one thread.
class Poller {
 public:
  // A descriptor that cannot be had is a crash: the process is only just starting.
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // Tells `watcher` of `descriptor` until that is closed. What is possible now is told first. False
  // when the kernel has no memory for it. Keeps the reference: a watcher outlives the Wait() in
  // which its descriptor is closed.
  bool Watch(int descriptor, Watcher& watcher);
  // The same for readability alone, told again at each Wait() while it lasts.
  bool WatchLevel(int descriptor, Watcher& watcher);
  // Stops watching.
  void Forget(int descriptor);

  // Calls the watchers of what happened. Returns after that, after Wake(), or after
  // `timeout_ms`.
  void Wait(int timeout_ms);
  // Ends the current or the next Wait().
  void Wake();

 private:
  bool Add(int descriptor, Watcher* watcher, std::uint32_t events);

  int poll_ = -1;
  int wake_ = -1;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_POLLER_H_
