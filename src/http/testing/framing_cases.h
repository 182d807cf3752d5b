// One row for each rule of HTTP framing: what a client may send and what it must get. Used against
// the parser alone and against a listening server, whole and cut into pieces.

#ifndef GRAMME_HTTP_TESTING_FRAMING_CASES_H_
#define GRAMME_HTTP_TESTING_FRAMING_CASES_H_

#include <string>
#include <vector>

namespace gramme {

struct FramingCase {
  std::string name;
  std::string bytes;
  // What the last request in `bytes` gets: 200 when a handler sees it, else a rejection.
  int status;
  // Requests that a handler sees, those before a rejected one included.
  int handled_count = 0;
};

// Rejected rows with `bytes` complete: the verdict falls before the client closes its side.
const std::vector<FramingCase>& FramingCases();
// Rows whose request never ends; 400 once the client has closed its side.
const std::vector<FramingCase>& IncompleteCases();

// `content` as one gzip member.
std::string Gzip(const std::string& content);

}  // namespace gramme

#endif  // GRAMME_HTTP_TESTING_FRAMING_CASES_H_
