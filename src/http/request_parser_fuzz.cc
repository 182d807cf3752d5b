// HTTP requests, over any bytes: whole and cut anywhere they give the same requests or the same
// rejection, and llhttp reads every accepted head as we do.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "http/request_parser.h"
#include "http/testing/llhttp_oracle.h"

namespace gramme {
namespace {

// Everything that a handler would see, and how it ended.
std::string Read(std::string_view input, std::size_t first_size, std::size_t piece_size) {
  static const Limits limits;
  std::string seen;
  RequestParser parser(limits);
  std::size_t size = first_size;
  while (!input.empty()) {
    std::string piece(input.substr(0, size));
    input.remove_prefix(piece.size());
    size = piece_size;
    std::string_view rest = piece;
    while (!rest.empty()) {
      const ParseStep step = parser.Consume(rest);
      if (step.rejection != nullptr) return seen.append("!").append(step.rejection->reason);
      rest.remove_prefix(step.consumed);
      if (step.wanted_bytes > 0) {
        parser.GiveRoom();
        continue;
      }
      GRAMME_CHECK(step.consumed > 0 && (step.done || rest.empty()), "bytes left");
      if (!step.done) continue;
      const Request& request = parser.request();
      for (const std::string_view part : {request.method, request.target, request.path,
                                          request.query, request.host, request.body}) {
        seen.append(part).append("|");
      }
      for (const Header& header : request.headers) {
        seen.append(header.name).append("=").append(header.value).append("|");
      }
      seen += parser.keep_alive() ? "stays\n" : "closes\n";
      parser.Reset();
    }
  }
  return seen.append(parser.idle() ? "idle" : "incomplete");
}

void CompareWithLlhttp(std::string_view input) {
  static const Limits limits;
  RequestHead head(limits);
  const ParseStep step = head.Consume(input);
  if (!step.done || step.rejection != nullptr) return;
  const OracleHead oracle = ReadWithLlhttp(input.substr(0, step.consumed));
  GRAMME_CHECK(oracle.is_accepted, "llhttp refuses what was accepted");
  GRAMME_CHECK(head.request().method == oracle.method && head.request().target == oracle.target,
               "llhttp reads another request line");
  GRAMME_CHECK(head.framing().chunked == oracle.chunked &&
                   head.framing().content_length == oracle.content_length,
               "llhttp reads another length");
  std::vector<std::pair<std::string, std::string>> headers;
  for (const Header& header : head.request().headers) {
    headers.emplace_back(header.name, header.value);
  }
  GRAMME_CHECK(headers == oracle.headers, "llhttp reads other headers");
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gramme;
  const std::string input(data, data + size);
  const std::string whole = Read(input, size, size);
  GRAMME_CHECK(Read(input, 1, 1) == whole, "another outcome byte by byte");
  const std::size_t cut_step = size / 64 + 1;
  for (std::size_t cut = 1; cut < size; cut += cut_step) {
    GRAMME_CHECK(Read(input, cut, size) == whole, "another outcome when cut");
  }
  CompareWithLlhttp(input);
  return 0;
}
