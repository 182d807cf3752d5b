#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "encoding/key_encoding.h"
#include "model/attribute_value.h"
#include "model/number.h"

namespace gramme {
namespace {

AttributeValue Text() { return std::string("customer#00001742"); }
AttributeValue Decimal() { return Number::Parse("5226.25").value(); }

void KeyEncode(benchmark::State& state, const AttributeValue& value) {
  std::string out;
  for (auto _ : state) {
    out.clear();
    AppendKeyValue(value, out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK_CAPTURE(KeyEncode, text, Text());
BENCHMARK_CAPTURE(KeyEncode, number, Decimal());

void KeyDecode(benchmark::State& state, const AttributeValue& value) {
  std::string bytes;
  AppendKeyValue(value, bytes);
  for (auto _ : state) {
    std::string_view rest = bytes;
    benchmark::DoNotOptimize(TakeKeyValue(rest));
  }
}
BENCHMARK_CAPTURE(KeyDecode, text, Text());
BENCHMARK_CAPTURE(KeyDecode, number, Decimal());

void KeyHash(benchmark::State& state) {
  std::string bytes;
  AppendKeyValue(Text(), bytes);
  for (auto _ : state) benchmark::DoNotOptimize(HashOfPartition(bytes));
}
BENCHMARK(KeyHash);

}  // namespace
}  // namespace gramme
