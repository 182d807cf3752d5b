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
  const WalScan scan = ScanWal(WriteLog(200));
  EXPECT_EQ(scan.record_count, 200u);
  EXPECT_EQ(scan.last_sequence, 200u);
  EXPECT_FALSE(scan.damage_offset.has_value());
}

TEST(WalScanTest, TakesZerosAtTheEndForPadding) {
  const WalScan scan = ScanWal(WriteLog(3) + std::string(5000, '\0'));
  EXPECT_EQ(scan.record_count, 3u);
  EXPECT_FALSE(scan.damage_offset.has_value());
}

TEST(WalScanTest, TellsDamageInTheMiddleFromDamageAtTheEnd) {
  const std::string log = WriteLog(200);
  for (const std::size_t offset : {std::size_t{100}, log.size() / 2, log.size() - 3000}) {
    std::string damaged = log;
    damaged[offset] = static_cast<char>(damaged[offset] ^ 1);
    const WalScan scan = ScanWal(damaged);
    EXPECT_TRUE(scan.whole_after_damage) << offset;
    EXPECT_LE(scan.damage_offset.value_or(log.size()), offset);
  }
  std::string torn = log;
  torn[torn.size() - 100] = static_cast<char>(torn[torn.size() - 100] ^ 1);
  const WalScan scan = ScanWal(torn);
  EXPECT_TRUE(scan.damage_offset.has_value());
  EXPECT_FALSE(scan.whole_after_damage);
  EXPECT_EQ(scan.last_sequence, 199u);
}

TEST(WalScanTest, WhatStandsBeforeTheDamageIsWholeAtEveryTruncation) {
  const std::string log = WriteLog(70);
  for (std::size_t size = 0; size < log.size(); size += 37) {
    const WalScan scan = ScanWal(std::string_view(log).substr(0, size));
    EXPECT_FALSE(scan.whole_after_damage);
    const std::size_t whole = static_cast<std::size_t>(scan.damage_offset.value_or(size));
    EXPECT_EQ(ScanWal(std::string_view(log).substr(0, whole)).record_count, scan.record_count);
  }
}

}  // namespace
}  // namespace gramme
