// The requests of the benchmarks, built before the clock starts: what an SDK sends, with ten
// headers and a signature's length of bytes.
//
//   put         PutItem of 1 KB items of ten attributes, a list and a map among them, to "Items";
//               each differs from the one that is there
//   get         GetItem of the same items
//   add         UpdateItem that adds 1 to the attribute "hits" of the one item "hot" of "Items"
//   fill-groups BatchWriteItem of small items to "Groups", ten of each partition key
//   query       Query of one partition key of "Groups": ten items of 100 bytes

#ifndef GRAMME_BENCHMARKS_REQUESTS_H_
#define GRAMME_BENCHMARKS_REQUESTS_H_

#include <string>
#include <string_view>
#include <vector>

namespace gramme {

struct BenchmarkRequest {
  std::string bytes;
  // What the answer's body must contain to be right.
  std::vector<std::string> expected;
};

// Distinct requests of a kind; none when there is no such kind. `host` is for the Host header.
std::vector<BenchmarkRequest> BuildRequests(std::string_view kind, std::string_view host);

}  // namespace gramme

#endif  // GRAMME_BENCHMARKS_REQUESTS_H_
