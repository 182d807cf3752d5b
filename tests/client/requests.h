// The few requests that whole-server tests make around the one they are about: make a table and
// wait for it, read all of it.

#ifndef GRAMME_TESTS_CLIENT_REQUESTS_H_
#define GRAMME_TESTS_CLIENT_REQUESTS_H_

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "tests/client/connection.h"
#include "tests/client/json.h"

namespace gramme {

// The error is text for a person: what was asked and what came back.
template <typename Value>
using Asked = std::expected<Value, std::string>;

// The answer's body, when it is a success.
Asked<Json> Ask(Connection& connection, std::string_view operation, std::string_view body);

// Sends a CreateTable request and waits until the table is ACTIVE.
Asked<void> CreateTable(Connection& connection, std::string_view name, std::string_view body);
// Waits until DescribeTable says ACTIVE, while it says CREATING or UPDATING.
Asked<void> AwaitActive(Connection& connection, std::string_view name);

// A key, such as LastEvaluatedKey, as JSON again.
std::string FormatKey(const Json& key);

// Every item of a table or an index, by a strong Scan where that is allowed (an empty `index` or a
// local one), page by page.
Asked<std::vector<Json>> ScanAll(Connection& connection, std::string_view table,
                                 std::string_view index = {}, bool is_global_index = false);

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_REQUESTS_H_
