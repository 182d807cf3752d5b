// Random conditions on random items, against a slow and obvious reading of the same condition that
// shares no code with the evaluator: the generator keeps the meaning beside the text.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "expression/testing/parse.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

using Found = std::optional<AttributeValue>;
using Reading = std::function<bool(const Item&)>;
using OperandReading = std::function<Found(const Item&)>;

// A few values that meet each other often.
const std::vector<AttributeValue>& Pool() {
  static const std::vector<AttributeValue> pool{
      N("0"), N("1"), N("-1.5"), N("3"), S(""), S("a"), S("ab"), S("b"), B("a"), B("\xFF"),
      Strings({"a", "b"}), Numbers({"1", "3"}), AttributeValue(true), AttributeValue(Null{}),
      AttributeValue(List{N("1"), S("a")}), AttributeValue(List{}),
      AttributeValue(AttributeMap{{"k", N("1")}})};
  return pool;
}

Found Walk(const Item& item, const std::vector<std::string>& path) {
  const auto top = item.find(path[0]);
  if (top == item.end()) return std::nullopt;
  AttributeValue value = top->second;
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (path[i][0] == '[') {
      const std::size_t index = std::stoul(path[i].substr(1));
      if (!value.is(AttributeType::kList) || value.get<List>().size() <= index) return {};
      value = AttributeValue(value.get<List>()[index]);
    } else {
      if (!value.is(AttributeType::kMap) || !value.get<AttributeMap>().contains(path[i])) return {};
      value = AttributeValue(value.get<AttributeMap>().at(path[i]));
    }
  }
  return value;
}

// -1, 0, 1; nothing where there is no order.
std::optional<int> Order(const Found& a, const Found& b) {
  if (!a || !b || a->type() != b->type()) return std::nullopt;
  const auto sign = [](const auto& x, const auto& y) { return x < y ? -1 : (y < x ? 1 : 0); };
  if (a->is(AttributeType::kString)) return sign(a->get<std::string>(), b->get<std::string>());
  if (a->is(AttributeType::kBinary)) return sign(a->get<Binary>().bytes, b->get<Binary>().bytes);
  if (a->is(AttributeType::kNumber)) {
    // The pool's numbers are small: their texts compare as doubles without loss.
    return sign(std::stod(a->get<Number>().ToString()), std::stod(b->get<Number>().ToString()));
  }
  return std::nullopt;
}

bool NaiveContains(const AttributeValue& all, const AttributeValue& part) {
  if (all.is(AttributeType::kList)) {
    for (const AttributeValue& element : all.get<List>()) {
      if (element == part) return true;
    }
  }
  if (all.is(AttributeType::kString) && part.is(AttributeType::kString)) {
    return all.get<std::string>().find(part.get<std::string>()) != std::string::npos;
  }
  if (all.is(AttributeType::kBinary) && part.is(AttributeType::kBinary)) {
    return all.get<Binary>().bytes.find(part.get<Binary>().bytes) != std::string::npos;
  }
  if (all.is(AttributeType::kStringSet) && part.is(AttributeType::kString)) {
    for (const std::string& element : all.get<StringSet>().elements) {
      if (element == part.get<std::string>()) return true;
    }
  }
  if (all.is(AttributeType::kNumberSet) && part.is(AttributeType::kNumber)) {
    for (const Number& element : all.get<NumberSet>().elements) {
      if (element == part.get<Number>()) return true;
    }
  }
  return false;
}

Found NaiveSize(const Found& value) {
  if (!value) return std::nullopt;
  switch (value->type()) {
    case AttributeType::kString: return N(std::to_string(value->get<std::string>().size()));
    case AttributeType::kBinary: return N(std::to_string(value->get<Binary>().bytes.size()));
    case AttributeType::kStringSet:
      return N(std::to_string(value->get<StringSet>().elements.size()));
    case AttributeType::kNumberSet:
      return N(std::to_string(value->get<NumberSet>().elements.size()));
    case AttributeType::kList: return N(std::to_string(value->get<List>().size()));
    case AttributeType::kMap: return N(std::to_string(value->get<AttributeMap>().size()));
    default: return std::nullopt;
  }
}

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  struct Condition {
    std::string text;
    Reading reading;
    int strength;  // 3: a comparison or function; 2: NOT; 1: AND; 0: OR
  };

  Sent sent;

  Condition Make(int depth) {
    const std::uint64_t choice = depth == 0 ? 3 : random_.Below(6);
    if (choice == 0) return Join(depth, " OR ", 0);
    if (choice == 1) return Join(depth, " and ", 1);
    if (choice == 2) {
      Condition inner = Make(depth - 1);
      const Reading reading = inner.reading;
      return {.text = "NOT " + Wrapped(inner, 2),
              .reading = [reading](const Item& item) { return !reading(item); },
              .strength = 2};
    }
    return MakeLeaf();
  }

 private:
  struct OperandText {
    std::string text;
    OperandReading reading;
  };

  // In parentheses where it binds less, and sometimes for nothing.
  std::string Wrapped(const Condition& condition, int least) {
    if (condition.strength >= least && !random_.OneIn(4)) return condition.text;
    return "(" + condition.text + ")";
  }

  Condition Join(int depth, const std::string& joiner, int strength) {
    const Condition a = Make(depth - 1);
    const Condition b = Make(depth - 1);
    const bool is_and = strength == 1;
    return {.text = Wrapped(a, strength) + joiner + Wrapped(b, strength),
            .reading = [x = a.reading, y = b.reading, is_and](const Item& item) {
              const bool first = x(item);
              const bool second = y(item);
              return is_and ? (first && second) : (first || second);
            },
            .strength = strength};
  }

  OperandText Literal(const std::vector<AttributeType>& types) {
    while (true) {
      const std::size_t i = random_.Below(Pool().size());
      const AttributeValue& value = Pool()[i];
      bool fits = types.empty();
      for (const AttributeType type : types) fits = fits || value.is(type);
      if (!fits) continue;
      const std::string token = ":v" + std::to_string(i);
      sent.values.insert_or_assign(token, value);
      return {.text = token, .reading = [value](const Item&) { return Found(value); }};
    }
  }

  OperandText Path(char letter) {
    std::vector<std::string> path{std::string(1, letter) + std::to_string(random_.Below(3))};
    std::string text = path[0];
    if (random_.OneIn(4)) {
      path.emplace_back("k");
      text += ".k";
    } else if (random_.OneIn(4)) {
      path.emplace_back("[1]");
      text += "[1]";
    }
    return {.text = text, .reading = [path](const Item& item) { return Walk(item, path); }};
  }

  OperandText Size(char letter) {
    const OperandText path = Path(letter);
    return {.text = "size(" + path.text + ")",
            .reading = [inner = path.reading](const Item& item) { return NaiveSize(inner(item)); }};
  }

  // The letter keeps first operands apart from the rest, which DynamoDB demands.
  OperandText Operand(char letter, const std::vector<AttributeType>& types) {
    const std::uint64_t choice = random_.Below(4);
    if (choice == 0) return Size(letter);
    if (choice == 1) return Literal(types);
    return Path(letter);
  }

  Condition MakeLeaf() {
    switch (random_.Below(5)) {
      case 0: return MakeComparison();
      case 1: return MakeBetween();
      case 2: return MakeIn();
      case 3: return MakeExists();
      default: return MakeMatch();
    }
  }

  Condition MakeComparison() {
    const std::vector<std::string> names{"=", "<>", "<", "<=", ">", ">="};
    const std::string name = names[random_.Below(names.size())];
    std::vector<AttributeType> types;
    if (name != "=" && name != "<>") {
      types = {AttributeType::kString, AttributeType::kNumber, AttributeType::kBinary};
    }
    const OperandText a = Operand('p', types);
    const OperandText b = Operand('q', types);
    return {.text = a.text + " " + name + " " + b.text,
            .reading = [x = a.reading, y = b.reading, name](const Item& item) {
              const Found first = x(item);
              const Found second = y(item);
              const bool equal = first && second && *first == *second;
              if (name == "=") return equal;
              if (name == "<>") return !equal;
              const std::optional<int> order = Order(first, second);
              if (!order) return false;
              if (name == "<") return *order < 0;
              if (name == "<=") return *order <= 0;
              if (name == ">") return *order > 0;
              return *order >= 0;
            },
            .strength = 3};
  }

  Condition MakeBetween() {
    const OperandText a = Path('p');
    const OperandText low = Path('q');
    const OperandText high =
        Operand('r', {AttributeType::kString, AttributeType::kNumber, AttributeType::kBinary});
    return {.text = a.text + " BETWEEN " + low.text + " AND " + high.text,
            .reading = [x = a.reading, y = low.reading, z = high.reading](const Item& item) {
              const std::optional<int> below = Order(y(item), x(item));
              const std::optional<int> above = Order(x(item), z(item));
              return below && above && *below <= 0 && *above <= 0;
            },
            .strength = 3};
  }

  Condition MakeIn() {
    const OperandText a = Operand('p', {});
    std::string list;
    std::vector<OperandReading> readings;
    for (std::uint64_t i = random_.Below(4) + 1; i > 0; --i) {
      const OperandText each = Operand('q', {});
      list += (list.empty() ? "" : ", ") + each.text;
      readings.push_back(each.reading);
    }
    return {.text = a.text + " IN (" + list + ")",
            .reading = [x = a.reading, readings](const Item& item) {
              const Found first = x(item);
              bool found = false;
              for (const OperandReading& each : readings) {
                const Found value = each(item);
                if (first && value && *first == *value) found = true;
              }
              return found;
            },
            .strength = 3};
  }

  Condition MakeExists() {
    const OperandText path = Path('p');
    const bool wanted = random_.OneIn(2);
    return {.text = (wanted ? "attribute_exists(" : "attribute_not_exists(") + path.text + ")",
            .reading = [x = path.reading, wanted](const Item& item) {
              return x(item).has_value() == wanted;
            },
            .strength = 3};
  }

  Condition MakeMatch() {
    const bool begins = random_.OneIn(2);
    std::vector<AttributeType> types;
    if (begins) types = {AttributeType::kString, AttributeType::kBinary};
    const OperandText a = Path('p');
    const OperandText b = random_.OneIn(2) ? Path('q') : Literal(types);
    return {.text = (begins ? "begins_with(" : "contains(") + a.text + ", " + b.text + ")",
            .reading = [x = a.reading, y = b.reading, begins](const Item& item) {
              const Found first = x(item);
              const Found second = y(item);
              if (!first || !second) return false;
              if (!begins) return NaiveContains(*first, *second);
              if (first->type() != second->type()) return false;
              if (first->is(AttributeType::kString)) {
                return first->get<std::string>().rfind(second->get<std::string>(), 0) == 0;
              }
              if (first->is(AttributeType::kBinary)) {
                return first->get<Binary>().bytes.rfind(second->get<Binary>().bytes, 0) == 0;
              }
              return false;
            },
            .strength = 3};
  }

  Random& random_;
};

Item RandomSmallItem(Random& random) {
  Item item;
  for (const char* name : {"p0", "p1", "p2", "q0", "q1", "q2", "r0", "r1", "r2"}) {
    if (random.OneIn(5)) continue;
    item.emplace(name, Pool()[random.Below(Pool().size())]);
  }
  return item;
}

TEST(ConditionPropertyTest, AgreesWithANaiveReading) {
  SeededRandom random(TestSeed());
  int held = 0;
  for (int i = 0; i < 2000; ++i) {
    Generator generator(random);
    const Generator::Condition made = generator.Make(4);
    const auto parsed = ParseCondition(made.text, generator.sent);
    if (!parsed) {
      // The only refusals a generated condition can earn.
      const std::string& message = parsed.error().message;
      const bool expected = message.find("redundant parentheses") != std::string::npos ||
                            message.find("operand type: ") != std::string::npos;
      ASSERT_TRUE(expected) << made.text << ": " << message;
      continue;
    }
    for (int j = 0; j < 10; ++j) {
      const Item item = RandomSmallItem(random);
      const bool expected = made.reading(item);
      ASSERT_EQ(parsed->Holds(item), expected) << made.text;
      held += expected ? 1 : 0;
    }
  }
  EXPECT_GT(held, 1000);
}

TEST(ConditionPropertyTest, NeverCrashesOnRandomTokens) {
  SeededRandom random(TestSeed());
  const std::vector<std::string> tokens{"a", "b.c", "[1]", ":v", "#n", "(", ")", "AND", "OR", "NOT",
                                        "BETWEEN", "IN", "=", "<", "size", "contains", ",", "SET",
                                        "REMOVE", "+", "list_append", "if_not_exists", "\xC3"};
  const Sent sent{.values = {{":v", N("1")}}, .names = {{"#n", "n"}}};
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::uint64_t j = random.Below(12); j > 0; --j) {
      text += tokens[random.Below(tokens.size())] + (random.OneIn(3) ? "" : " ");
    }
    if (const auto condition = ParseCondition(text, sent)) condition->Holds({});
    if (const auto update = ParseUpdate(text, sent)) {
      const auto updated = update->Apply({});
      ASSERT_TRUE(updated.has_value() || !updated.error().message.empty());
    }
    if (const auto projection = ParseProjection(text, sent)) projection->Apply({});
  }
}

}  // namespace
}  // namespace gramme
