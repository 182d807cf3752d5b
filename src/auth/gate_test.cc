#include "auth/gate.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

namespace gramme {
namespace {

class DenyAll final : public Authorizer {
 public:
  Result<void> Authorize(const Principal&, std::span<const Access>) override {
    return Error(ErrorCode::kAccessDeniedException, "no");
  }
};

const std::vector<Access> kOneAccess = {{.action = "PutItem", .resource = "T"}};

TEST(GateTest, LetsPassWhatTheAuthorizerAllows) {
  AnyCredentials anybody;
  AllowAll allow;
  EXPECT_TRUE(Gate(anybody, allow).Pass(Principal{}, kOneAccess).has_value());
}

TEST(GateTest, HandsOnTheRefusalOfTheAuthorizer) {
  AnyCredentials anybody;
  DenyAll deny;
  const Result<Permit> permit = Gate(anybody, deny).Pass(Principal{}, kOneAccess);
  ASSERT_FALSE(permit.has_value());
  EXPECT_EQ(permit.error().code, ErrorCode::kAccessDeniedException);
}

TEST(GateTest, IsTheOnlyMakerOfPermits) {
  EXPECT_FALSE(std::is_default_constructible_v<Permit>);
  EXPECT_FALSE(std::is_copy_constructible_v<Permit>);
}

TEST(GateDeathTest, AbortsForAnOperationThatAsksForNothing) {
  AnyCredentials anybody;
  AllowAll allow;
  const Gate gate(anybody, allow);
  EXPECT_DEATH({ [[maybe_unused]] auto permit = gate.Pass(Principal{}, {}); }, "permission");
}

}  // namespace
}  // namespace gramme
