#include "tests/client/crowd.h"

#include <poll.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <thread>
#include <utility>

namespace gramme {
namespace {

constexpr int kAnswerMillisecondsMax = 60'000;

std::int64_t Now() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

// What the threads share.
class Verdict {
 public:
  void Blame(std::string what) {
    const std::lock_guard lock(mutex_);
    if (!what_) what_ = std::move(what);
    is_over_ = true;
  }
  bool is_over() const { return is_over_; }
  std::optional<std::string> Take() { return std::move(what_); }

 private:
  std::mutex mutex_;
  std::optional<std::string> what_;
  std::atomic<bool> is_over_ = false;
};

// The actors of one thread.
class Group {
 public:
  Group(std::uint16_t port, Verdict& verdict) : port_(port), verdict_(verdict) {}

  void Add(Actor* actor) { members_.push_back({.actor = actor, .connection = Connection(port_)}); }

  void Run() {
    for (Member& member : members_) Send(member);
    while (!verdict_.is_over() && AwaitAnswers()) {
      for (std::size_t i = 0; i < polled_.size(); ++i) {
        if (polled_[i].revents != 0) Receive(*waiting_[i]);
      }
    }
  }

 private:
  struct Member {
    Actor* actor;
    Connection connection;
    bool is_waiting = false;
    std::int64_t begin = 0;
    std::string_view operation = {};
  };

  void Send(Member& member) {
    const std::optional<ActorRequest> request = member.actor->Next();
    member.is_waiting = request.has_value();
    if (!request) return;
    member.operation = request->operation;
    member.begin = Now();
    if (!member.connection.Send(request->operation, request->body)) {
      verdict_.Blame("the connection ended before " + std::string(request->operation));
    }
  }

  void Receive(Member& member) {
    const std::optional<Answer> answer = member.connection.Receive();
    if (!answer) {
      verdict_.Blame(std::string(member.operation) + " got no answer in " +
                     std::to_string((Now() - member.begin) / 1'000'000) + " ms " +
                     member.connection.broken());
      return;
    }
    if (auto wrong = member.actor->OnAnswer(*answer, {.begin = member.begin, .end = Now()})) {
      verdict_.Blame(*std::move(wrong));
      return;
    }
    Send(member);
  }

  // False when nobody waits any more.
  bool AwaitAnswers() {
    polled_.clear();
    waiting_.clear();
    for (Member& member : members_) {
      if (!member.is_waiting) continue;
      polled_.push_back({.fd = member.connection.descriptor(), .events = POLLIN, .revents = 0});
      waiting_.push_back(&member);
    }
    if (polled_.empty()) return false;
    if (poll(polled_.data(), polled_.size(), kAnswerMillisecondsMax) == 0) {
      verdict_.Blame("no answer came in a minute");
    }
    return true;
  }

  const std::uint16_t port_;
  Verdict& verdict_;
  std::vector<Member> members_;
  std::vector<pollfd> polled_;
  std::vector<Member*> waiting_;
};

}  // namespace

std::optional<std::string> RunCrowd(std::uint16_t port, const Actors& actors, int thread_count) {
  Verdict verdict;
  std::vector<std::unique_ptr<Group>> groups;
  for (int i = 0; i < thread_count; ++i) {
    groups.push_back(std::make_unique<Group>(port, verdict));
  }
  for (std::size_t i = 0; i < actors.size(); ++i) groups[i % groups.size()]->Add(actors[i].get());
  std::vector<std::thread> threads;
  for (const auto& group : groups) threads.emplace_back([group = group.get()] { group->Run(); });
  for (std::thread& thread : threads) thread.join();
  return verdict.Take();
}

}  // namespace gramme
