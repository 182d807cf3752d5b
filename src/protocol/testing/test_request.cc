#include "protocol/testing/test_request.h"

namespace gramme {

TestRequest::TestRequest(std::string method, std::string path, std::string_view body)
    : method_(std::move(method)), path_(std::move(path)), body_(body) {
  SetHeader("Host", "localhost:8000");
}

std::unique_ptr<TestRequest> TestRequest::Call(std::string_view operation, std::string_view body) {
  auto request = std::make_unique<TestRequest>("POST", "/", body);
  request->SetHeader("Content-Type", "application/x-amz-json-1.0");
  request->SetHeader("X-Amz-Target", "DynamoDB_20120810." + std::string(operation));
  return request;
}

TestRequest& TestRequest::SetHeader(std::string name, std::string value) {
  RemoveHeader(name);
  headers_.emplace_back(std::move(name), std::move(value));
  return *this;
}

TestRequest& TestRequest::RemoveHeader(std::string_view name) {
  std::erase_if(headers_, [&](const auto& header) { return EqualsIgnoreCase(header.first, name); });
  return *this;
}

void TestRequest::FillHead() {
  request_ = Request{};
  request_.method = method_;
  request_.target = path_;
  request_.path = path_;
  request_.remote_address = "127.0.0.1";
  for (const auto& [name, value] : headers_) {
    if (EqualsIgnoreCase(name, "Host")) request_.host = value;
    request_.headers.Add({name, value});
  }
}

void TestRequest::SendTo(Handler& handler) {
  FillHead();
  request_.body = body_.view();
  handler.Handle(request_, Responder([this](Response response) {
                   response_ = std::move(response);
                   if (on_response_) on_response_();
                 }));
}

Response TestRequest::RefusalForMemory(Handler& handler) {
  FillHead();
  return handler.RefuseForMemory(request_);
}

std::string TestRequest::ResponseHeaderValue(std::string_view name) const {
  std::string_view rest = response_->headers.text();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t colon = line.find(": ");
    if (EqualsIgnoreCase(line.substr(0, colon), name)) return std::string(line.substr(colon + 2));
    rest.remove_prefix(line.size() + 2);
  }
  return "";
}

}  // namespace gramme
