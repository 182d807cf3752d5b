// WakeBatch: while one is open on a thread, loops that are posted to from that thread are woken
// when it closes, each once. A round of commits that releases hundreds of answers opens one.

#ifndef GRAMME_BASE_WAKE_BATCH_H_
#define GRAMME_BASE_WAKE_BATCH_H_

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace gramme {

// What sleeps until there is work for it.
class Sleeper {
 public:
  // Thread-safe.
  virtual void Wake() = 0;

 protected:
  ~Sleeper() = default;
};

// A scope: opened and closed by one thread. One inside another leaves the waking to the outer one.
class WakeBatch {
 public:
  WakeBatch() : outer_(std::exchange(current_, this)) {}
  ~WakeBatch() {
    current_ = outer_;
    for (std::shared_ptr<Sleeper>& sleeper : sleepers_) WakeSoon(std::move(sleeper));
  }
  WakeBatch(const WakeBatch&) = delete;
  WakeBatch& operator=(const WakeBatch&) = delete;

  // Wakes `sleeper` when the outermost open batch of this thread closes; now if there is none.
  static void WakeSoon(std::shared_ptr<Sleeper> sleeper) {
    if (current_ == nullptr) {
      sleeper->Wake();
    } else if (std::ranges::find(current_->sleepers_, sleeper) == current_->sleepers_.end()) {
      current_->sleepers_.push_back(std::move(sleeper));
    }
  }

 private:
  inline static thread_local WakeBatch* current_ = nullptr;

  WakeBatch* const outer_;
  std::vector<std::shared_ptr<Sleeper>> sleepers_;
};

}  // namespace gramme

#endif  // GRAMME_BASE_WAKE_BATCH_H_
