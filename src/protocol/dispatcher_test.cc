#include "protocol/dispatcher.h"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <functional>
#include <set>
#include <stdexcept>

#include "protocol/operation_table.h"
#include "protocol/testing/test_engine.h"
#include "protocol/testing/test_request.h"
#include "protocol/typed_call.h"

namespace gramme {

struct ProbeRequest {
  std::string name;
};
template <typename Visitor>
void VisitMembers(Visitor& visit, ProbeRequest& request) {
  visit.Member("Name", request.name, {.required = true, .length_min = 3});
}
struct ProbeResponse {
  std::string name;
};
template <typename Visitor>
void VisitMembers(Visitor& visit, ProbeResponse& response) {
  visit.Member("Name", response.name);
}

// An operation whose Run is what a test says.
struct Probe {
  static constexpr std::string_view kName = "Probe";
  static constexpr Start kStart = Start::kLoop;
  using Request = ProbeRequest;
  using Response = ProbeResponse;
  using Plan = NoPlan;

  static inline std::function<Result<ProbeResponse>(OperationContext&)> run;
  static inline int validate_count = 0;

  static Result<Plan> Validate(const Request& request) {
    ++validate_count;
    if (request.name == "invalid") return ValidationError("not that name");
    return NoPlan{};
  }
  static std::vector<Access> Resources(const Request& request, const Plan&) {
    return {{.action = "Probe", .resource = request.name}};
  }
  static Result<Response> Run(const Request&, const Plan&, OperationContext& context) {
    return run(context);
  }
};

struct PoolProbe : Probe {
  static constexpr std::string_view kName = "PoolProbe";
  static constexpr Start kStart = Start::kPool;
};

// Its answer has many items.
struct LongProbe : PoolProbe {
  static constexpr std::string_view kName = "LongProbe";
  static constexpr std::size_t kAnswerBytesMax = 300'000;
};

namespace {

class RecordingLog final : public RequestLog {
 public:
  void OnSlowRequest(const RequestSummary&, std::string_view, Duration) override { ++slow_count; }
  void OnServerError(const RequestSummary&, std::string_view code, std::string_view) override {
    errors.emplace_back(code);
  }
  void OnEscape(const RequestSummary&, std::string_view what) override {
    escapes.emplace_back(what);
  }

  int slow_count = 0;
  std::vector<std::string> errors;
  std::vector<std::string> escapes;
};

class SwitchedAuthenticator final : public Authenticator {
 public:
  Result<Principal> Authenticate(const UnverifiedRequest& request) override {
    header_count = 0;
    request.for_each_header([&](std::string_view, std::string_view) { ++header_count; });
    if (denies) return Error(ErrorCode::kAccessDeniedException, "unknown caller");
    return Principal{};
  }
  bool denies = false;
  int header_count = 0;
};

class SwitchedAuthorizer final : public Authorizer {
 public:
  Result<void> Authorize(const Principal&, const RequestedAccess& wanted) override {
    asked.emplace_back(wanted.List().front().action);
    if (denies) return Error(ErrorCode::kAccessDeniedException, "not allowed");
    return {};
  }
  bool denies = false;
  std::vector<std::string> asked;
};

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    Probe::run = [](OperationContext&) -> Result<ProbeResponse> { return ProbeResponse{"done"}; };
    Probe::validate_count = 0;
  }

  Dispatcher& dispatcher() {
    if (!dispatcher_) {
      dispatcher_.emplace(DispatcherParts{.engine = parts_.engine,
                                          .gate = gate_,
                                          .pool = parts_.executor,
                                          .registry = registry_,
                                          .log = log_,
                                          .operations = operations_},
                          options_);
    }
    return *dispatcher_;
  }

  std::unique_ptr<TestRequest> Send(std::string_view operation, std::string_view body) {
    auto request = TestRequest::Call(operation, body);
    request->SendTo(dispatcher());
    return request;
  }
  std::unique_ptr<TestRequest> Get(const std::string& path) {
    auto request = std::make_unique<TestRequest>("GET", path, "");
    request->SendTo(dispatcher());
    return request;
  }

  // Whether the exposition has exactly this line.
  bool HasMetric(std::string_view line) const {
    return registry_.Render().find("\n" + std::string(line) + "\n") != std::string::npos;
  }

  // Queues a commit of one key.
  Position Write() {
    const Key key{kFirstFreeKeyspace, 0, "k"};
    const auto outcome = parts_.store.Update({&key, 1}, {}, {}, [&](std::span<const CurrentValue>) {
      std::optional<WriteBatch> batch(std::in_place);
      batch->Put(key, "v");
      return batch;
    });
    EXPECT_TRUE(outcome.has_value());
    return outcome->position;
  }

  static constexpr std::string_view kGoodBody = R"({"Name":"abc"})";

  TestEngine parts_;
  SwitchedAuthenticator authenticator_;
  SwitchedAuthorizer authorizer_;
  Gate gate_{authenticator_, authorizer_};
  Registry registry_;
  RecordingLog log_;
  std::vector<ServedOperation> operations_ = {Serve<Probe>(), Serve<PoolProbe>(),
                                              Serve<LongProbe>()};
  DispatcherOptions options_;
  std::optional<Dispatcher> dispatcher_;
};

TEST_F(DispatcherTest, AnswersWithIdChecksumAndType) {
  const auto request = Send("Probe", kGoodBody);
  ASSERT_TRUE(request->response().has_value());
  EXPECT_EQ(request->response()->status, 200);
  EXPECT_EQ(request->response()->body, R"({"Name":"done"})");
  EXPECT_EQ(request->response()->content_type, "application/x-amz-json-1.0");
  const std::string id = request->ResponseHeaderValue("x-amzn-RequestId");
  EXPECT_EQ(id.size(), 52u);
  EXPECT_EQ(id.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string::npos);
  const std::string& body = request->response()->body;
  EXPECT_EQ(request->ResponseHeaderValue("x-amz-crc32"),
            std::to_string(libdeflate_crc32(0, body.data(), body.size())));
  EXPECT_NE(Send("Probe", kGoodBody)->ResponseHeaderValue("x-amzn-RequestId"), id);
}

TEST_F(DispatcherTest, AnswersInTheJsonVersionAsked) {
  const auto request = TestRequest::Call("Probe", kGoodBody);
  request->SetHeader("Content-Type", "application/x-amz-json-1.1; charset=utf-8");
  request->SendTo(dispatcher());
  EXPECT_EQ(request->response()->content_type, "application/x-amz-json-1.1");
}

TEST_F(DispatcherTest, RefusesUnknownTargets) {
  for (const char* operation : {"Nothing", "", "probe", "Probe2"}) {
    const auto request = Send(operation, kGoodBody);
    EXPECT_EQ(request->response()->status, 400);
    EXPECT_EQ(request->response()->body,
              R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
  }
  const auto request = TestRequest::Call("Probe", kGoodBody);
  request->RemoveHeader("X-Amz-Target");
  request->SendTo(dispatcher());
  EXPECT_EQ(request->response()->status, 400);
  request->SetHeader("X-Amz-Target", "GrammeAdmin_20261101.Probe");
  request->SendTo(dispatcher());
  EXPECT_EQ(request->response()->status, 400);
}

TEST_F(DispatcherTest, RefusesOtherContentTypesAndPaths) {
  const auto request = TestRequest::Call("Probe", kGoodBody);
  request->SetHeader("Content-Type", "application/x-www-form-urlencoded");
  request->SendTo(dispatcher());
  EXPECT_EQ(request->response()->status, 404);
  TestRequest other("POST", "/elsewhere", kGoodBody);
  other.SetHeader("Content-Type", "application/x-amz-json-1.0");
  other.SendTo(dispatcher());
  EXPECT_EQ(other.response()->status, 404);
}

TEST_F(DispatcherTest, HoldsAnAnswerUntilWhatItDependsOnIsDurable) {
  Probe::run = [&](OperationContext& context) -> Result<ProbeResponse> {
    context.DependOn(Write());
    return ProbeResponse{"done"};
  };
  const auto request = Send("Probe", kGoodBody);
  parts_.executor.RunUntilIdle();
  EXPECT_FALSE(request->response().has_value());
  parts_.store.FlushAll();
  ASSERT_TRUE(request->response().has_value());
  EXPECT_EQ(request->response()->status, 200);
}

TEST_F(DispatcherTest, HoldsARefusalToo) {
  Probe::run = [&](OperationContext& context) -> Result<ProbeResponse> {
    context.DependOn(Write());
    return Error(ErrorCode::kConditionalCheckFailedException, "The conditional request failed");
  };
  const auto request = Send("Probe", kGoodBody);
  EXPECT_FALSE(request->response().has_value());
  parts_.store.FlushAll();
  EXPECT_EQ(request->response()->status, 400);
}

TEST_F(DispatcherTest, PromisesNothingWhenItNeverBecomesDurable) {
  Probe::run = [&](OperationContext& context) -> Result<ProbeResponse> {
    context.DependOn(Write());
    return ProbeResponse{"done"};
  };
  const auto request = Send("Probe", kGoodBody);
  parts_.store.FailQueued(StatusCode::kOutOfSpace);
  ASSERT_TRUE(request->response().has_value());
  EXPECT_EQ(request->response()->status, 500);
  EXPECT_NE(request->response()->body.find("InternalServerError"), std::string::npos);
}

TEST_F(DispatcherTest, ReadsMemoryOnTheLoopAndTheDiskOnThePool) {
  std::vector<ReadTier> tiers;
  Probe::run = [&](OperationContext& context) -> Result<ProbeResponse> {
    tiers.push_back(context.tier);
    if (context.tier == ReadTier::kMemory) return Error(ErrorCode::kRetryOnPool, "");
    return ProbeResponse{"done"};
  };
  const auto request = Send("Probe", kGoodBody);
  EXPECT_FALSE(request->response().has_value());
  parts_.executor.RunUntilIdle();
  EXPECT_EQ(request->response()->status, 200);
  EXPECT_EQ(tiers, (std::vector{ReadTier::kMemory, ReadTier::kDisk}));
}

TEST_F(DispatcherTest, StartsLongOperationsAndBigBodiesOnThePool) {
  const auto long_one = Send("PoolProbe", kGoodBody);
  const auto big_one =
      Send("Probe", R"({"Name":"abc","Unheard":")" + std::string(100'000, 'x') + "\"}");
  EXPECT_FALSE(long_one->response().has_value());
  EXPECT_FALSE(big_one->response().has_value());
  parts_.executor.RunUntilIdle();
  EXPECT_EQ(long_one->response()->status, 200);
  EXPECT_EQ(big_one->response()->status, 200);
}

TEST_F(DispatcherTest, RunsAStaleRequestAgainAndGivesUpInTheEnd) {
  int run_count = 0;
  int stale_count = 3;
  Probe::run = [&](OperationContext&) -> Result<ProbeResponse> {
    if (++run_count <= stale_count) return Error(ErrorCode::kRetryStale, "");
    return ProbeResponse{"done"};
  };
  const auto request = Send("Probe", kGoodBody);
  parts_.executor.RunUntilIdle();
  EXPECT_EQ(request->response()->status, 200);
  EXPECT_EQ(run_count, 4);
  stale_count = 1'000'000;
  const auto hopeless = Send("Probe", kGoodBody);
  parts_.executor.RunUntilIdle();
  EXPECT_EQ(hopeless->response()->status, 503);
}

TEST_F(DispatcherTest, GivesUpRequestsThatWaitedTooLong) {
  const auto request = Send("PoolProbe", kGoodBody);
  parts_.clock.Advance(std::chrono::seconds(31));
  parts_.executor.RunUntilIdle();
  EXPECT_EQ(request->response()->status, 503);
  EXPECT_EQ(log_.slow_count, 1);
}

TEST_F(DispatcherTest, RefusesABodyForWhichThereWasNoMemoryWithAnErrorThatSdksRetry) {
  const Response response = TestRequest::Call("Probe", "")->RefusalForMemory(dispatcher());
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.content_type, "application/x-amz-json-1.0");
  EXPECT_EQ(response.body.find(R"({"__type":"com.amazon.coral.availability#ServiceUnavailable",)"),
            0U);
  EXPECT_NE(response.headers.text().find("x-amzn-RequestId: "), std::string_view::npos);
  EXPECT_TRUE(HasMetric(R"(gramme_requests_total{operation="Probe",code="ServiceUnavailable"} 1)"));
  const auto foreign = TestRequest::Call("Probe", "");
  foreign->SetHeader("Origin", "http://example.com");
  EXPECT_EQ(foreign->RefusalForMemory(dispatcher()).status, 403);
}

class DispatcherMemoryTest : public DispatcherTest {
 protected:
  DispatcherMemoryTest() {
    options_.limits.memory_bytes_max = 1'000'000;
    Probe::run = [this](OperationContext& context) -> Result<ProbeResponse> {
      rooms_.push_back(context.answer_bytes_max);
      if (context.answer_bytes_max < 200'000) return Error(ErrorCode::kRetryWithRoom, "");
      return ProbeResponse{std::string(900'000, 'y')};
    };
  }

  // An answer that has all memory until it is sent, which is when it goes.
  std::unique_ptr<TestRequest> Occupy() {
    auto request = Send("Probe", kLargeBody);
    while (!request->response()) EXPECT_TRUE(parts_.executor.RunOne());
    EXPECT_EQ(request->response()->status, 200);
    rooms_.clear();
    return request;
  }
  void AwaitWaiting() {
    while (!HasMetric("gramme_request_memory_waiting 1")) ASSERT_TRUE(parts_.executor.RunOne());
  }

  const std::string kLargeBody = R"({"Name":"abc","Unheard":")" + std::string(400'000, 'x') + "\"}";
  std::vector<std::size_t> rooms_;
};

TEST_F(DispatcherMemoryTest, ALargeRequestWaitsUntilAnAnswerIsSentAndSmallOnesGoOn) {
  auto first = Occupy();
  const auto second = Send("Probe", kLargeBody);
  AwaitWaiting();
  EXPECT_EQ(Send("Probe", kGoodBody)->response()->status, 200);
  EXPECT_FALSE(second->response().has_value());
  first.reset();
  parts_.executor.RunUntilIdle();
  ASSERT_TRUE(second->response().has_value());
  EXPECT_EQ(second->response()->status, 200);
}

TEST_F(DispatcherMemoryTest, ALargeRequestThatWaitsInVainIsRefused) {
  const auto first = Occupy();
  const auto second = Send("Probe", kLargeBody);
  const MonotonicTime begin = parts_.clock.MonotonicNow();
  parts_.executor.RunUntilIdle();
  ASSERT_TRUE(second->response().has_value());
  EXPECT_EQ(second->response()->status, 503);
  EXPECT_NE(second->response()->body.find("#ServiceUnavailable"), std::string::npos);
  EXPECT_GE(parts_.clock.MonotonicNow() - begin, options_.limits.memory_patience);
  EXPECT_TRUE(HasMetric("gramme_request_memory_refusals_total 1"));
  EXPECT_TRUE(rooms_.empty());
}

TEST_F(DispatcherMemoryTest, AnAnswerThatTurnsOutLargeIsBegunAgainWhenThereIsMemoryForIt) {
  auto first = Occupy();
  const auto second = Send("LongProbe", kGoodBody);
  AwaitWaiting();
  EXPECT_EQ(rooms_, std::vector<std::size_t>{64 * 1024});
  first.reset();
  parts_.executor.RunUntilIdle();
  ASSERT_TRUE(second->response().has_value());
  EXPECT_EQ(second->response()->status, 200);
  EXPECT_EQ(rooms_.back(), LongProbe::kAnswerBytesMax);
}

TEST_F(DispatcherMemoryTest, ALargeAnswerIsBegunOnceWhereThereIsMemory) {
  const auto request = Send("LongProbe", kGoodBody);
  parts_.executor.RunUntilIdle();
  EXPECT_EQ(request->response()->status, 200);
  EXPECT_EQ(rooms_, std::vector<std::size_t>{LongProbe::kAnswerBytesMax});
}

TEST_F(DispatcherTest, RefusesWhatTheFullPoolCannotTake) {
  options_.limits.pool_queue_count_max = 1;
  const auto first = Send("PoolProbe", kGoodBody);
  const auto second = Send("PoolProbe", kGoodBody);
  ASSERT_TRUE(second->response().has_value());
  EXPECT_NE(second->response()->body.find("ThrottlingException"), std::string::npos);
  parts_.executor.RunUntilIdle();
  EXPECT_EQ(first->response()->status, 200);
  const auto third = Send("PoolProbe", kGoodBody);
  parts_.executor.RunUntilIdle();
  EXPECT_EQ(third->response()->status, 200);
}

TEST_F(DispatcherTest, TurnsAnEscapeIntoInternalServerError) {
  Probe::run = [](OperationContext&) -> Result<ProbeResponse> { throw std::runtime_error("bug"); };
  const auto request = Send("Probe", kGoodBody);
  EXPECT_EQ(request->response()->status, 500);
  EXPECT_EQ(request->response()->body.find("bug"), std::string::npos);
  EXPECT_EQ(log_.escapes, std::vector<std::string>{"bug"});
}

TEST_F(DispatcherTest, ChecksInDynamoDbsOrder) {
  authenticator_.denies = true;
  authorizer_.denies = true;
  const auto answer = [&](std::string_view body) { return Send("Probe", body)->response()->body; };
  EXPECT_NE(answer(R"({"Name":1})").find("SerializationException"), std::string::npos);
  EXPECT_NE(answer(R"({"Name":""})").find("unknown caller"), std::string::npos);
  EXPECT_EQ(authenticator_.header_count, 3);
  authenticator_.denies = false;
  EXPECT_NE(answer(R"({"Name":""})").find("1 validation error detected"), std::string::npos);
  EXPECT_EQ(Probe::validate_count, 0);
  EXPECT_NE(answer(R"({"Name":"invalid"})").find("not that name"), std::string::npos);
  EXPECT_TRUE(authorizer_.asked.empty());
  EXPECT_NE(answer(kGoodBody).find("not allowed"), std::string::npos);
  authorizer_.denies = false;
  EXPECT_EQ(answer(kGoodBody), R"({"Name":"done"})");
}

TEST_F(DispatcherTest, CountsEachRequestOnceByOperationAndCode) {
  Send("Probe", kGoodBody);
  Send("Probe", "{}");
  Send("Nothing", "{}");
  const std::string metrics = Get("/metrics")->response()->body;
  for (const char* line :
       {"gramme_requests_total{operation=\"Probe\",code=\"OK\"} 1",
        "gramme_requests_total{operation=\"Probe\",code=\"ValidationException\"} 1",
        "gramme_requests_total{operation=\"Unknown\",code=\"UnknownOperationException\"} 1",
        "gramme_request_duration_seconds_count{operation=\"Probe\"} 2"}) {
    EXPECT_NE(metrics.find(line), std::string::npos) << line << "\n" << metrics;
  }
}

TEST_F(DispatcherTest, ServesProbesAndPages) {
  EXPECT_EQ(Get("/")->response()->body, "healthy: dynamodb.us-east-1.amazonaws.com ");
  EXPECT_EQ(Get("/healthz")->response()->body, "{\"status\":\"ok\"}\n");
  EXPECT_EQ(Get("/readyz")->response()->status, 200);
  EXPECT_EQ(Get("/version")->response()->body, "{\"version\":\"unknown\"}\n");
  EXPECT_EQ(Get("/nothing")->response()->status, 404);
  TestRequest browser("GET", "/", "");
  browser.SetHeader("Accept", "text/html,application/xhtml+xml");
  browser.SetHeader("Host", "localhost:1");
  browser.SendTo(dispatcher());
  EXPECT_NE(browser.response()->body.find("--endpoint-url http://localhost:1<"), std::string::npos);
  TestRequest deletion("DELETE", "/", "");
  deletion.SendTo(dispatcher());
  EXPECT_EQ(deletion.response()->status, 405);
}

TEST_F(DispatcherTest, NamesTheCheckThatMakesItUnready) {
  options_.readiness = [] { return Readiness{false, {{"store", true}, {"disk", false}}}; };
  const auto request = Get("/readyz");
  EXPECT_EQ(request->response()->status, 503);
  EXPECT_EQ(request->response()->body,
            "{\"status\":\"not ready\",\"checks\":{\"store\":\"ok\",\"disk\":\"failed\"}}\n");
}

TEST_F(DispatcherTest, RefusesForeignHostsAndOriginsWithoutAuthentication) {
  const auto request = TestRequest::Call("Probe", kGoodBody);
  request->SetHeader("Host", "rebound.example.com");
  request->SendTo(dispatcher());
  EXPECT_EQ(request->response()->status, 403);
  request->SetHeader("Host", "localhost");
  request->SetHeader("Origin", "http://example.com");
  request->SendTo(dispatcher());
  EXPECT_EQ(request->response()->status, 403);
  request->SetHeader("Origin", "http://localhost:5173");
  request->SendTo(dispatcher());
  EXPECT_EQ(request->response()->status, 200);
  EXPECT_EQ(request->ResponseHeaderValue("Access-Control-Allow-Origin"), "http://localhost:5173");
}

TEST_F(DispatcherTest, AnswersAPreflight) {
  TestRequest request("OPTIONS", "/", "");
  request.SetHeader("Origin", "http://localhost:5173");
  request.SendTo(dispatcher());
  EXPECT_EQ(request.response()->status, 200);
  EXPECT_EQ(request.ResponseHeaderValue("Access-Control-Allow-Methods"), "POST");
  EXPECT_EQ(request.ResponseHeaderValue("Access-Control-Max-Age"), "172800");
  EXPECT_NE(request.ResponseHeaderValue("Access-Control-Allow-Headers").find("x-amz-target"),
            std::string::npos);
  request.SetHeader("Access-Control-Request-Headers", "content-type,x-own");
  request.SendTo(dispatcher());
  EXPECT_EQ(request.ResponseHeaderValue("Access-Control-Allow-Headers"), "content-type,x-own");
}

TEST_F(DispatcherTest, TrustsAnyHostWhereRequestsAreSigned) {
  options_.local_only = false;
  const auto request = TestRequest::Call("Probe", kGoodBody);
  request->SetHeader("Host", "db.example.com").SetHeader("Origin", "http://example.com");
  request->SendTo(dispatcher());
  EXPECT_EQ(request->response()->status, 200);
  EXPECT_EQ(request->ResponseHeaderValue("Access-Control-Allow-Origin"), "*");
}

}  // namespace
}  // namespace gramme
