// What an operation is. One operation, one pair of files, named as on the wire:
//
//   struct PutItem {
//     static constexpr std::string_view kName = "PutItem";
//     // Where it is not of DynamoDB's own service.
//     static constexpr std::string_view kTarget = kStreamsTarget;
//     static constexpr Start kStart = Start::kLoop;
//     // Where an answer has many items: their bytes, at most. It waits for that much memory.
//     static constexpr std::size_t kAnswerBytesMax = 1 << 20;
//     using Request = PutItemRequest;    // with VisitMembers, see model/shape.h
//     using Response = PutItemResponse;  // the same
//     struct Plan { … };                 // what Validate worked out: parsed expressions
//     // Where it has such rules: those that DynamoDB looks at before attribute values. A part of
//     // Validate, which is not called where an attribute value cannot be.
//     static Result<void> ValidateParameters(const Request& request);
//     // Of them, where it has some, those that come after ValidateParameters and before the values
//     // of one member; and the member whose values come last, where that is not the last one.
//     static Result<void> ValidateBeforeValues(const Request& request, std::string_view member);
//     static constexpr std::string_view kLastValues = "KeyConditions";
//     static Result<Plan> Validate(const Request& request);
//     static std::vector<Access> Resources(const Request& request, const Plan& plan);
//     static Result<Response> Run(const Request& request, const Plan& plan,
//                                 OperationContext& context);
//   };
//
// Validate needs the request alone and touches no store. Resources derives what the caller must be
// allowed to do. Run is called when both have passed; it may run again (on the pool, or under a new
// view), so it has no effect before its Update. api/operations.h lists every operation; protocol/
// calls them; no other way leads to Run.

#ifndef GRAMME_API_OPERATION_H_
#define GRAMME_API_OPERATION_H_

#include <string_view>

namespace gramme {

// The services, as the header X-Amz-Target names them.
inline constexpr std::string_view kDynamoDbTarget = "DynamoDB_20120810";
inline constexpr std::string_view kStreamsTarget = "DynamoDBStreams_20120810";
inline constexpr std::string_view kAdminTarget = "GrammeAdmin_20261101";

// Where a request starts: on its network loop, reading memory only; or on the pool.
enum class Start { kLoop, kPool };

// The plan of an operation whose Validate works out nothing.
struct NoPlan {};

}  // namespace gramme

#endif  // GRAMME_API_OPERATION_H_
