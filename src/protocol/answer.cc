#include "protocol/answer.h"

#include <libdeflate.h>

#include <utility>

namespace gramme {

Response MakeAnswer(int status, std::string_view content_type, std::string request_id,
                    std::string body) {
  Response response{.status = status,
                    .content_type = content_type,
                    .headers = {},
                    .body = std::move(body),
                    .close = false};
  const auto checksum = libdeflate_crc32(0, response.body.data(), response.body.size());
  response.headers.reserve(4);
  response.headers.push_back({"x-amzn-RequestId", std::move(request_id)});
  response.headers.push_back({"x-amz-crc32", std::to_string(checksum)});
  return response;
}

}  // namespace gramme
