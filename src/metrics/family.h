// Family: all metrics of one name, told apart by the values of labels whose names are fixed when
// the family is made. The number of label sets is bounded, because values (table names) come from
// clients; what exceeds the bound is counted together under the value "other".

#ifndef GRAMME_METRICS_FAMILY_H_
#define GRAMME_METRICS_FAMILY_H_

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"

namespace gramme {

inline constexpr std::string_view kOverflowLabelValue = "other";

// Name and value, in the family's order.
using Labels = std::vector<std::pair<std::string, std::string>>;

// Thread-safe. Owned by the Registry and alive as long as it; so are the metrics handed out.
template <typename Metric>
class Family {
 public:
  using LabelValues = std::vector<std::string>;

  // REQUIRES: label_set_count_max > 0.
  Family(std::vector<std::string> label_names, std::size_t label_set_count_max)
      : label_names_(std::move(label_names)), label_set_count_max_(label_set_count_max) {
    GRAMME_CHECK(label_set_count_max_ > 0, "a family without room");
  }

  // The metric with these label values, made at the first call; the one labelled "other" throughout
  // when the family is full. Takes a shared lock and a search: callers on a hot path keep the
  // reference. REQUIRES: one value per label name.
  Metric& With(std::initializer_list<std::string_view> values) {
    GRAMME_CHECK(values.size() == label_names_.size(), "one value per label name");
    LabelValues key(values.begin(), values.end());
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = metrics_.find(key); found != metrics_.end()) return *found->second;
    }
    const std::unique_lock lock(mutex_);
    // "other" itself does not take a place.
    const LabelValues overflow(label_names_.size(), std::string(kOverflowLabelValue));
    const std::size_t taken = metrics_.size() - metrics_.count(overflow);
    if (taken >= label_set_count_max_ && !metrics_.contains(key)) key = overflow;
    std::unique_ptr<Metric>& metric = metrics_[std::move(key)];
    if (!metric) metric = std::make_unique<Metric>();
    return *metric;
  }

  // Calls `visit` with each metric and its labels, in the order of the label values.
  void ForEach(const std::function<void(const Labels&, const Metric&)>& visit) const {
    const std::shared_lock lock(mutex_);
    for (const auto& [values, metric] : metrics_) {
      Labels labels;
      for (std::size_t i = 0; i < values.size(); ++i) {
        labels.emplace_back(label_names_[i], values[i]);
      }
      visit(labels, *metric);
    }
  }

 private:
  const std::vector<std::string> label_names_;
  const std::size_t label_set_count_max_;
  mutable std::shared_mutex mutex_;
  std::map<LabelValues, std::unique_ptr<Metric>> metrics_;
};

}  // namespace gramme

#endif  // GRAMME_METRICS_FAMILY_H_
