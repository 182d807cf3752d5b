// Conditions and filters, over any text, values and item: printed and parsed again they are the
// same tree; the two say the same; the result is that of a slow reading and depends on the reported
// attributes alone.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "expression/condition_expression.h"
#include "expression/condition_node.h"
#include "expression/condition_parser.h"
#include "expression/lexer.h"
#include "expression/parser.h"
#include "expression/testing/fuzz_input.h"
#include "expression/testing/print.h"
#include "expression/testing/slow_condition.h"
#include "model/limits.h"

namespace gramme {
namespace {

constexpr std::string_view kCondition = "ConditionExpression";
constexpr std::string_view kFilter = "FilterExpression";

// The printed condition may be too long or too deep; then there is nothing to compare.
void CheckPrinted(std::string_view text) {
  auto parser = Parser::Make(kCondition, text);
  if (!parser) return;
  const auto syntax = ParseCondition(*parser);
  if (!syntax) return;
  const std::string printed = Print(*syntax);
  auto again = Parser::Make(kCondition, printed);
  if (!again) {
    GRAMME_CHECK(printed.size() > kExpressionBytesMax, "refused what it printed");
    return;
  }
  const auto syntax_again = ParseCondition(*again);
  if (!syntax_again) {
    GRAMME_CHECK(std::count(printed.begin(), printed.end(), '(') > kExpressionDepthMax,
                 "refused what it printed");
    return;
  }
  GRAMME_CHECK(Print(*syntax_again) == printed, "parsed another condition");
}

void CheckHolds(const ConditionExpression& condition, const FuzzInput& input) {
  Placeholders placeholders(input.names, input.values);
  const auto node = ParseConditionNode(kCondition, input.text, placeholders);
  GRAMME_CHECK(node.has_value(), "parsed once, refused once");
  const std::set<std::string> attributes(condition.attributes().begin(),
                                         condition.attributes().end());
  for (const Item& item : {input.item, Item{}}) {
    const bool holds = condition.Holds(item);
    GRAMME_CHECK(holds == HoldsSlowly(*node, item), "the slow reading disagrees");
    GRAMME_CHECK(holds == condition.Holds(Restricted(item, attributes)),
                 "it reads an attribute that it does not report");
  }
}

// The input as names of placeholders: a token is what the lexer takes as one.
void CheckTokens(const std::string& text) {
  for (const char marker : {'#', ':'}) {
    const std::vector<Token> tokens = Tokenize(text);
    const bool is_token = tokens.size() == 2 && tokens[0].text == text &&
                          tokens[0].kind == (marker == '#' ? TokenKind::kName : TokenKind::kValue);
    GRAMME_CHECK(IsPlaceholderToken(text, marker) == is_token, "the lexer disagrees on a token");
  }
}

void Run(std::string_view bytes) {
  const FuzzInput input(bytes);
  CheckTokens(input.text);
  CheckPrinted(input.text);
  Placeholders placeholders(input.names, input.values);
  GRAMME_CHECK(placeholders.Validate(true).has_value(), "good placeholders");
  const auto condition = ConditionExpression::Parse(kCondition, input.text, placeholders);
  Placeholders of_filter(input.names, input.values);
  const auto filter = ConditionExpression::Parse(kFilter, input.text, of_filter);
  GRAMME_CHECK(condition.has_value() == filter.has_value(), "a filter is another language");
  GRAMME_CHECK(placeholders.CheckAllUsed().has_value() == of_filter.CheckAllUsed().has_value(),
               "a filter uses other placeholders");
  if (condition) {
    CheckHolds(*condition, input);
  } else {
    GRAMME_CHECK(!condition.error().message.empty(), "refused without a word");
  }
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gramme::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
