#include "tests/isolation/dependency_graph.h"

#include <algorithm>
#include <limits>
#include <span>

namespace gramme {
namespace {

constexpr NodeIndex kNone = std::numeric_limits<NodeIndex>::max();
// A component may be large; a short circle shows from nearly any of its nodes.
constexpr std::size_t kStartCountMax = 50;

// The edges by the node they leave.
class Adjacency {
 public:
  Adjacency(std::size_t node_count, const std::vector<GraphEdge>& edges)
      : first_(node_count + 1), edges_(edges.size()) {
    for (const GraphEdge& edge : edges) ++first_[edge.from + 1];
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
    std::vector<std::size_t> next = first_;
    for (const GraphEdge& edge : edges) edges_[next[edge.from]++] = edge;
  }

  std::span<const GraphEdge> From(NodeIndex node) const {
    return std::span(edges_).subspan(first_[node], first_[node + 1] - first_[node]);
  }

 private:
  std::vector<std::size_t> first_;
  std::vector<GraphEdge> edges_;
};

// Tarjan's algorithm with a stack of its own.
class ComponentSearch {
 public:
  ComponentSearch(std::size_t node_count, const Adjacency& adjacency)
      : adjacency_(adjacency), numbers_(node_count, kNone), lows_(node_count), in_(node_count) {}

  // The nodes of some component of more than one; empty when there is none.
  std::vector<NodeIndex> Run() {
    for (NodeIndex root = 0; root < numbers_.size(); ++root) {
      if (numbers_[root] != kNone) continue;
      if (auto found = RunFrom(root); !found.empty()) return found;
    }
    return {};
  }

 private:
  struct Step {
    NodeIndex node;
    std::size_t next_edge = 0;
  };

  void Enter(NodeIndex node) {
    numbers_[node] = lows_[node] = counter_++;
    open_.push_back(node);
    in_[node] = true;
    steps_.push_back({.node = node});
  }

  std::vector<NodeIndex> RunFrom(NodeIndex root) {
    Enter(root);
    while (!steps_.empty()) {
      Step& step = steps_.back();
      const auto edges = adjacency_.From(step.node);
      if (step.next_edge < edges.size()) {
        const NodeIndex to = edges[step.next_edge++].to;
        if (numbers_[to] == kNone) {
          Enter(to);
        } else if (in_[to]) {
          lows_[step.node] = std::min(lows_[step.node], numbers_[to]);
        }
        continue;
      }
      const NodeIndex node = step.node;
      steps_.pop_back();
      if (!steps_.empty()) {
        lows_[steps_.back().node] = std::min(lows_[steps_.back().node], lows_[node]);
      }
      if (lows_[node] != numbers_[node]) continue;
      if (auto component = Close(node); component.size() > 1) return component;
    }
    return {};
  }

  std::vector<NodeIndex> Close(NodeIndex root) {
    const auto begin = std::find(open_.rbegin(), open_.rend(), root).base() - 1;
    std::vector<NodeIndex> component(begin, open_.end());
    open_.erase(begin, open_.end());
    for (const NodeIndex node : component) in_[node] = false;
    return component;
  }

  const Adjacency& adjacency_;
  NodeIndex counter_ = 0;
  std::vector<NodeIndex> numbers_;
  std::vector<NodeIndex> lows_;
  std::vector<bool> in_;
  std::vector<NodeIndex> open_;
  std::vector<Step> steps_;
};

// The shortest way from `start` back to itself, breadth first.
std::vector<GraphEdge> CircleThrough(NodeIndex start, std::size_t node_count,
                                     const Adjacency& adjacency) {
  std::vector<GraphEdge> reached_by(node_count, GraphEdge{.from = kNone});
  std::vector<NodeIndex> queue = {start};
  for (std::size_t i = 0; i < queue.size() && reached_by[start].from == kNone; ++i) {
    for (const GraphEdge& edge : adjacency.From(queue[i])) {
      if (reached_by[edge.to].from != kNone) continue;
      reached_by[edge.to] = edge;
      queue.push_back(edge.to);
    }
  }
  std::vector<GraphEdge> circle;
  for (NodeIndex node = start; reached_by[node].from != kNone;) {
    circle.push_back(reached_by[node]);
    node = reached_by[node].from;
    if (node == start) break;
  }
  std::ranges::reverse(circle);
  return circle;
}

}  // namespace

void DependencyGraph::Add(NodeIndex from, NodeIndex to, Dependency dependency) {
  if (from != to) edges_.push_back({.from = from, .to = to, .dependency = dependency});
}

std::vector<GraphEdge> DependencyGraph::FindCircle() const {
  const Adjacency adjacency(node_count_, edges_);
  const std::vector<NodeIndex> component = ComponentSearch(node_count_, adjacency).Run();
  std::vector<GraphEdge> shortest;
  for (std::size_t i = 0; i < std::min(component.size(), kStartCountMax); ++i) {
    auto circle = CircleThrough(component[i], node_count_, adjacency);
    if (shortest.empty() || circle.size() < shortest.size()) shortest = std::move(circle);
  }
  return shortest;
}

}  // namespace gramme
