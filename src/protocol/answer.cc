#include "protocol/answer.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <utility>

namespace gramme {
namespace {

// Of the headers below, with a little to spare.
constexpr std::size_t kHeaderBytes = 112;

}  // namespace

Response MakeAnswer(int status, std::string_view content_type, std::string_view request_id,
                    std::string body) {
  Response response{.status = status,
                    .content_type = content_type,
                    .headers = {},
                    .body = std::move(body),
                    .close = false};
  const auto checksum = libdeflate_crc32(0, response.body.data(), response.body.size());
  const fmt::format_int checksum_text(checksum);
  response.headers.Reserve(kHeaderBytes);
  response.headers.Add("x-amzn-RequestId", request_id);
  response.headers.Add("x-amz-crc32", {checksum_text.data(), checksum_text.size()});
  return response;
}

}  // namespace gramme
