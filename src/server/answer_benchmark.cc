// An item on its way out, through the modules that it passes.

#include <benchmark/benchmark.h>

#include <string>
#include <type_traits>
#include <utility>

#include "api/item/get_item.h"
#include "encoding/item_encoding.h"
#include "model/attribute_value.h"
#include "model/testing/example_item.h"
#include "protocol/json_encoder.h"

namespace gramme {
namespace {

// What an answer holds an item as: a tree, or the bytes of the store.
using Held = std::remove_cvref_t<decltype(*GetItemResponse().item)>;

template <typename T>
T FromStore(std::string bytes) {
  if constexpr (std::is_same_v<T, Item>) {
    return DecodeItem(bytes).value();
  } else {
    return T::Open(std::move(bytes)).value();
  }
}

// From the bytes of the store to the body of the answer.
void ResponseEncode(benchmark::State& state) {
  const std::string bytes = EncodeItem(ExampleItem());
  for (auto _ : state) {
    GetItemResponse response;
    response.item = FromStore<Held>(bytes);
    std::string body;
    AppendJson(response, body);
    benchmark::DoNotOptimize(body.data());
  }
}
BENCHMARK(ResponseEncode);

}  // namespace
}  // namespace gramme
