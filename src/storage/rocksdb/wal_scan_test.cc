#include "storage/rocksdb/wal_scan.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <memory>
#include <string>

#include "storage/rocksdb/testing/damage.h"
#include "storage/rocksdb/testing/scratch_directory.h"

namespace gramme {
namespace {

// A log that RocksDB wrote: `record_count` records of 1 KB each, one sequence number each.
std::string WriteLog(int record_count) {
  const ScratchDirectory directory;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  EXPECT_TRUE(rocksdb::DB::Open(options, directory.path() + "/db", &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  for (int i = 0; i < record_count; ++i) {
    EXPECT_TRUE(db->Put({}, "key" + std::to_string(i), std::string(1000, 'v')).ok());
  }
  return ReadBytes(LastLog(directory.path()));
}

TEST(WalScanTest, FindsEveryRecordOfAWholeLog) {
  WalScan scan;
  scan.Add(WriteLog(200));
  EXPECT_EQ(scan.record_count(), 200u);
  EXPECT_EQ(scan.damage_count(), 0u);
  EXPECT_FALSE(scan.gap_after_damage());
}

TEST(WalScanTest, TakesZerosAtTheEndForPadding) {
  WalScan scan;
  scan.Add(WriteLog(3) + std::string(5000, '\0'));
  EXPECT_EQ(scan.record_count(), 3u);
  EXPECT_EQ(scan.damage_count(), 0u);
}

TEST(WalScanTest, TellsDamageInTheMiddleFromDamageAtTheEnd) {
  const std::string log = WriteLog(200);
  for (const std::size_t offset : {std::size_t{100}, log.size() / 2, log.size() - 3000}) {
    std::string damaged = log;
    damaged[offset] = static_cast<char>(damaged[offset] ^ 1);
    WalScan scan;
    scan.Add(damaged);
    EXPECT_TRUE(scan.gap_after_damage()) << offset;
  }
  std::string torn = log;
  torn[torn.size() - 100] = static_cast<char>(torn[torn.size() - 100] ^ 1);
  WalScan scan;
  scan.Add(torn);
  EXPECT_EQ(scan.damage_count(), 1u);
  EXPECT_FALSE(scan.gap_after_damage());
}

TEST(WalScanTest, LogThatGoesOnWhereATornOneEndedLeavesNoGap) {
  const std::string whole = WriteLog(200);
  std::string torn = whole;
  torn[torn.size() - 100] = static_cast<char>(torn[torn.size() - 100] ^ 1);
  WalScan scan;
  scan.Add(torn);
  // The same records again: the first of them does not lie beyond the torn one.
  scan.Add(whole);
  EXPECT_FALSE(scan.gap_after_damage());
}

}  // namespace
}  // namespace gramme
