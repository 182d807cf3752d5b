// DynamoDB's reserved words: names that an expression may use only through a `#placeholder`.

#ifndef GRAMME_EXPRESSION_RESERVED_WORDS_H_
#define GRAMME_EXPRESSION_RESERVED_WORDS_H_

#include <cstddef>
#include <string_view>

namespace gramme {

inline constexpr std::size_t kReservedWordCount = 573;

// Whatever its case. ASCII only, as the words are.
bool IsReservedWord(std::string_view word);

// ASCII letters compare without their case. REQUIRES: `upper` is upper case.
bool EqualsIgnoringCase(std::string_view word, std::string_view upper);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_RESERVED_WORDS_H_
