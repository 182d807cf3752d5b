// The lines of Prometheus' text exposition format 0.0.4. Pure functions; metrics/registry.h decides
// what is written.

#ifndef GRAMME_METRICS_EXPOSITION_H_
#define GRAMME_METRICS_EXPOSITION_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "metrics/family.h"
#include "metrics/histogram.h"

namespace gramme {

// `[a-z][a-z0-9_]*`: narrower than Prometheus, as our own names are.
bool IsMetricName(std::string_view name);

// `# HELP` and `# TYPE` lines. `type` is counter, gauge or histogram.
void AppendHeader(std::string_view name, std::string_view type, std::string_view help,
                  std::string& out);
void AppendSample(std::string_view name, const Labels& labels, std::uint64_t value,
                  std::string& out);
void AppendSample(std::string_view name, const Labels& labels, std::int64_t value,
                  std::string& out);
void AppendSample(std::string_view name, const Labels& labels, double value, std::string& out);
// Buckets at powers of two (`le` is inclusive: 2^n - 1 units), `+Inf`, sum and count. The finer
// buckets stay inside: 27 lines per label set are what a scraper should carry.
void AppendHistogram(std::string_view name, const Labels& labels,
                     const Histogram::Snapshot& snapshot, double unit, std::string& out);

}  // namespace gramme

#endif  // GRAMME_METRICS_EXPOSITION_H_
