// Money: a table of 100 accounts between which 8 writers move money in transactions, each of which
// also adds 1 to its writer's count. What a backup holds can so be judged by itself: the total is
// exact, and the counts tell at which instant it was taken. 4,000 further items make it take a
// while.

#ifndef GRAMME_TESTS_CRASH_BACKUP_MONEY_H_
#define GRAMME_TESTS_CRASH_BACKUP_MONEY_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/client/requests.h"

namespace gramme {

inline constexpr std::string_view kMoneyTable = "Money";
inline constexpr int kWriterCount = 8;

// The count of each writer.
using Counts = std::array<std::int64_t, kWriterCount>;

class Money {
 public:
  // Makes and fills the table.
  static Asked<void> Create(Connection& connection);

  // Reads `table`, which is Money or a copy restored from a backup, and its index: the counts, or
  // what is wrong: a total that is not exact, an item missing, an index that differs.
  static Asked<Counts> Check(Connection& connection, std::string_view table);

  // Takes the counts of the table as they are for the truth; no writer runs.
  Asked<void> Settle(Connection& connection);

  // Transactions that were acknowledged, or sent, by now.
  Counts Acknowledged() const;
  Counts Sent() const;

  // Whether the table may have held these counts at the moment, of the system clock: each
  // transaction that was answered by then, and none that was sent later. What is wrong otherwise.
  Asked<void> CheckMoment(const Counts& counts, std::chrono::system_clock::time_point time) const;

 private:
  friend class MoneyWriters;

  struct Writer {
    std::atomic<std::int64_t> sent = 0;
    std::atomic<std::int64_t> acknowledged = 0;
    // Of each transaction that is in the table, in order; of the last one perhaps without an
    // answer.
    mutable std::mutex mutex;
    std::vector<std::chrono::system_clock::time_point> sent_times;
    std::vector<std::chrono::system_clock::time_point> answer_times;

    void Send();
    void Answer(bool success);
    void Settle(std::size_t count);
  };
  std::array<Writer, kWriterCount> writers_;
};

// Eight threads that write until they are stopped or the server is gone.
class MoneyWriters {
 public:
  MoneyWriters(Money& money, std::uint16_t port, std::uint64_t seed);
  ~MoneyWriters() { Stop(); }

  void Stop();

 private:
  void Write(int writer, std::uint16_t port, std::uint64_t seed);

  Money& money_;
  std::atomic<bool> is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_BACKUP_MONEY_H_
