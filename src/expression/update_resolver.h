// From the syntax of an update to its meaning: sections, paths, placeholders, and the types of what
// is given literally.

#ifndef GRAMME_EXPRESSION_UPDATE_RESOLVER_H_
#define GRAMME_EXPRESSION_UPDATE_RESOLVER_H_

#include <vector>

#include "expression/resolver.h"
#include "expression/syntax_tree.h"
#include "expression/update_actions.h"
#include "model/api_error.h"

namespace gramme {

// Errors: ValidationException for what the structure rules refuse, sections given twice,
// overlapping paths, undefined placeholders, operands of the wrong type; in DynamoDB's order.
Result<UpdateActions> ResolveUpdate(const std::vector<SyntaxSection>& sections,
                                    std::string_view parameter, Placeholders& placeholders);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_UPDATE_RESOLVER_H_
