#pragma once
// Errors of the API: RFC 9457 problem documents with a stable code. Every code
// the gateway sends is a row of problem_kinds().
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "core/api/result.h"
#include "core/gateway/http_types.h"

namespace citybridge::gateway {

struct ProblemKind {
    std::string_view code;
    int status;
    std::string_view title;
};
std::span<const ProblemKind> problem_kinds();
// An unknown code counts as "server.error".
const ProblemKind& problem_kind(std::string_view code);

// `more`: members beside the standard ones, such as the list of what is wrong.
HttpResponse problem(std::string_view code, std::string_view detail,
                     const nlohmann::ordered_json& more = nlohmann::ordered_json::object());
inline HttpResponse problem(const Error& error) { return problem(error.code, error.detail); }

}  // namespace citybridge::gateway
