#pragma once
// The one table of the API: method, path, roles, handler, description. Access
// control, 404/405 and /openapi.json are all made from it.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/gateway/http_server.h"
#include "core/gateway/json_input.h"
#include "core/gateway/roles.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

using RoleSet = std::uint32_t;
constexpr RoleSet only(Role role) { return 1U << static_cast<unsigned>(role); }
inline constexpr RoleSet kOpen = 1U << 31U;  // no log-in needed
inline constexpr RoleSet kLeaders = only(Role::team_lead) | only(Role::supervisor) | only(Role::admin);
inline constexpr RoleSet kPeople = kLeaders | only(Role::agent) | only(Role::quality);
inline constexpr RoleSet kDialers = kLeaders | only(Role::agent);
inline constexpr RoleSet kAnyone = kPeople | only(Role::erp) | only(Role::node);

// Which POSTs take an Idempotency-Key, and where its first answer is kept.
enum class KeyKind {
    none,
    memory,   // of commands on a live call: they are sent at once, whatever the disk does (P6)
    durable,  // committed with what the request did
    by_body,  // durable if the body names somebody to ring ("to"), else memory
};

struct Route {
    std::string_view method;
    std::string_view pattern;  // "/v1/contacts/{id}"
    RoleSet roles;
    LaneKind lane;
    HttpResponse (*handler)(const Call&);
    std::string_view summary;
    int success = 200;
    std::string_view schema = {};  // of the answer, a name in docs/schemas; empty: none
    std::string_view media = "application/json";
    std::span<const FieldRule> body = {};  // empty: the request takes none
    std::span<const FieldRule> query = {};
    KeyKind key = KeyKind::none;
    bool raw_body = false;   // any body; the handler judges it
    bool any_query = false;  // any query likewise
};

std::span<const Route> routes();

struct Match {
    const Route* route = nullptr;
    std::vector<std::string> params;
    std::string allow;  // path known, method not: value of Allow
};
// HEAD is answered by GET's route.
Match match_route(std::string_view method, std::string_view path);

// A request to its answer: route, log-in, role, input, idempotency, handler,
// security headers. Never throws.
HttpResponse dispatch(const HttpRequest& request, Services& services);
LaneKind lane_of(const HttpRequest& request);
// Bytes of the body that are taken at most: files are large, and only of who is logged in and may send them.
std::size_t body_limit(const HttpRequest& head, Services& services);
// Of this request; never `by_body`. What rings nobody waits for no store, whatever the disk does (P6).
KeyKind key_kind_of(const Route& route, const HttpRequest& request);

}  // namespace citybridge::gateway
