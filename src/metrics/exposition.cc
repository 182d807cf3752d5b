#include "metrics/exposition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace gramme {
namespace {

// Label values escape the quote too; help text does not.
void AppendEscaped(std::string_view text, bool quote_too, std::string& out) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quote_too) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

void AppendName(std::string_view name, const Labels& labels, std::string& out) {
  out += name;
  if (labels.empty()) return;
  char separator = '{';
  for (const auto& [label, value] : labels) {
    out += separator;
    out += label;
    out += "=\"";
    AppendEscaped(value, /*quote_too=*/true, out);
    out += '"';
    separator = ',';
  }
  out += '}';
}

std::string FormatValue(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  // Ten digits: an upper bound like 1023 * 1e-6 must not show its binary tail.
  return fmt::format("{:.10g}", value);
}

template <typename Value>
void AppendWhole(std::string_view name, const Labels& labels, Value value, std::string& out) {
  AppendName(name, labels, out);
  fmt::format_to(std::back_inserter(out), " {}\n", value);
}

}  // namespace

bool IsMetricName(std::string_view name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

void AppendHeader(std::string_view name, std::string_view type, std::string_view help,
                  std::string& out) {
  fmt::format_to(std::back_inserter(out), "# HELP {} ", name);
  AppendEscaped(help, /*quote_too=*/false, out);
  fmt::format_to(std::back_inserter(out), "\n# TYPE {} {}\n", name, type);
}

void AppendSample(std::string_view name, const Labels& labels, std::uint64_t value,
                  std::string& out) {
  AppendWhole(name, labels, value, out);
}

void AppendSample(std::string_view name, const Labels& labels, std::int64_t value,
                  std::string& out) {
  AppendWhole(name, labels, value, out);
}

void AppendSample(std::string_view name, const Labels& labels, double value, std::string& out) {
  AppendWhole(name, labels, FormatValue(value), out);
}

void AppendHistogram(std::string_view name, const Labels& labels,
                     const Histogram::Snapshot& snapshot, double unit, std::string& out) {
  const std::string bucket_name = std::string(name) + "_bucket";
  Labels with_bound = labels;
  with_bound.emplace_back("le", "");
  for (std::size_t octave = 2; octave <= Histogram::kOctaveCount; ++octave) {
    const auto bound = static_cast<double>((std::uint64_t{1} << octave) - 1);
    with_bound.back().second = FormatValue(bound * unit);
    AppendSample(bucket_name, with_bound, snapshot.CountBelowOctave(octave), out);
  }
  with_bound.back().second = "+Inf";
  AppendSample(bucket_name, with_bound, snapshot.count, out);
  AppendSample(std::string(name) + "_sum", labels, static_cast<double>(snapshot.sum) * unit, out);
  AppendSample(std::string(name) + "_count", labels, snapshot.count, out);
}

}  // namespace gramme
