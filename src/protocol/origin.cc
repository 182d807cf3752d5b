#include "protocol/origin.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "http/message.h"

namespace gramme {
namespace {

bool IsDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Four decimal numbers, the first of them 127. `127.0.0.1.example.com` is a name, not an address.
bool IsLoopbackAddress(std::string_view host) {
  int part_count = 0;
  while (true) {
    const std::size_t dot = host.find('.');
    const std::string_view part = host.substr(0, dot);
    std::uint32_t value = 0;
    if (part.empty() || part.size() > 3 || !IsDigits(part)) return false;
    std::from_chars(part.data(), part.data() + part.size(), value);
    if (value > 255 || (part_count == 0 && value != 127)) return false;
    ++part_count;
    if (dot == std::string_view::npos) return part_count == 4;
    host.remove_prefix(dot + 1);
  }
}

// Without the port. An IPv6 address keeps its brackets.
std::string_view WithoutPort(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || !IsDigits(host.substr(colon + 1))) return host;
  if (host.starts_with('[') && host[colon - 1] != ']') return host;
  return host.substr(0, colon);
}

bool EndsWithIgnoreCase(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && EqualsIgnoreCase(text.substr(text.size() - end.size()), end);
}

}  // namespace

bool IsLocalHost(std::string_view host, std::span<const std::string> more) {
  if (host.empty()) return true;
  const std::string_view name = WithoutPort(host);
  if (name == "127.0.0.1" || name == "localhost") return true;  // nearly always
  return EqualsIgnoreCase(name, "localhost") || EndsWithIgnoreCase(name, ".localhost") ||
         name == "[::1]" || IsLoopbackAddress(name) ||
         std::ranges::any_of(
             more, [&](const std::string& known) { return EqualsIgnoreCase(known, name); });
}

bool IsLocalOrigin(std::string_view origin, std::span<const std::string> more) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!origin.starts_with(scheme)) continue;
    const std::string_view host = origin.substr(scheme.size());
    return !host.empty() && IsLocalHost(host, more);
  }
  return false;
}

}  // namespace gramme
