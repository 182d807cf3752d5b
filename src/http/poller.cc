#include "http/poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>

#include "base/check.h"

namespace gramme {
namespace {

// Told of in one Wait(); more are told of in the next.
constexpr int kEventCount = 256;

}  // namespace

Poller::Poller()
    : poll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  GRAMME_CHECK(poll_ >= 0 && wake_ >= 0, "no descriptors for an event loop");
  // Edge-triggered: each Wake() is an event of its own, and the counter is never read.
  GRAMME_CHECK(Add(wake_, nullptr, EPOLLIN | EPOLLET), "no memory for an event loop");
}

Poller::~Poller() {
  close(wake_);
  close(poll_);
}

bool Poller::Add(int descriptor, Watcher* watcher, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = watcher;
  return epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

bool Poller::Watch(int descriptor, Watcher& watcher) {
  return Add(descriptor, &watcher, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

bool Poller::WatchLevel(int descriptor, Watcher& watcher) {
  return Add(descriptor, &watcher, EPOLLIN);
}

void Poller::Forget(int descriptor) { epoll_ctl(poll_, EPOLL_CTL_DEL, descriptor, nullptr); }

void Poller::Wait(int timeout_ms) {
  std::array<epoll_event, kEventCount> events;
  // An interruption by a signal is a wait that ended early.
  const int count = epoll_wait(poll_, events.data(), kEventCount, timeout_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr) continue;  // Wake()
    const bool ended = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    static_cast<Watcher*>(event.data.ptr)
        ->OnEvents({.readable = ended || (event.events & EPOLLIN) != 0,
                    .writable = ended || (event.events & EPOLLOUT) != 0,
                    .ended = ended});
  }
}

void Poller::Wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof(one));
}

}  // namespace gramme
