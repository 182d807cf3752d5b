// An item on its way out, through the modules that it passes.

#include <benchmark/benchmark.h>

#include <string>

#include "api/item/get_item.h"
#include "encoding/encoded_item.h"
#include "encoding/item_encoding.h"
#include "model/testing/example_item.h"
#include "protocol/json_encoder.h"

namespace gramme {
namespace {

// From the bytes of the store to the body of the answer.
void ResponseEncode(benchmark::State& state) {
  const std::string bytes = EncodeItem(ExampleItem());
  for (auto _ : state) {
    GetItemResponse response;
    response.item = EncodedItem::Open(bytes).value();
    std::string body;
    AppendJson(response, body);
    benchmark::DoNotOptimize(body.data());
  }
}
BENCHMARK(ResponseEncode);

}  // namespace
}  // namespace gramme
