// Parsing and evaluation of a condition, an update and a projection, on the item of the benchmarks.

#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "expression/condition_expression.h"
#include "expression/placeholders.h"
#include "expression/projection_expression.h"
#include "expression/update_expression.h"
#include "model/attribute_value.h"
#include "model/number.h"
#include "model/testing/example_item.h"

namespace gramme {
namespace {

constexpr std::string_view kCondition =
    "attribute_exists(pk) AND (visits > :least OR begins_with(email, :start))";
constexpr std::string_view kUpdate = "SET address.zip = :start, balance = balance + :least";
constexpr std::string_view kAdd = "ADD visits :least";
constexpr std::string_view kProjection = "pk, email, address.city, tags[0]";

ExpressionAttributeValues Values() {
  ExpressionAttributeValues values;
  values.emplace();
  values->emplace(":least", AttributeValue(Number::FromInt(50'000)));
  values->emplace(":start", AttributeValue(std::string("customer.")));
  return values;
}

// The parsed expression; `parse` gets placeholders that hold Values().
template <typename Parse>
auto Parsed(Parse parse) {
  const ExpressionAttributeNames names;
  const ExpressionAttributeValues values = Values();
  Placeholders placeholders(names, values);
  return parse(placeholders).value();
}

void ConditionParse(benchmark::State& state) {
  const ExpressionAttributeNames names;
  const ExpressionAttributeValues values = Values();
  for (auto _ : state) {
    Placeholders placeholders(names, values);
    benchmark::DoNotOptimize(
        ConditionExpression::Parse("ConditionExpression", kCondition, placeholders));
  }
}
BENCHMARK(ConditionParse);

void ConditionHolds(benchmark::State& state) {
  const auto condition = Parsed([](Placeholders& placeholders) {
    return ConditionExpression::Parse("ConditionExpression", kCondition, placeholders);
  });
  const Item item = ExampleItem();
  for (auto _ : state) benchmark::DoNotOptimize(condition.Holds(item));
}
BENCHMARK(ConditionHolds);

void UpdateParse(benchmark::State& state) {
  const ExpressionAttributeNames names;
  const ExpressionAttributeValues values = Values();
  for (auto _ : state) {
    Placeholders placeholders(names, values);
    benchmark::DoNotOptimize(UpdateExpression::Parse(kUpdate, placeholders));
  }
}
BENCHMARK(UpdateParse);

void UpdateApply(benchmark::State& state, std::string_view text) {
  const auto update = Parsed([text](Placeholders& placeholders) {
    return UpdateExpression::Parse(text, placeholders);
  });
  const Item item = ExampleItem();
  for (auto _ : state) benchmark::DoNotOptimize(update.Apply(item));
}
BENCHMARK_CAPTURE(UpdateApply, set, kUpdate);
BENCHMARK_CAPTURE(UpdateApply, add, kAdd);

void ProjectionParse(benchmark::State& state) {
  const ExpressionAttributeNames names;
  const ExpressionAttributeValues values = Values();
  for (auto _ : state) {
    Placeholders placeholders(names, values);
    benchmark::DoNotOptimize(ProjectionExpression::Parse(kProjection, placeholders));
  }
}
BENCHMARK(ProjectionParse);

void ProjectionApply(benchmark::State& state) {
  const auto projection = Parsed([](Placeholders& placeholders) {
    return ProjectionExpression::Parse(kProjection, placeholders);
  });
  const Item item = ExampleItem();
  for (auto _ : state) benchmark::DoNotOptimize(projection.Apply(item));
}
BENCHMARK(ProjectionApply);

}  // namespace
}  // namespace gramme
