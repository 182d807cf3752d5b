// What a fuzzer of expressions makes of its bytes: the first line is the expression; what follows
// chooses the values of :a to :h and an item with the attributes a to f. So both a dictionary's
// words and changes of the values get somewhere.

#ifndef GRAMME_EXPRESSION_TESTING_FUZZ_INPUT_H_
#define GRAMME_EXPRESSION_TESTING_FUZZ_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "expression/placeholders.h"
#include "model/attribute_value.h"

namespace gramme {

// Zeros once they are used up.
class ByteSource {
 public:
  explicit ByteSource(std::string_view bytes) : bytes_(bytes) {}

  std::size_t Below(std::size_t bound) {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte % bound;
  }
  std::string Text() {
    constexpr std::string_view kTexts[] = {"a", "", "ab", "b", "S", "NULL", "L", "\xC3\xA9"};
    const std::size_t choice = Below(std::size(kTexts) + 4);
    if (choice < std::size(kTexts)) return std::string(kTexts[choice]);
    // About the limits of keys.
    if (choice == std::size(kTexts)) return std::string(Below(16) + 2040, 'x');
    if (choice == std::size(kTexts) + 1) return std::string(Below(16) + 1016, 'x');
    std::string text;
    for (std::size_t left = Below(6); left > 0; --left) text += static_cast<char>(Below(256));
    return text;
  }
  Number Decimal() {
    constexpr std::string_view kTexts[] = {"0",      "1",
                                           "-1.5",   "3",
                                           "1E125",  "-9.9999999999999999999999999999999999999E125",
                                           "1E-130", "99999999999999999999999999999999999999",
                                           "-1",     "0.1",
                                           "9E125",  "1.1E-130"};
    const std::size_t choice = Below(std::size(kTexts) + 2);
    if (choice < std::size(kTexts)) return *Number::Parse(kTexts[choice]);
    return Number::FromInt(static_cast<std::int64_t>(Below(256)) - 100);
  }
  AttributeValue Value(int depth_max) {
    switch (Below(depth_max > 0 ? 10 : 8)) {
      case 0:
        return Text();
      case 1:
        return Decimal();
      case 2:
        return Binary{Text()};
      case 3:
        return Below(2) == 1;
      case 4:
        return Null{};
      case 5:
        return Set<StringSet>([this] { return Text(); });
      case 6:
        return Set<NumberSet>([this] { return Decimal(); });
      case 7:
        return Set<BinarySet>([this] { return Text(); });
      case 8: {
        List list;
        for (std::size_t left = Below(5); left > 0; --left) list.push_back(Value(depth_max - 1));
        return list;
      }
      default: {
        AttributeMap map;
        for (const char* name : {"a", "b", "k"}) {
          if (Below(3) > 0) map.emplace(name, Value(depth_max - 1));
        }
        return map;
      }
    }
  }

 private:
  template <typename T, typename Make>
  AttributeValue Set(Make make) {
    T set;
    for (std::size_t left = Below(4) + 1; left > 0; --left) set.elements.push_back(make());
    std::sort(set.elements.begin(), set.elements.end());
    set.elements.erase(std::unique(set.elements.begin(), set.elements.end()), set.elements.end());
    return set;
  }

  std::string_view bytes_;
};

struct FuzzInput {
  explicit FuzzInput(std::string_view bytes) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    text = bytes.substr(0, end);
    // A line feed is white space of the expression too.
    std::replace(text.begin(), text.end(), '\v', '\n');
    ByteSource source(bytes.substr(std::min(end + 1, bytes.size())));
    names = {{"#a", "a"}, {"#b", "b"}, {"#k", "k"}, {"#n", "name"}, {"#d", "a.b"}};
    values.emplace();
    for (const char* token : {":a", ":b", ":c", ":d", ":e", ":f", ":g", ":h"}) {
      values->emplace(token, source.Value(2));
    }
    for (const char* name : {"a", "b", "c", "d", "e", "name"}) {
      if (source.Below(4) > 0) item.emplace(name, source.Value(3));
    }
  }

  std::string text;
  ExpressionAttributeNames names;
  ExpressionAttributeValues values;
  Item item;
};

// The attributes of `item` that are named.
inline Item Restricted(const Item& item, const std::set<std::string>& attributes) {
  Item restricted;
  for (const auto& [name, value] : item) {
    if (attributes.contains(name)) restricted.emplace(name, value);
  }
  return restricted;
}

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_TESTING_FUZZ_INPUT_H_
