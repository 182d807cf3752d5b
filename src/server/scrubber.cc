#include "server/scrubber.h"

#include <fmt/format.h>

#include <string>

namespace gramme {
namespace {

std::uint64_t BytesRead(const ScrubTotals& totals) {
  return totals.file_byte_count + totals.tables.byte_count + totals.backup_byte_count;
}

}  // namespace

Scrubber::Scrubber(const ScrubberParts& parts, const ScrubberOptions& options)
    : parts_(parts),
      options_(options),
      running_(parts.registry.AddGauge("gramme_scrub_running", "1 while a scrub runs.")),
      last_end_(parts.registry.AddGauge(
          "gramme_scrub_last_end_seconds",
          "When the last scrub ended that looked at everything, since 1970; 0: none yet.")),
      bytes_(parts.registry.AddCounter("gramme_scrub_bytes_total",
                                       "Bytes that scrubs have read, about.")),
      findings_(
          parts.registry.AddCounter("gramme_scrub_findings_total", "Damage that scrubs found.")) {}

void Scrubber::Start() {
  parts_.executor.PostAfter(options_.delay, [this] { RunSlice(); });
}

void Scrubber::RunSlice() {
  if (!pass_) {
    pass_.emplace(parts_.store, parts_.catalog, &parts_.backups);
    running_.Set(1);
  }
  const MonotonicTime start = parts_.clock.MonotonicNow();
  const std::uint64_t read_before = BytesRead(pass_->totals());
  Duration worked{0};
  StoreResult<bool> is_over = false;
  while (is_over && !*is_over && worked < kSlice) {
    is_over = pass_->Step([this](const ScrubFinding& finding) { Report(finding); });
    worked = parts_.clock.MonotonicNow() - start;
  }
  bytes_.Add(BytesRead(pass_->totals()) - read_before);
  if (is_over && !*is_over) {
    parts_.executor.PostAfter(worked * kRestFactor, [this] { RunSlice(); });
    return;
  }
  EndPass(is_over ? std::nullopt : std::optional(is_over.error()));
  parts_.executor.PostAfter(options_.interval, [this] { RunSlice(); });
}

void Scrubber::Report(const ScrubFinding& finding) {
  findings_.Add();
  if (pass_->totals().finding_count > kLoggedFindingCountMax) return;
  const std::string key =
      finding.key_hash ? fmt::format("{:016x}", *finding.key_hash) : std::string("-");
  parts_.log.Write(LogLevel::kError, "scrub_finding", finding.problem,
                   {{"place", finding.place}, {"key_hash", key}});
}

void Scrubber::EndPass(const std::optional<Status>& failure) {
  running_.Set(0);
  const ScrubTotals totals = pass_->totals();
  pass_.reset();
  if (failure) {
    parts_.log.Write(LogLevel::kWarning, "scrub_failed",
                     "a scrub could not go on; the next one begins afresh",
                     {{"cause", failure->message()}});
    return;
  }
  const WallTime now = parts_.clock.WallNow();
  last_end_.Set(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
  parts_.log.Write(LogLevel::kInfo, "scrub_done", "looked at everything for damage",
                   {{"findings", std::to_string(totals.finding_count)},
                    {"bytes", std::to_string(BytesRead(totals))},
                    {"items", std::to_string(totals.tables.item_count)},
                    {"backups", std::to_string(totals.backup_count)}});
}

}  // namespace gramme
