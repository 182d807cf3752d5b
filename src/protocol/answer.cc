#include "protocol/answer.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <utility>

namespace gramme {
namespace {

// Of the headers below, with a little to spare.
constexpr std::size_t kHeaderBytes = 112;

constexpr std::string_view kExposedHeaders = "x-amzn-RequestId, x-amz-crc32, Date";

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
  response.headers.AddOwn("x-amzn-RequestId", request_id);
  response.headers.AddOwn("x-amz-crc32", {checksum_text.data(), checksum_text.size()});
  return response;
}

void AddOriginHeaders(Response& response, const std::string_view* origin, bool local_only) {
  if (origin == nullptr) return;
  // Credentials never come by themselves (no cookies), so with signatures any origin may ask.
  response.headers.Add("Access-Control-Allow-Origin", local_only ? *origin : "*");
  response.headers.Add("Access-Control-Expose-Headers", kExposedHeaders);
  if (local_only) response.headers.Add("Vary", "Origin");
}

}  // namespace gramme
