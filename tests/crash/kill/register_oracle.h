// RegisterOracle: what may be read under each key of the main table, as a client can know it.
//
// Every write is known by the moment before it was sent and, once it was acknowledged or seen, by a
// moment by which it had happened. A value is out of date when another write surely happened
// after it: that one was sent when the value was known to be there, and is known to have happened.
// Such a value must never be read, before a kill or after. Everything else may be: the last
// acknowledged value, and any write whose fate is open. The first look after a restart settles
// those.
//
// A transaction is one write with several keys: when one of them shows it, it happened on all.

#ifndef GRAMME_TESTS_CRASH_KILL_REGISTER_ORACLE_H_
#define GRAMME_TESTS_CRASH_KILL_REGISTER_ORACLE_H_

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/crash/kill/main_table.h"

namespace gramme {

// A moment in the order of events in this process.
using Moment = std::uint64_t;

struct Target {
  int key = 0;
  bool is_delete = false;
};

// Thread-safe.
class RegisterOracle {
 public:
  RegisterOracle();

  // To be called before the request is sent; the number goes into the items.
  WriteId Begin(std::vector<Target> targets);
  // The answer said that it happened, or that it surely did not. Neither: its fate is open.
  void Acknowledge(WriteId id);
  void Refuse(WriteId id);

  // To be called before a read is sent.
  Moment Now();
  // What a strong read found; nothing for an absent item. Returns what is wrong with it, if
  // anything.
  std::optional<std::string> CheckRead(Moment sent, int key, std::optional<WriteId> found);
  // Whether a write of this number was ever sent for the key since the last settlement, or settled.
  bool IsOurs(int key, WriteId id);

  // What was found under every key after a restart, all clients gone: checks it, takes it for the
  // truth, and forgets all open writes, which must never appear again.
  std::vector<std::string> Settle(const std::vector<std::optional<WriteId>>& found);

 private:
  static constexpr Moment kNever = ~Moment{0};

  struct Write {
    WriteId id = 0;
    Moment sent = 0;
    Moment known = kNever;
    bool is_refused = false;
    std::vector<Target> targets;
  };
  struct Version {
    Write* write = nullptr;
    bool is_delete = false;
  };

  Moment Next() { return ++moment_; }
  // Whether a write known by `moment` surely came after this version.
  bool IsOutOfDate(int key, const Version& version, Moment moment) const;
  Version* FindVersion(int key, WriteId id);
  std::optional<std::string> Check(Moment sent, int key, std::optional<WriteId> found);
  void MarkKnown(Write& write);
  std::string Describe(int key, const std::string& what) const;
  void Reset(const std::vector<std::optional<WriteId>>& truth);

  std::mutex mutex_;
  Moment moment_ = 0;
  WriteId last_id_ = 0;
  std::deque<Write> writes_;
  std::unordered_map<WriteId, Write*> by_id_;
  std::vector<std::vector<Version>> versions_;  // by key, in the order of sending
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_KILL_REGISTER_ORACLE_H_
