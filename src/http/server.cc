#include "http/server.h"

#include <unistd.h>

#include <latch>
#include <utility>

#include "base/check.h"
#include "base/thread_priority.h"
#include "http/loop.h"
#include "http/server_context.h"

namespace gramme {

Server::Server(ServerOptions options, Handler& handler, Clock& clock, Registry& registry)
    : options_(std::move(options)),
      context_(std::make_shared<ServerContext>(options_.limits, handler, clock, registry)) {
  GRAMME_CHECK(!options_.addresses.empty(), "a server listens somewhere");
  GRAMME_CHECK(options_.loop_count > 0, "a server has a loop");
  for (std::size_t i = 0; i < options_.loop_count; ++i) {
    loops_.push_back(std::make_shared<Loop>(context_));
  }
}

Server::~Server() { Stop(); }

std::expected<void, std::string> Server::Start() {
  GRAMME_CHECK(threads_.empty(), "a server starts once");
  std::vector<std::vector<int>> opened;
  for (ListenAddress& address : options_.addresses) {
    const auto sockets = OpenListeningSockets(address, loops_.size());
    if (sockets.has_value()) {
      opened.push_back(*sockets);
      continue;
    }
    for (const std::vector<int>& descriptors : opened) {
      for (const int descriptor : descriptors) close(descriptor);
    }
    return std::unexpected(sockets.error());
  }
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    for (const std::vector<int>& descriptors : opened) loops_[i]->AddListener(descriptors[i]);
    threads_.emplace_back([loop = loops_[i]] {
      AskForShortSlices();
      loop->Run();
    });
  }
  return {};
}

void Server::StopAccepting() {
  if (threads_.empty() || !accepting_) return;
  accepting_ = false;
  std::latch done(static_cast<std::ptrdiff_t>(loops_.size()));
  for (const auto& loop : loops_) {
    loop->Post([&] {
      loop->StopAccepting();
      done.count_down();
    });
  }
  done.wait();
  for (const ListenAddress& address : options_.addresses) {
    if (!address.unix_path.empty()) unlink(address.unix_path.c_str());
  }
}

bool Server::Drain(Duration timeout) {
  StopAccepting();
  for (const auto& loop : loops_) loop->Post([&loop = *loop] { loop.Drain(); });
  return context_->connections.WaitForNone(timeout);
}

void Server::Stop() {
  if (threads_.empty()) return;
  StopAccepting();
  for (const auto& loop : loops_) loop->RequestStop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  // They hold connections, and these the budget.
  context_->budget->DropWaiting();
  context_->small_budget->DropWaiting();
}

Executor& Server::loop(std::size_t index) {
  GRAMME_CHECK(index < loops_.size(), "no such loop");
  return *loops_[index];
}

}  // namespace gramme
