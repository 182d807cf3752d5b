#include "tests/isolation/append_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace gramme {
namespace {

const List& ListOf(const std::map<int, List>& lists, int key) {
  static const List kEmpty;
  const auto found = lists.find(key);
  return found == lists.end() ? kEmpty : found->second;
}

std::string_view NameOf(Dependency dependency) {
  switch (dependency) {
    case Dependency::kOverwrites:
      return "appended before (ww)";
    case Dependency::kIsRead:
      return "was read by (wr)";
    case Dependency::kMisses:
      return "did not see (rw)";
    case Dependency::kIsEarlier:
      return "ended before the begin of (real time)";
  }
  return "";
}

// The name that the anomaly has in the literature.
std::string_view Classify(const std::vector<GraphEdge>& circle) {
  const auto count = [&](Dependency dependency) {
    return std::ranges::count(circle, dependency, &GraphEdge::dependency);
  };
  if (count(Dependency::kIsEarlier) > 0) return "not strictly serializable";
  const auto misses = count(Dependency::kMisses);
  if (misses > 1) return "G2: not serializable";
  if (misses == 1) return "G-single: not serializable";
  return count(Dependency::kIsRead) > 0 ? "G1c: circular information" : "G0: circular writes";
}

}  // namespace

std::optional<std::string> AppendHistory::FindViolation(const std::map<int, List>& lists) const {
  Owners owners;
  if (auto wrong = FindOwners(lists, owners)) return wrong;
  if (auto wrong = FindWrongRead(lists)) return wrong;
  // First without time, so that what is worse than a lack of strictness is called so.
  for (const bool has_times : {false, true}) {
    DependencyGraph graph(transactions_.size() * 2);
    AddDependencies(lists, owners, graph);
    if (has_times) AddTimes(graph);
    if (const auto circle = graph.FindCircle(); !circle.empty()) return DescribeCircle(circle);
  }
  return std::nullopt;
}

std::optional<std::string> AppendHistory::FindOwners(const std::map<int, List>& lists,
                                                     Owners& owners) const {
  Owners sent;
  for (NodeIndex node = 0; node < transactions_.size(); ++node) {
    for (const ListAppend& append : transactions_[node].appends) sent[append.element] = node;
  }
  for (const auto& [key, list] : lists) {
    for (const Element element : list) {
      const auto found = sent.find(element);
      if (found == sent.end()) return fmt::format("l{} has {:x}: nobody sent it", key, element);
      const AppendTransaction& owner = transactions_[found->second];
      if (owner.is_refused) return "G1a, of a refused transaction: " + Describe(owner, 0);
      if (!owners.insert(*found).second) return "appended twice: " + Describe(owner, 0);
    }
  }
  for (const auto& [element, node] : sent) {
    const AppendTransaction& owner = transactions_[node];
    if (owner.is_refused || owners.contains(element)) continue;
    return "acknowledged and lost: " + Describe(owner, 0);
  }
  return std::nullopt;
}

std::optional<std::string> AppendHistory::FindWrongRead(const std::map<int, List>& lists) const {
  for (const AppendTransaction& transaction : transactions_) {
    for (const ListRead& read : transaction.reads) {
      const List& list = ListOf(lists, read.key);
      const bool is_prefix =
          read.length <= list.size() &&
          (!read.list || std::equal(read.list->begin(), read.list->end(), list.begin()));
      if (is_prefix) continue;
      std::string text = fmt::format("a read of l{} is no beginning of it: ", read.key);
      return text + Describe(transaction, 0);
    }
  }
  return std::nullopt;
}

void AppendHistory::AddDependencies(const std::map<int, List>& lists, const Owners& owners,
                                    DependencyGraph& graph) const {
  for (const auto& [key, list] : lists) {
    for (std::size_t i = 1; i < list.size(); ++i) {
      graph.Add(owners.at(list[i - 1]), owners.at(list[i]), Dependency::kOverwrites);
    }
  }
  for (NodeIndex node = 0; node < transactions_.size(); ++node) {
    if (transactions_[node].is_refused) continue;
    for (const ListRead& read : transactions_[node].reads) {
      const List& list = ListOf(lists, read.key);
      if (read.length > 0) {
        graph.Add(owners.at(list[read.length - 1]), node, Dependency::kIsRead);
      }
      if (read.length < list.size()) {
        graph.Add(node, owners.at(list[read.length]), Dependency::kMisses);
      }
    }
  }
}

// By one more node for each end, in the order of time, so that edges stay few.
void AppendHistory::AddTimes(DependencyGraph& graph) const {
  const auto count = static_cast<NodeIndex>(transactions_.size());
  std::vector<std::pair<std::int64_t, NodeIndex>> ends;
  for (NodeIndex node = 0; node < count; ++node) {
    if (!transactions_[node].is_refused) ends.emplace_back(transactions_[node].span.end, node);
  }
  std::ranges::sort(ends);
  for (NodeIndex i = 0; i < ends.size(); ++i) {
    graph.Add(ends[i].second, count + i, Dependency::kIsEarlier);
    if (i > 0) graph.Add(count + i - 1, count + i, Dependency::kIsEarlier);
  }
  for (const auto& [end, node] : ends) {
    const auto later =
        std::ranges::lower_bound(ends, std::pair(transactions_[node].span.begin, NodeIndex{0}));
    if (later == ends.begin()) continue;
    graph.Add(count + static_cast<NodeIndex>(later - ends.begin()) - 1, node,
              Dependency::kIsEarlier);
  }
}

std::string AppendHistory::DescribeCircle(const std::vector<GraphEdge>& circle) const {
  std::int64_t start = std::numeric_limits<std::int64_t>::max();
  for (const GraphEdge& edge : circle) {
    if (edge.from < transactions_.size()) {
      start = std::min(start, transactions_[edge.from].span.begin);
    }
  }
  std::string text(Classify(circle));
  for (const GraphEdge& edge : circle) {
    if (edge.from >= transactions_.size()) continue;  // a moment, no transaction
    text += "\n  " + Describe(transactions_[edge.from], start);
    text += fmt::format("\n    {}", NameOf(edge.dependency));
  }
  return text + "\n  the first";
}

std::string AppendHistory::Describe(const AppendTransaction& transaction,
                                    std::int64_t start) const {
  std::string text = fmt::format("[{} .. {}] ns, client {}: {}", transaction.span.begin - start,
                                 transaction.span.end - start, transaction.actor, transaction.name);
  for (const ListRead& read : transaction.reads) {
    text += fmt::format(", saw {} of l{}", read.length, read.key);
    if (read.list && !read.list->empty()) text += fmt::format(" up to {:x}", read.list->back());
  }
  for (const ListAppend& append : transaction.appends) {
    text += fmt::format(", appended {:x} to l{}", append.element, append.key);
  }
  return text;
}

}  // namespace gramme
