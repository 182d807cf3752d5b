#include "table/jobs/job.h"

#include <utility>

#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

constexpr std::uint8_t kVersion = 1;  // part of the format, see docs/internals/formats.md

}  // namespace

std::string EncodeJob(const Job& job) {
  RecordWriter out(kVersion);
  out.Bytes(job.id);
  out.Bytes(job.kind);
  out.Bytes(job.subject);
  out.Bytes(job.state);
  out.Signed(job.creation_time.time_since_epoch().count());
  out.Unsigned(job.items_done);
  out.Unsigned(job.items_total);
  out.Unsigned(job.bytes_done);
  out.Unsigned(job.bytes_total);
  return std::move(out).Finish();
}

StoreResult<Job> DecodeJob(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  Job job;
  job.id = in.Bytes();
  job.kind = in.Bytes();
  job.subject = in.Bytes();
  job.state = in.Bytes();
  job.creation_time = WallTime(Duration(in.Signed()));
  job.items_done = in.Unsigned();
  job.items_total = in.Unsigned();
  job.bytes_done = in.Unsigned();
  job.bytes_total = in.Unsigned();
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return job;
}

Key JobKey(std::string_view job_id) {
  return {.keyspace = kJobKeyspace, .placement = 0, .bytes = std::string(job_id)};
}

}  // namespace gramme
