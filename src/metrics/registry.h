// Registry: owns every metric of a server and writes them in Prometheus' text exposition format
// 0.0.4, with HELP and TYPE, sorted by name.
//
// Names are `gramme_<thing>_<unit>[_total]`; counters end in `_total`. A name is registered once; a
// second registration, a name or a label that Prometheus would refuse, is a bug and is CHECKed.

#ifndef GRAMME_METRICS_REGISTRY_H_
#define GRAMME_METRICS_REGISTRY_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "metrics/counter.h"
#include "metrics/family.h"
#include "metrics/histogram.h"

namespace gramme {

// Enough for every operation with every error code; a family by table passes its own number.
inline constexpr std::size_t kLabelSetCountMax = 1000;

// Thread-safe. What it hands out lives as long as it does.
class Registry {
 public:
  Registry() = default;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter& AddCounter(std::string name, std::string help);
  Gauge& AddGauge(std::string name, std::string help);
  // A gauge whose value is asked for at each rendering, in the rendering thread; `read` must be
  // thread-safe and must not use this registry.
  void AddGauge(std::string name, std::string help, std::function<double()> read);
  // `unit` is what one counted unit is worth in the unit of the name: 1e-6 for microseconds under a
  // name that ends in `_seconds`, 1 for bytes.
  Histogram& AddHistogram(std::string name, std::string help, double unit);

  Family<Counter>& AddCounterFamily(std::string name, std::string help,
                                    std::vector<std::string> label_names,
                                    std::size_t label_set_count_max = kLabelSetCountMax);
  Family<Gauge>& AddGaugeFamily(std::string name, std::string help,
                                std::vector<std::string> label_names,
                                std::size_t label_set_count_max = kLabelSetCountMax);
  Family<Histogram>& AddHistogramFamily(std::string name, std::string help, double unit,
                                        std::vector<std::string> label_names,
                                        std::size_t label_set_count_max = kLabelSetCountMax);

  // The whole exposition, ending in a line feed. Served as kPrometheusContentType.
  std::string Render() const;

 private:
  template <typename Metric>
  using FamilyPtr = std::unique_ptr<Family<Metric>>;
  struct Entry {
    std::string help;
    double unit = 1;
    std::variant<FamilyPtr<Counter>, FamilyPtr<Gauge>, FamilyPtr<Histogram>,
                 std::function<double()>>
        metrics;
  };

  template <typename Metric>
  Family<Metric>& Add(std::string name, std::string help, double unit,
                      std::vector<std::string> label_names, std::size_t label_set_count_max);
  void Insert(std::string name, Entry entry);

  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

inline constexpr std::string_view kPrometheusContentType =
    "text/plain; version=0.0.4; charset=utf-8";

}  // namespace gramme

#endif  // GRAMME_METRICS_REGISTRY_H_
