// What TagResource and UntagResource share: finding the table by its ARN and editing its tags.

#ifndef GRAMME_API_TAG_TAG_EDIT_H_
#define GRAMME_API_TAG_TAG_EDIT_H_

#include <map>
#include <string>
#include <string_view>

#include "api/operation_context.h"
#include "base/function_ref.h"
#include "model/api_error.h"
#include "table/table.h"

namespace gramme {

// Errors: ValidationException for what is not the ARN of a table.
Result<void> ValidateResourceArn(std::string_view resource_arn);

// Errors: ResourceNotFoundException, also where the ARN is of another region or account.
Result<TableRef> FindResource(std::string_view resource_arn, const OperationContext& context);

using TagEdit = FunctionRef<Result<void>(std::map<std::string, std::string>& tags)>;
Result<void> EditTags(std::string_view resource_arn, TagEdit edit, OperationContext& context);

}  // namespace gramme

#endif  // GRAMME_API_TAG_TAG_EDIT_H_
