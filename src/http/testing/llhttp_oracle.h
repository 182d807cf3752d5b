// What llhttp, the parser of Node.js, makes of a request head: the second opinion that our own
// parser is held against. Where ours accepts, both must agree.

#ifndef GRAMME_HTTP_TESTING_LLHTTP_ORACLE_H_
#define GRAMME_HTTP_TESTING_LLHTTP_ORACLE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gramme {

struct OracleHead {
  bool is_accepted = false;
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;  // values without white space around
  bool keep_alive = false;
  bool chunked = false;
  unsigned long long content_length = 0;
};

// `bytes`: one head, up to its empty line.
OracleHead ReadWithLlhttp(std::string_view bytes);

}  // namespace gramme

#endif  // GRAMME_HTTP_TESTING_LLHTTP_ORACLE_H_
