#include "model/testing/random_values.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace gramme {
namespace {

int IntBelow(Random& random, int bound) {
  return static_cast<int>(random.Below(static_cast<std::uint64_t>(bound)));
}

std::string RandomDigits(Random& random, int count) {
  std::string digits;
  // Runs of one digit make carries and trailing zeros likely.
  while (static_cast<int>(digits.size()) < count) {
    const char digit = "0123456789099"[random.Below(13)];
    digits.append(random.OneIn(4) ? random.Below(12) + 1 : 1, digit);
  }
  digits.resize(static_cast<std::size_t>(count));
  return digits;
}

template <typename Set, typename Make>
AttributeValue RandomSet(Random& random, Make make) {
  Set set;
  for (std::uint64_t n = random.Below(6) + 1; n > 0; --n) set.elements.push_back(make());
  std::sort(set.elements.begin(), set.elements.end());
  set.elements.erase(std::unique(set.elements.begin(), set.elements.end()), set.elements.end());
  return set;
}

}  // namespace

std::uint64_t TestSeed() {
  const char* wanted = std::getenv("GRAMME_SEED");
  const std::uint64_t seed =
      wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : SystemRandom().Next64();
  std::printf("seed: GRAMME_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

std::string RandomNumberText(Random& random) {
  std::string text;
  if (random.OneIn(2)) text += random.OneIn(8) ? '+' : '-';
  if (random.OneIn(6)) text.append(random.Below(4), '0');
  const int digits = random.OneIn(4) ? 36 + IntBelow(random, 5) : 1 + IntBelow(random, 12);
  std::string all = RandomDigits(random, digits);
  if (random.OneIn(2)) all.insert(random.Below(all.size() + 1), ".");
  text += all;
  if (random.OneIn(6)) text.append(random.Below(4), '0');
  switch (random.Below(6)) {
    case 0: return text + "e" + std::to_string(IntBelow(random, 11) - 5);
    case 1: return text + "E+" + std::to_string(80 + IntBelow(random, 50));
    case 2: return text + "E-" + std::to_string(90 + IntBelow(random, 85));
    default: return text;
  }
}

Number RandomNumber(Random& random) {
  for (;;) {
    if (const auto number = Number::Parse(RandomNumberText(random))) return *number;
  }
}

std::string RandomBytes(Random& random, std::size_t size_max) {
  std::string bytes;
  for (std::uint64_t n = random.Below(size_max + 1); n > 0; --n) {
    bytes += random.OneIn(8) ? static_cast<char>(random.Below(256))
                             : std::string_view("\x00\x01\xFF\xFE\x02" "aab", 8)[random.Below(8)];
  }
  return bytes;
}

AttributeValue RandomKeyValue(Random& random) {
  switch (random.Below(3)) {
    case 0: return RandomBytes(random, 6);
    case 1: return RandomNumber(random);
    default: return Binary{RandomBytes(random, 6)};
  }
}

AttributeValue RandomValue(Random& random, int depth_max) {
  const std::size_t size_max = random.OneIn(10) ? 400 : 8;
  const auto bytes = [&random] { return RandomBytes(random, 6); };
  switch (random.Below(depth_max > 0 ? 10 : 8)) {
    case 0: return RandomBytes(random, size_max);
    case 1: return RandomNumber(random);
    case 2: return Binary{RandomBytes(random, size_max)};
    case 3: return random.OneIn(2);
    case 4: return Null{};
    case 5: return RandomSet<StringSet>(random, bytes);
    case 6: return RandomSet<NumberSet>(random, [&random] { return RandomNumber(random); });
    case 7: return RandomSet<BinarySet>(random, bytes);
    case 8: {
      List list;
      for (std::uint64_t n = random.Below(5); n > 0; --n) {
        list.push_back(RandomValue(random, depth_max - 1));
      }
      return list;
    }
    default: {
      AttributeMap map;
      for (std::uint64_t n = random.Below(5); n > 0; --n) {
        map.insert_or_assign(bytes(), RandomValue(random, depth_max - 1));
      }
      return map;
    }
  }
}

Item RandomItem(Random& random) {
  Item item;
  for (std::uint64_t n = random.Below(8); n > 0; --n) {
    item.insert_or_assign(RandomBytes(random, random.OneIn(10) ? 200 : 8),
                          RandomValue(random, IntBelow(random, 5)));
  }
  return item;
}

std::vector<Number> EdgeNumbers() {
  const std::string nines(38, '9');
  const std::vector<std::string> all_digits = {
      "1", "10000000000000000000000000000000000001", "100000000000000000001", "1001", "101", "109",
      "11", "15", "19", "2", "5", "89", "9", "90000000000000000000000000000000000009", "901",
      "91", "98", "989", "99", "999", "12345678901234567890123456789012345678",
      "1234567890123456789012345678901234567", nines, nines.substr(1), nines.substr(19)};
  std::vector<Number> numbers = {Number()};
  for (const std::string& digits : all_digits) {
    for (const int exponent : {-130, -129, -128, -3, -2, -1, 0, 1, 2, 3, 37, 38, 124, 125}) {
      const std::string text = digits.substr(0, 1) + "." + digits.substr(1) + "E" +
                               std::to_string(exponent);
      if (const auto number = Number::Parse(text)) {
        numbers.push_back(*number);
        numbers.push_back(number->Negated());
      }
    }
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

AttributeValue NestedList(int depth) {
  AttributeValue value = Null{};
  for (int i = 0; i < depth; ++i) {
    List list;
    list.push_back(std::move(value));
    value = std::move(list);
  }
  return value;
}

}  // namespace gramme
