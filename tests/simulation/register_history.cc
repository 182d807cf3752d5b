#include "tests/simulation/register_history.h"

namespace gramme {

RegisterHistory::RegisterHistory() {
  writes_.push_back({.value = std::nullopt, .begin = 0, .end = 0, .fate = WriteFate::kApplied});
}

void RegisterHistory::BeginWrite(RegisterValue value, std::uint64_t tick) {
  writes_.push_back({.value = value, .begin = tick});
}

void RegisterHistory::EndWrite(WriteFate fate, std::uint64_t tick) {
  writes_.back().end = tick;
  writes_.back().fate = fate;
}

bool RegisterHistory::MayBeSeen(std::size_t index, std::uint64_t begin, std::uint64_t end) const {
  const Write& write = writes_[index];
  if (write.fate == WriteFate::kRefused || write.begin > end) return false;
  for (std::size_t later = index + 1; later < writes_.size(); ++later) {
    if (writes_[later].fate == WriteFate::kApplied && writes_[later].end < begin) return false;
  }
  return true;
}

bool RegisterHistory::MayRead(RegisterValue value, std::uint64_t begin, std::uint64_t end) const {
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    if (writes_[i].value == value && MayBeSeen(i, begin, end)) return true;
  }
  return false;
}

bool RegisterHistory::MayReadOther(RegisterValue value, std::uint64_t begin,
                                   std::uint64_t end) const {
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    if (writes_[i].value != value && MayBeSeen(i, begin, end)) return true;
  }
  return false;
}

}  // namespace gramme
