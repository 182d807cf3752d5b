#include "metrics/registry.h"

#include <type_traits>
#include <utility>

#include "base/check.h"
#include "metrics/exposition.h"

namespace gramme {
namespace {

template <typename Metric>
constexpr std::string_view kTypeName = "gauge";
template <>
constexpr std::string_view kTypeName<Counter> = "counter";
template <>
constexpr std::string_view kTypeName<Histogram> = "histogram";

template <typename Metric>
void AppendFamily(std::string_view name, std::string_view help, double unit,
                  const Family<Metric>& family, std::string& out) {
  AppendHeader(name, kTypeName<Metric>, help, out);
  family.ForEach([&](const Labels& labels, const Metric& metric) {
    if constexpr (std::is_same_v<Metric, Histogram>) {
      AppendHistogram(name, labels, metric.Read(), unit, out);
    } else {
      AppendSample(name, labels, metric.Value(), out);
    }
  });
}

}  // namespace

void Registry::Insert(std::string name, Entry entry) {
  GRAMME_CHECK(IsMetricName(name) && name.starts_with("gramme_"), name);
  const std::lock_guard lock(mutex_);
  const auto [place, added] = entries_.emplace(std::move(name), std::move(entry));
  GRAMME_CHECK(added, "registered twice: " + place->first);
}

template <typename Metric>
Family<Metric>& Registry::Add(std::string name, std::string help, double unit,
                              std::vector<std::string> label_names,
                              std::size_t label_set_count_max) {
  const bool is_total = name.ends_with("_total");
  GRAMME_CHECK(is_total == (std::is_same_v<Metric, Counter>), name);
  for (const std::string& label : label_names) {
    GRAMME_CHECK(IsMetricName(label) && label != "le", label);
  }
  auto family = std::make_unique<Family<Metric>>(std::move(label_names), label_set_count_max);
  Family<Metric>& result = *family;
  Insert(std::move(name),
         Entry{.help = std::move(help), .unit = unit, .metrics = std::move(family)});
  return result;
}

Counter& Registry::AddCounter(std::string name, std::string help) {
  return Add<Counter>(std::move(name), std::move(help), 1, {}, 1).With({});
}

Gauge& Registry::AddGauge(std::string name, std::string help) {
  return Add<Gauge>(std::move(name), std::move(help), 1, {}, 1).With({});
}

void Registry::AddGauge(std::string name, std::string help, std::function<double()> read) {
  GRAMME_CHECK(!name.ends_with("_total"), name);
  Insert(std::move(name), Entry{.help = std::move(help), .metrics = std::move(read)});
}

Histogram& Registry::AddHistogram(std::string name, std::string help, double unit) {
  return Add<Histogram>(std::move(name), std::move(help), unit, {}, 1).With({});
}

Family<Counter>& Registry::AddCounterFamily(std::string name, std::string help,
                                            std::vector<std::string> label_names,
                                            std::size_t label_set_count_max) {
  return Add<Counter>(std::move(name), std::move(help), 1, std::move(label_names),
                      label_set_count_max);
}

Family<Gauge>& Registry::AddGaugeFamily(std::string name, std::string help,
                                        std::vector<std::string> label_names,
                                        std::size_t label_set_count_max) {
  return Add<Gauge>(std::move(name), std::move(help), 1, std::move(label_names),
                    label_set_count_max);
}

Family<Histogram>& Registry::AddHistogramFamily(std::string name, std::string help, double unit,
                                                std::vector<std::string> label_names,
                                                std::size_t label_set_count_max) {
  return Add<Histogram>(std::move(name), std::move(help), unit, std::move(label_names),
                        label_set_count_max);
}

std::string Registry::Render() const {
  std::string out;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, entry] : entries_) {
    if (const auto* read = std::get_if<std::function<double()>>(&entry.metrics)) {
      AppendHeader(name, "gauge", entry.help, out);
      AppendSample(name, {}, (*read)(), out);
    } else if (const auto* counters = std::get_if<FamilyPtr<Counter>>(&entry.metrics)) {
      AppendFamily(name, entry.help, entry.unit, **counters, out);
    } else if (const auto* gauges = std::get_if<FamilyPtr<Gauge>>(&entry.metrics)) {
      AppendFamily(name, entry.help, entry.unit, **gauges, out);
    } else {
      AppendFamily(name, entry.help, entry.unit, *std::get<FamilyPtr<Histogram>>(entry.metrics),
                   out);
    }
  }
  return out;
}

}  // namespace gramme
