#include "auth/gate.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

namespace gramme {
namespace {

class DenyAll final : public Authorizer {
 public:
  Result<void> Authorize(const Principal&, const RequestedAccess& wanted) override {
    asked = wanted.List();
    return Error(ErrorCode::kAccessDeniedException, "no");
  }
  std::vector<Access> asked;
};

constexpr auto kListOne = [] {
  return std::vector<Access>{{.action = "PutItem", .resource = "T", .attributes = {"a", "b"}}};
};

TEST(GateTest, LetsPassWhatTheAuthorizerAllows) {
  AnyCredentials anybody;
  AllowAll allow;
  EXPECT_TRUE(Gate(anybody, allow).Pass(Principal{}, RequestedAccess(kListOne)).has_value());
}

TEST(GateTest, HandsOnTheRefusalOfTheAuthorizer) {
  AnyCredentials anybody;
  DenyAll deny;
  const Result<Permit> permit = Gate(anybody, deny).Pass(Principal{}, RequestedAccess(kListOne));
  ASSERT_FALSE(permit.has_value());
  EXPECT_EQ(permit.error().code, ErrorCode::kAccessDeniedException);
  ASSERT_EQ(deny.asked.size(), 1U);
  EXPECT_EQ(deny.asked[0].attributes, kListOne()[0].attributes);
}

TEST(GateTest, IsTheOnlyMakerOfPermits) {
  EXPECT_FALSE(std::is_default_constructible_v<Permit>);
  EXPECT_FALSE(std::is_copy_constructible_v<Permit>);
}

TEST(GateDeathTest, AbortsForAnOperationThatAsksForNothing) {
  AnyCredentials anybody;
  DenyAll looks;
  const Gate gate(anybody, looks);
  const auto nothing = [] { return std::vector<Access>(); };
  const RequestedAccess wanted(nothing);
  EXPECT_DEATH({ [[maybe_unused]] auto permit = gate.Pass(Principal{}, wanted); }, "permission");
}

}  // namespace
}  // namespace gramme
