#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "encoding/item_encoding.h"
#include "model/attribute_value.h"
#include "model/number.h"
#include "model/testing/example_item.h"

namespace gramme {
namespace {

void ItemEncode(benchmark::State& state) {
  const Item item = ExampleItem();
  for (auto _ : state) benchmark::DoNotOptimize(EncodeItem(item));
}
BENCHMARK(ItemEncode);

void ItemDecode(benchmark::State& state) {
  const std::string bytes = EncodeItem(ExampleItem());
  for (auto _ : state) benchmark::DoNotOptimize(DecodeItem(bytes));
}
BENCHMARK(ItemDecode);

void ItemViewOpen(benchmark::State& state) {
  const std::string bytes = EncodeItem(ExampleItem());
  for (auto _ : state) benchmark::DoNotOptimize(ItemView::Open(bytes));
}
BENCHMARK(ItemViewOpen);

// The last attribute in the order of names, so all others are passed.
void ItemViewFind(benchmark::State& state) {
  const std::string bytes = EncodeItem(ExampleItem());
  const ItemView view = ItemView::Open(bytes).value();
  for (auto _ : state) benchmark::DoNotOptimize(view.Find("visits"));
}
BENCHMARK(ItemViewFind);

void NumberEncode(benchmark::State& state) {
  const AttributeValue value = Number::Parse("5226.25").value();
  std::string out;
  for (auto _ : state) {
    out.clear();
    AppendValue(value, out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(NumberEncode);

void NumberDecode(benchmark::State& state) {
  std::string bytes;
  AppendValue(Number::Parse("5226.25").value(), bytes);
  for (auto _ : state) {
    std::string_view rest = bytes;
    benchmark::DoNotOptimize(TakeValue(rest));
  }
}
BENCHMARK(NumberDecode);

void ItemSize(benchmark::State& state) {
  const Item item = ExampleItem();
  for (auto _ : state) benchmark::DoNotOptimize(ItemSizeBytes(item));
}
BENCHMARK(ItemSize);

}  // namespace
}  // namespace gramme
