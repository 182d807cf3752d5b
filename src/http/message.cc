#include "http/message.h"

#include <algorithm>

#include "base/check.h"
#include "http/characters.h"

namespace gramme {
namespace {

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return x == y || ToLower(x) == ToLower(y);
         });
}

std::string_view TrimWhiteSpace(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t";
  const std::size_t begin = text.find_first_not_of(kWhiteSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kWhiteSpace) + 1 - begin);
}

const std::string_view* HeaderList::Find(std::string_view name) const {
  for (const Header& header : headers_) {
    if (EqualsIgnoreCase(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::size_t HeaderList::Count(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      headers_, [&](const Header& header) { return EqualsIgnoreCase(header.name, name); }));
}

void ResponseHeaders::Add(std::string_view name, std::string_view value) {
  text_.append(name).append(": ");
  const std::size_t begin = text_.size();
  text_.append(value);
  // A value must never end its header early.
  for (std::size_t i = begin; i < text_.size(); ++i) {
    if (!IsFieldCharacter(text_[i])) text_[i] = ' ';
  }
  text_.append("\r\n");
}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    Abandon();
    send_ = std::exchange(other.send_, nullptr);
  }
  return *this;
}

void Responder::Complete(Response response) {
  GRAMME_CHECK(send_ != nullptr, "a request is answered once");
  Send send = std::exchange(send_, nullptr);
  send(std::move(response));
}

void Responder::Abandon() {
  if (send_ == nullptr) return;
  Complete(Response{.status = 500,
                    .content_type = "text/plain",
                    .headers = {},
                    .body = "The request was not answered.\n",
                    .close = true});
}

}  // namespace gramme
