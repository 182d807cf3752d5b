#include "protocol/json_document.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "http/message.h"

namespace gramme {
namespace {

// A parser keeps memory for the largest body it has seen, some twenty times its size; larger ones
// are parsed by one of their own.
constexpr std::size_t kKeptBytesMax = 256 * 1024;

static_assert(kBodySlackBytes >= simdjson::SIMDJSON_PADDING);

// Of the calling thread's last body, where that was a large one.
std::unique_ptr<dom::parser>& LargeParser() {
  thread_local std::unique_ptr<dom::parser> parser;
  return parser;
}

dom::parser& ParserFor(std::size_t body_bytes) {
  thread_local dom::parser kept = [] {
    dom::parser parser;
    const auto error = parser.allocate(kKeptBytesMax, kJsonDepthMax);
    GRAMME_CHECK(error == simdjson::SUCCESS, "memory for a parser");
    return parser;
  }();
  std::unique_ptr<dom::parser>& large = LargeParser();
  large.reset();
  if (body_bytes <= kKeptBytesMax) return kept;
  large = std::make_unique<dom::parser>();
  const auto error = large->allocate(body_bytes, kJsonDepthMax);
  GRAMME_CHECK(error == simdjson::SUCCESS, "memory for a parser");
  return *large;
}

std::string DescribeError(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return "The request body is not valid UTF-8";
    case simdjson::DEPTH_ERROR:
      return "The request body is nested too deeply";
    case simdjson::EMPTY:
      return "The request body is empty";
    default:
      return "The request body is not valid JSON";
  }
}

bool KeysAreUnique(dom::object object) {
  std::vector<std::string_view> keys;
  keys.reserve(object.size());
  for (const dom::key_value_pair field : object) keys.push_back(field.key);
  std::ranges::sort(keys);
  return std::ranges::adjacent_find(keys) == keys.end();
}

}  // namespace

Result<dom::object> ParseJsonObject(std::string_view body) {
  dom::element root;
  const auto error = ParserFor(body.size())
                         .parse(reinterpret_cast<const std::uint8_t*>(body.data()), body.size(),
                                /*realloc_if_needed=*/false)
                         .get(root);
  if (error != simdjson::SUCCESS) {
    return Error(ErrorCode::kSerializationException, DescribeError(error));
  }
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) {
    return Error(ErrorCode::kSerializationException, "The request body is not a JSON object");
  }
  return object;
}

void ReleaseLargeJson() { LargeParser().reset(); }

bool HasUniqueKeys(dom::element element) {
  std::vector<dom::element> open = {element};
  while (!open.empty()) {
    const dom::element current = open.back();
    open.pop_back();
    if (current.is_array()) {
      for (const dom::element child : dom::array(current.get_array().value_unsafe())) {
        if (child.is_array() || child.is_object()) open.push_back(child);
      }
    } else if (current.is_object()) {
      const dom::object object = current.get_object().value_unsafe();
      if (!KeysAreUnique(object)) return false;
      for (const dom::key_value_pair field : object) {
        if (field.value.is_array() || field.value.is_object()) open.push_back(field.value);
      }
    }
  }
  return true;
}

bool HasUniqueKeys(dom::object object) {
  if (!KeysAreUnique(object)) return false;
  for (const dom::key_value_pair field : object) {
    if (!HasUniqueKeys(field.value)) return false;
  }
  return true;
}

}  // namespace gramme
