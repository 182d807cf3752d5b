#include "protocol/error_body.h"

#include <gtest/gtest.h>

namespace gramme {
namespace {

std::string BodyOf(ErrorCode code, std::string message) {
  return ErrorBody(Error(code, std::move(message)).error());
}

TEST(ErrorBodyTest, NamesErrorsAsTheirService) {
  EXPECT_EQ(BodyOf(ErrorCode::kResourceNotFoundException, "gone"),
            R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
            R"("message":"gone"})");
  EXPECT_EQ(BodyOf(ErrorCode::kValidationException, "a \"b\""),
            R"({"__type":"com.amazon.coral.validate#ValidationException","message":"a \"b\""})");
  EXPECT_EQ(BodyOf(ErrorCode::kSerializationException, "x"),
            R"({"__type":"com.amazon.coral.service#SerializationException","Message":"x"})");
  EXPECT_EQ(BodyOf(ErrorCode::kUnknownOperationException, ""),
            R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
}

TEST(ErrorBodyTest, SpellsMessageAsTheServiceModelDoes) {
  EXPECT_NE(BodyOf(ErrorCode::kTransactionInProgressException, "x").find("\"Message\""),
            std::string::npos);
  EXPECT_NE(BodyOf(ErrorCode::kTransactionConflictException, "x").find("\"message\""),
            std::string::npos);
}

TEST(ErrorBodyTest, AMessageOfMoreThan8KBLosesItsMiddle) {
  const auto body_size = [](std::string message) {
    return BodyOf(ErrorCode::kValidationException, std::move(message)).size();
  };
  const std::size_t around = body_size("x") - 1;
  EXPECT_EQ(body_size(std::string(8192, 'x')), around + 8192);
  const std::string body =
      BodyOf(ErrorCode::kValidationException, "begin" + std::string(100'000, 'x') + "end");
  EXPECT_NE(body.find("begin"), std::string::npos);
  EXPECT_NE(body.find("x ... x"), std::string::npos);
  EXPECT_NE(body.find("end"), std::string::npos);
  EXPECT_EQ(body.size(), around + 8192 + 5);
  // Of characters of four bytes, none is cut.
  std::string faces;
  for (int i = 0; i < 10'000; ++i) faces += "\xF0\x9F\x98\x80";
  EXPECT_EQ((body_size("a" + faces + "b") - around - 5 - 2) % 4, 0U);
  ApiError cancelled = Error(ErrorCode::kTransactionCanceledException, "cancelled").error();
  cancelled.cancellation_reasons.push_back(
      {.code = "ValidationError", .message = std::string(100'000, 'x')});
  EXPECT_LT(ErrorBody(cancelled).size(), 9'000U);
}

TEST(ErrorBodyTest, CarriesTheItemThatFailedACondition) {
  ApiError error = Error(ErrorCode::kConditionalCheckFailedException, "no").error();
  error.item = Item{{"k", AttributeValue(std::string("v"))}};
  EXPECT_EQ(ErrorBody(error),
            R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
            R"("message":"no","Item":{"k":{"S":"v"}}})");
}

TEST(ErrorBodyTest, ListsCancellationReasonsInRequestOrder) {
  ApiError error = Error(ErrorCode::kTransactionCanceledException, "cancelled").error();
  error.cancellation_reasons.resize(2);
  error.cancellation_reasons[1] = {.code = "ConditionalCheckFailed",
                                   .message = "The conditional request failed",
                                   .item = Item{{"k", AttributeValue(true)}}};
  EXPECT_EQ(ErrorBody(error),
            R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",)"
            R"("Message":"cancelled","CancellationReasons":[{"Code":"None"},)"
            R"({"Code":"ConditionalCheckFailed","Item":{"k":{"BOOL":true}},)"
            R"("Message":"The conditional request failed"}]})");
}

TEST(ErrorBodyTest, AnswersServerErrorsAsSuch) {
  EXPECT_EQ(HttpStatusOf(ErrorCode::kInternalServerError), 500);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kServiceUnavailable), 503);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kThrottlingException), 400);
  EXPECT_EQ(HttpStatusOf(ErrorCode::kValidationException), 400);
}

}  // namespace
}  // namespace gramme
