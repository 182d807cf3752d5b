// A walk over encoded attributes (encoding/item_encoding.h) that builds nothing: the visitor is
// told each value in turn. One walk serves those who check the bytes and those who write them out.
//
// A visitor has, with names and bytes that are valid during the call:
//
//   void Name(std::string_view);         // before each value of a map, and of the item
//   void String(std::string_view);  void Binary(std::string_view);
//   void Number(const gramme::Number&);  void Bool(bool);  void Null();
//   void BeginSet(AttributeType);        // then String, Number or Binary for each element
//   void EndSet();
//   void BeginList();  void EndList();  void BeginMap();  void EndMap();
//
// The item itself is a map without BeginMap and EndMap.

#ifndef GRAMME_ENCODING_VALUE_WALK_H_
#define GRAMME_ENCODING_VALUE_WALK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "encoding/record.h"
#include "model/attribute_value.h"
#include "model/limits.h"
#include "model/number.h"

namespace gramme {

// The number of a payload, or nothing where it is not in normal form: one value, one encoding.
std::optional<Number> ReadNumberPayload(std::string_view payload);

template <typename Visitor>
class ValueWalk {
 public:
  explicit ValueWalk(Visitor& visitor) : visitor_(visitor) {}

  // `count | name, value …`, the whole of `bytes`. False where they are damaged; what comes before
  // the damage has been visited then.
  bool Attributes(std::string_view bytes) { return Map(bytes, 0); }

 private:
  static bool TakeBytes(std::string_view& bytes, std::string_view& out) {
    std::uint64_t size = 0;
    if (!TakeVarint(bytes, size) || size > bytes.size()) return false;
    out = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return true;
  }

  // `container_count` lists and maps stand around the value.
  bool Value(std::string_view& bytes, int container_count) {
    if (bytes.empty()) return false;
    const auto type = static_cast<AttributeType>(bytes[0]);
    bytes.remove_prefix(1);
    std::string_view payload;
    if (!TakeBytes(bytes, payload)) return false;
    switch (type) {
      case AttributeType::kString:
        visitor_.String(payload);
        return true;
      case AttributeType::kNumber:
        return VisitNumber(payload);
      case AttributeType::kBinary:
        visitor_.Binary(payload);
        return true;
      case AttributeType::kBool:
        if (payload.size() != 1 || static_cast<unsigned char>(payload[0]) > 1) return false;
        visitor_.Bool(payload[0] != '\0');
        return true;
      case AttributeType::kNull:
        visitor_.Null();
        return payload.empty();
      case AttributeType::kStringSet:
      case AttributeType::kNumberSet:
      case AttributeType::kBinarySet:
        return Set(type, payload);
      case AttributeType::kList:
        return container_count < kNestingDepthMax && List(payload, container_count + 1);
      case AttributeType::kMap:
        if (container_count >= kNestingDepthMax) return false;
        visitor_.BeginMap();
        if (!Map(payload, container_count + 1)) return false;
        visitor_.EndMap();
        return true;
    }
    return false;
  }

  bool VisitNumber(std::string_view payload) {
    const std::optional<Number> number = ReadNumberPayload(payload);
    if (!number) return false;
    visitor_.Number(*number);
    return true;
  }

  bool Set(AttributeType type, std::string_view payload) {
    std::uint64_t count = 0;
    if (!TakeVarint(payload, count)) return false;
    visitor_.BeginSet(type);
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string_view element;
      if (!TakeBytes(payload, element)) return false;
      if (type == AttributeType::kStringSet) {
        visitor_.String(element);
      } else if (type == AttributeType::kBinarySet) {
        visitor_.Binary(element);
      } else if (!VisitNumber(element)) {
        return false;
      }
    }
    visitor_.EndSet();
    return payload.empty();
  }

  bool List(std::string_view payload, int container_count) {
    std::uint64_t count = 0;
    if (!TakeVarint(payload, count)) return false;
    visitor_.BeginList();
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!Value(payload, container_count)) return false;
    }
    visitor_.EndList();
    return payload.empty();
  }

  bool Map(std::string_view bytes, int container_count) {
    std::uint64_t count = 0;
    if (!TakeVarint(bytes, count)) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string_view name;
      if (!TakeBytes(bytes, name)) return false;
      visitor_.Name(name);
      if (!Value(bytes, container_count)) return false;
    }
    return bytes.empty();
  }

  Visitor& visitor_;
};

}  // namespace gramme

#endif  // GRAMME_ENCODING_VALUE_WALK_H_
