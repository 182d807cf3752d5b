#include "expression/evaluator.h"

#include <cstring>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace gramme {
namespace {

// std::string compares as unsigned bytes, whatever the sign of char.
std::partial_ordering CompareBytes(std::string_view a, std::string_view b) { return a <=> b; }

// As Java counts: characters outside the basic plane, four bytes in UTF-8, count twice.
std::size_t Utf16Length(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U) continue;
    length += byte >= 0xF0U ? 2 : 1;
  }
  return length;
}

// The bytes of a string or binary.
std::optional<std::string_view> BytesOf(const AttributeValue& value) {
  if (const std::string* string = value.get_if<std::string>()) return *string;
  if (const Binary* binary = value.get_if<Binary>()) return binary->bytes;
  return std::nullopt;
}

bool BeginsWith(const AttributeValue& value, const AttributeValue& prefix) {
  if (value.type() != prefix.type()) return false;
  const std::optional<std::string_view> bytes = BytesOf(value);
  return bytes && bytes->starts_with(*BytesOf(prefix));
}

// memmem is linear; std::string_view::find may be quadratic, and the item and the needle are both
// the client's.
bool ContainsBytes(std::string_view bytes, std::string_view needle) {
  return ::memmem(bytes.data(), bytes.size(), needle.data(), needle.size()) != nullptr;
}

template <typename Element>
bool HasElement(const std::vector<Element>& sorted, const Element& element) {
  return std::binary_search(sorted.begin(), sorted.end(), element);
}

bool Contains(const AttributeValue& value, const AttributeValue& element) {
  const std::string* string = element.get_if<std::string>();
  const Binary* binary = element.get_if<Binary>();
  const Number* number = element.get_if<Number>();
  switch (value.type()) {
    case AttributeType::kString:
      return string != nullptr && ContainsBytes(value.get<std::string>(), *string);
    case AttributeType::kBinary:
      return binary != nullptr && ContainsBytes(value.get<Binary>().bytes, binary->bytes);
    case AttributeType::kStringSet:
      return string != nullptr && HasElement(value.get<StringSet>().elements, *string);
    case AttributeType::kBinarySet:
      return binary != nullptr && HasElement(value.get<BinarySet>().elements, binary->bytes);
    case AttributeType::kNumberSet:
      return number != nullptr && HasElement(value.get<NumberSet>().elements, *number);
    case AttributeType::kList: {
      const List& list = value.get<List>();
      return std::find(list.begin(), list.end(), element) != list.end();
    }
    default: return false;
  }
}

// The operands of one node for one item. A size has no place in the item: it lives here.
class OperandReader {
 public:
  explicit OperandReader(const Item& item) : item_(item) {}

  // nullptr where there is none. Valid until the next call with the same `scratch`.
  const AttributeValue* Read(const Operand& operand, AttributeValue& scratch) const {
    const AttributeValue* value = operand.kind == Operand::Kind::kPath ||
                                          operand.kind == Operand::Kind::kSizeOfPath
                                      ? FindAtPath(item_, operand.path)
                                      : operand.value.get();
    if (value == nullptr || !operand.is_size()) return value;
    const std::optional<std::size_t> size = SizeFunction(*value);
    if (!size) return nullptr;
    scratch = Number::FromInt(static_cast<std::int64_t>(*size));
    return &scratch;
  }

 private:
  const Item& item_;
};

bool Compares(ConditionKind kind, const AttributeValue& a, const AttributeValue& b) {
  const std::partial_ordering order = CompareValues(a, b);
  switch (kind) {
    case ConditionKind::kLess: return order < 0;
    case ConditionKind::kLessOrEqual: return order <= 0;
    case ConditionKind::kGreater: return order > 0;
    default: return order >= 0;
  }
}

bool EvaluateLeaf(const ConditionNode& node, const Item& item) {
  const OperandReader reader(item);
  AttributeValue scratch[3];
  const AttributeValue* first = reader.Read(node.operands[0], scratch[0]);
  switch (node.kind) {
    case ConditionKind::kAttributeExists: return first != nullptr;
    case ConditionKind::kAttributeNotExists: return first == nullptr;
    case ConditionKind::kAttributeType: return first != nullptr && first->is(node.attribute_type);
    case ConditionKind::kIn:
      return first != nullptr &&
             std::any_of(node.operands.begin() + 1, node.operands.end(), [&](const Operand& each) {
               const AttributeValue* value = reader.Read(each, scratch[1]);
               return value != nullptr && *value == *first;
             });
    default: break;
  }
  const AttributeValue* second = reader.Read(node.operands[1], scratch[1]);
  if (first == nullptr || second == nullptr) return node.kind == ConditionKind::kNotEqual;
  switch (node.kind) {
    case ConditionKind::kEqual: return *first == *second;
    case ConditionKind::kNotEqual: return *first != *second;
    case ConditionKind::kBeginsWith: return BeginsWith(*first, *second);
    case ConditionKind::kContains: return Contains(*first, *second);
    case ConditionKind::kBetween: {
      const AttributeValue* high = reader.Read(node.operands[2], scratch[2]);
      return high != nullptr && Compares(ConditionKind::kGreaterOrEqual, *first, *second) &&
             Compares(ConditionKind::kLessOrEqual, *first, *high);
    }
    default: return Compares(node.kind, *first, *second);
  }
}

}  // namespace

std::partial_ordering CompareValues(const AttributeValue& a, const AttributeValue& b) {
  if (a.type() != b.type()) return std::partial_ordering::unordered;
  if (const Number* number = a.get_if<Number>()) return *number <=> b.get<Number>();
  const std::optional<std::string_view> bytes = BytesOf(a);
  if (!bytes) return std::partial_ordering::unordered;
  return CompareBytes(*bytes, *BytesOf(b));
}

std::optional<std::size_t> SizeFunction(const AttributeValue& value) {
  switch (value.type()) {
    case AttributeType::kString: return Utf16Length(value.get<std::string>());
    case AttributeType::kBinary: return value.get<Binary>().bytes.size();
    case AttributeType::kStringSet: return value.get<StringSet>().elements.size();
    case AttributeType::kNumberSet: return value.get<NumberSet>().elements.size();
    case AttributeType::kBinarySet: return value.get<BinarySet>().elements.size();
    case AttributeType::kList: return value.get<List>().size();
    case AttributeType::kMap: return value.get<AttributeMap>().size();
    default: return std::nullopt;
  }
}

bool Evaluate(const ConditionNode& node, const Item& item) {
  const auto holds = [&](const ConditionNode& child) { return Evaluate(child, item); };
  switch (node.kind) {
    case ConditionKind::kAnd:
      return std::all_of(node.conditions.begin(), node.conditions.end(), holds);
    case ConditionKind::kOr:
      return std::any_of(node.conditions.begin(), node.conditions.end(), holds);
    case ConditionKind::kNot: return !holds(node.conditions.front());
    default: return EvaluateLeaf(node, item);
  }
}

}  // namespace gramme
