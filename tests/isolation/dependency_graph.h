// DependencyGraph: which transaction must come before which, and a shortest circle, if there is
// one.

#ifndef GRAMME_TESTS_ISOLATION_DEPENDENCY_GRAPH_H_
#define GRAMME_TESTS_ISOLATION_DEPENDENCY_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gramme {

// Why one comes before another.
enum class Dependency : std::uint8_t {
  kOverwrites,  // wrote the version before the other's
  kIsRead,      // wrote the version that the other read
  kMisses,      // read the version before the one that the other wrote
  kIsEarlier,   // ended before the other began
};

using NodeIndex = std::uint32_t;

struct GraphEdge {
  NodeIndex from = 0;
  NodeIndex to = 0;
  Dependency dependency = Dependency::kOverwrites;
};

class DependencyGraph {
 public:
  explicit DependencyGraph(std::size_t node_count) : node_count_(node_count) {}

  void Add(NodeIndex from, NodeIndex to, Dependency dependency);
  // One of the shortest circles through some node that lies on one; empty when there is none.
  // Linear but for the nodes of that circle's component.
  std::vector<GraphEdge> FindCircle() const;

 private:
  const std::size_t node_count_;
  std::vector<GraphEdge> edges_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_ISOLATION_DEPENDENCY_GRAPH_H_
