#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "model/number.h"

namespace gramme {
namespace {

constexpr std::string_view kLong = "-1234567890123456789.0123456789012345678";

void NumberParse(benchmark::State& state, std::string_view text) {
  for (auto _ : state) benchmark::DoNotOptimize(Number::Parse(text));
}
BENCHMARK_CAPTURE(NumberParse, integer, "12194");
BENCHMARK_CAPTURE(NumberParse, decimal, "5226.25");
BENCHMARK_CAPTURE(NumberParse, of_38_digits, kLong);
BENCHMARK_CAPTURE(NumberParse, exponent, "1.5E+100");

void NumberPrint(benchmark::State& state, std::string_view text) {
  const Number number = Number::Parse(text).value();
  std::string out;
  for (auto _ : state) {
    out.clear();
    number.AppendTo(out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK_CAPTURE(NumberPrint, integer, "12194");
BENCHMARK_CAPTURE(NumberPrint, decimal, "5226.25");
BENCHMARK_CAPTURE(NumberPrint, of_38_digits, kLong);

void NumberAdd(benchmark::State& state) {
  const Number a = Number::Parse("5226.25").value();
  const Number one = Number::FromInt(1);
  for (auto _ : state) benchmark::DoNotOptimize(Number::Add(a, one));
}
BENCHMARK(NumberAdd);

}  // namespace
}  // namespace gramme
