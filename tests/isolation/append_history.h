// AppendHistory: transactions that append to lists and read them, and the proof that they happened
// one after the other in an order that agrees with real time, or the reason why they did not.
//
// In the manner of Elle (Kingsbury and Alvaro, 2020): a list shows the order of its writes, so
// every read says exactly which writes came before it. From that follows which transaction must
// come before which; strict serializability holds when no circle is among these, those by time
// included.

#ifndef GRAMME_TESTS_ISOLATION_APPEND_HISTORY_H_
#define GRAMME_TESTS_ISOLATION_APPEND_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/client/crowd.h"
#include "tests/isolation/dependency_graph.h"

namespace gramme {

// An element of a list: never appended twice.
using Element = std::uint64_t;
using List = std::vector<Element>;

struct ListAppend {
  int key = 0;
  Element element = 0;
};

// What was read, or, of a condition that held, only how long it was.
struct ListRead {
  int key = 0;
  std::size_t length = 0;
  std::optional<List> list;
};

struct AppendTransaction {
  std::string_view name;  // a literal
  int actor = 0;
  Span span;
  std::vector<ListRead> reads;
  std::vector<ListAppend> appends;
  // Its answer said that it had no effect.
  bool is_refused = false;
};

class AppendHistory {
 public:
  void Add(AppendTransaction transaction) { transactions_.push_back(std::move(transaction)); }
  std::size_t size() const { return transactions_.size(); }

  // `lists`: all of them as read at the end, when nothing ran any more.
  std::optional<std::string> FindViolation(const std::map<int, List>& lists) const;

 private:
  // By element. Each is there once, none is of a refused transaction, none is lost.
  using Owners = std::unordered_map<Element, NodeIndex>;
  std::optional<std::string> FindOwners(const std::map<int, List>& lists, Owners& owners) const;
  std::optional<std::string> FindWrongRead(const std::map<int, List>& lists) const;
  void AddDependencies(const std::map<int, List>& lists, const Owners& owners,
                       DependencyGraph& graph) const;
  void AddTimes(DependencyGraph& graph) const;
  std::string DescribeCircle(const std::vector<GraphEdge>& circle) const;
  std::string Describe(const AppendTransaction& transaction, std::int64_t start) const;

  std::vector<AppendTransaction> transactions_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_APPEND_HISTORY_H_
