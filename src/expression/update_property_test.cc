// Random updates of random items, against a slow reading: lists are written with holes where
// elements go, and closed at the end.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "expression/testing/parse.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

// The item of these tests: a number, a map of lists and a list of maps and lists, all of which a
// model of plain vectors can hold.
struct Model {
  std::map<std::string, std::optional<int>> numbers;  // n0, n1, …
  std::map<std::string, std::optional<int>> entries;  // in the map `dict`
  std::vector<std::optional<int>> things;             // the list `things`
  std::vector<std::vector<std::optional<int>>> rows;  // the list of lists `grid`
};

Model RandomModel(Random& random) {
  Model model;
  const auto number = [&] { return static_cast<int>(random.Below(1000)); };
  for (int i = 0; i < 4; ++i) {
    if (!random.OneIn(3)) model.numbers["n" + std::to_string(i)] = number();
    if (!random.OneIn(3)) model.entries["k" + std::to_string(i)] = number();
  }
  for (std::uint64_t i = random.Below(6); i > 0; --i) model.things.emplace_back(number());
  for (std::uint64_t i = random.Below(4); i > 0; --i) {
    auto& row = model.rows.emplace_back();
    for (std::uint64_t j = random.Below(4); j > 0; --j) row.emplace_back(number());
  }
  return model;
}

AttributeValue ListOf(const std::vector<std::optional<int>>& elements) {
  List list;
  for (const auto& element : elements) {
    if (element) list.push_back(N(std::to_string(*element)));
  }
  return list;
}

// `removed_rows` are left out with all they hold.
Item ToItem(const Model& model, const std::set<std::size_t>& removed_rows = {}) {
  Item item;
  AttributeMap dict;
  List grid;
  for (const auto& [name, value] : model.numbers) {
    if (value) item.emplace(name, N(std::to_string(*value)));
  }
  for (const auto& [name, value] : model.entries) {
    if (value) dict.emplace(name, N(std::to_string(*value)));
  }
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    if (!removed_rows.contains(i)) grid.push_back(ListOf(model.rows[i]));
  }
  item.emplace("dict", std::move(dict));
  item.emplace("things", ListOf(model.things));
  item.emplace("grid", std::move(grid));
  return item;
}

class Script {
 public:
  Script(Random& random, const Model& model) : random_(random), before_(model), after_(model) {}

  // Adds one action, unless its path is taken.
  void AddAction() {
    switch (random_.Below(5)) {
      case 0:
        return ActOnNumber();
      case 1:
        return ActOnEntry();
      case 2:
        return ActOnElement(before_.things, after_.things, things_appended_, "things");
      case 3:
        return ActOnRow();
      default:
        return RemoveRow();
    }
  }

  std::string text() const {
    std::string sets;
    std::string removes;
    for (const std::string& each : sets_) sets += (sets.empty() ? "SET " : ", ") + each;
    for (const std::string& each : removes_) removes += (removes.empty() ? "REMOVE " : ", ") + each;
    return random_.OneIn(2) ? sets + " " + removes : removes + " " + sets;
  }
  bool empty() const { return sets_.empty() && removes_.empty(); }
  const Sent& sent() const { return sent_; }

  Item Expected() {
    for (const auto& [index, value] : things_appended_) after_.things.emplace_back(value);
    for (auto& [row, appended] : rows_appended_) {
      for (const auto& [index, value] : appended) after_.rows[row].emplace_back(value);
    }
    return ToItem(after_, removed_rows_);
  }

 private:
  using Appended = std::map<std::size_t, int>;

  bool Take(const std::string& path) { return taken_.insert(path).second; }

  // A literal, a copy of a number, or a sum; reads the item as it was.
  std::optional<int> Value(std::string& text) {
    const int literal = static_cast<int>(random_.Below(1000));
    const std::string token = ":v" + std::to_string(sent_.values.size());
    const std::string source = "n" + std::to_string(random_.Below(4));
    const auto known = before_.numbers.find(source);
    const bool exists = known != before_.numbers.end();
    switch (random_.Below(3)) {
      case 0:
        if (!exists) break;
        text = source;
        return known->second;
      case 1:
        text = "if_not_exists(" + source + ", " + token + ") - " + token;
        sent_.values.emplace(token, N(std::to_string(literal)));
        return (exists ? *known->second : literal) - literal;
      default:
        break;
    }
    text = token;
    sent_.values.emplace(token, N(std::to_string(literal)));
    return literal;
  }

  void ActOnNumber() {
    const std::string path = "n" + std::to_string(random_.Below(4));
    if (Take(path)) ActOnPlace(path, after_.numbers[path]);
  }

  void ActOnEntry() {
    const std::string key = "k" + std::to_string(random_.Below(4));
    if (Take("dict." + key)) ActOnPlace("dict." + key, after_.entries[key]);
  }

  void ActOnPlace(const std::string& path, std::optional<int>& place) {
    if (random_.OneIn(3)) {
      removes_.push_back(path);
      place.reset();
      return;
    }
    std::string value;
    place = Value(value);
    sets_.push_back(path + " = " + value);
  }

  void ActOnElement(const std::vector<std::optional<int>>& before,
                    std::vector<std::optional<int>>& after, Appended& appended,
                    const std::string& list) {
    const std::size_t index = random_.Below(8);
    const std::string path = list + "[" + std::to_string(index) + "]";
    if (!Take(path)) return;
    if (index < before.size()) return ActOnPlace(path, after[index]);
    std::optional<int> value;
    ActOnPlace(path, value);
    if (value) appended[index] = *value;
  }

  void ActOnRow() {
    if (before_.rows.empty()) return;
    const std::size_t row = random_.Below(before_.rows.size());
    if (removed_rows_.contains(row)) return;
    used_rows_.insert(row);
    ActOnElement(before_.rows[row], after_.rows[row], rows_appended_[row],
                 "grid[" + std::to_string(row) + "]");
  }

  void RemoveRow() {
    if (before_.rows.empty()) return;
    const std::size_t row = random_.Below(before_.rows.size());
    if (used_rows_.contains(row) || !removed_rows_.insert(row).second) return;
    removes_.push_back("grid[" + std::to_string(row) + "]");
  }

  Random& random_;
  const Model before_;
  Model after_;
  Sent sent_;
  std::set<std::string> taken_;
  std::set<std::size_t> used_rows_;
  std::set<std::size_t> removed_rows_;
  Appended things_appended_;
  std::map<std::size_t, Appended> rows_appended_;
  std::vector<std::string> sets_;
  std::vector<std::string> removes_;
};

TEST(UpdatePropertyTest, AgreesWithANaiveReading) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 5000; ++i) {
    const Model model = RandomModel(random);
    Script script(random, model);
    for (std::uint64_t j = random.Below(8) + 1; j > 0; --j) script.AddAction();
    if (script.empty()) continue;
    const std::string text = script.text();
    const Item before = ToItem(model);
    const auto updated = Updated(text, before, script.sent());
    ASSERT_TRUE(updated.has_value()) << text << ": " << updated.error().message;
    ASSERT_EQ(*updated, script.Expected()) << text;
    ASSERT_EQ(before, ToItem(model)) << text;
  }
}

TEST(UpdatePropertyTest, AddingAndDeletingASetLeavesTheDifference) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 500; ++i) {
    std::set<std::string> old_elements;
    std::set<std::string> elements{"z"};
    for (int j = 0; j < 5; ++j) {
      if (random.OneIn(2)) old_elements.insert("e" + std::to_string(random.Below(8)));
      if (random.OneIn(2)) elements.insert("e" + std::to_string(random.Below(8)));
    }
    if (old_elements.empty()) continue;
    const Item item{{"s", Strings({old_elements.begin(), old_elements.end()})}};
    const Sent sent{.values = {{":s", Strings({elements.begin(), elements.end()})}}};
    std::set<std::string> sum = old_elements;
    std::set<std::string> difference = old_elements;
    for (const std::string& element : elements) {
      sum.insert(element);
      difference.erase(element);
    }
    ASSERT_EQ(*Updated("ADD s :s", item, sent), (Item{{"s", Strings({sum.begin(), sum.end()})}}));
    const Item left =
        difference.empty() ? Item{} : Item{{"s", Strings({difference.begin(), difference.end()})}};
    ASSERT_EQ(*Updated("DELETE s :s", item, sent), left);
  }
}

}  // namespace
}  // namespace gramme
