#include "core/gateway/router.h"

#include <algorithm>
#include <array>

#include "core/gateway/fields.h"
#include "core/gateway/handlers.h"
#include "core/gateway/http_codec.h"

namespace citybridge::gateway {
namespace {

using enum LaneKind;

constexpr RoleSet kReaders = kPeople | only(Role::erp);

const std::array kRoutes{
    Route{"GET", "/healthz", kOpen, instant, get_health, "The process is alive.", 200, "health"},
    Route{"GET", "/readyz", kOpen, instant, get_ready, "The node can serve; 503 tells why not.", 200, "health"},
    Route{"GET", "/metrics", kOpen, instant, get_metrics, "Prometheus metrics.", 200, "", "text/plain"},
    Route{"GET", "/openapi.json", kOpen, instant, get_openapi, "This description.", 200, ""},
    Route{"POST", "/v1/session", kOpen, password, post_session, "Log in.", 201, "session", "application/json",
          kSessionFields},
    Route{"GET", "/v1/session", kAnyone, instant, get_session, "Who am I?", 200, "session"},
    Route{"DELETE", "/v1/session", kPeople, instant, delete_session, "Log out; closes the log-in's streams.", 204},
    Route{"GET",
          "/v1/stream",
          kReaders,
          live,
          get_stream,
          "WebSocket: a snapshot or the events missed, then events as they happen. Browsers log in by the "
          "subprotocols 'citybridge.v1' and 'bearer.<token>'.",
          101,
          "",
          "application/json",
          {},
          kStreamQuery},
    Route{"GET",
          "/v1/contacts",
          kReaders,
          live,
          get_contacts,
          "Contacts that are going on, or with state=ended the last ones that were.",
          200,
          "contact_page",
          "application/json",
          {},
          kContactsQuery},
    Route{"GET", "/v1/contacts/{id}", kReaders, live, get_contact, "One contact.", 200, "contact"},
    Route{"POST",
          "/v1/contacts/{id}/hangup",
          kDialers,
          live,
          post_hangup,
          "Ends a contact.",
          202,
          "command_accepted",
          "application/json",
          {},
          {},
          true},
    Route{"GET",
          "/v1/agents",
          kPeople,
          live,
          get_agents,
          "Agents and their states.",
          200,
          "agent_page",
          "application/json",
          {},
          kPageQuery},
    Route{"GET", "/v1/agents/{id}", kPeople, live, get_agent, "One agent; '/' in an id is sent as %2F.", 200, "agent"},
    Route{"PUT", "/v1/agents/{id}/state", kDialers, live, put_agent_state, "Makes an agent ready or not ready.", 202,
          "command_accepted", "application/json", kAgentStateFields},
    Route{"POST",
          "/v1/calls",
          kDialers,
          live,
          post_call,
          "Click to dial: rings the agent, then calls the number.",
          202,
          "command_accepted",
          "application/json",
          kCallFields,
          {},
          true},
    Route{"GET", "/v1/commands/{id}", kDialers, instant, get_command, "What became of a command.", 200, "command"},
    Route{"GET", "/v1/admin/plugins", only(Role::admin), instant, get_plugins, "Plugins and their states.", 200,
          "plugins"},
    Route{"GET", "/v1/admin/users", only(Role::admin), instant, get_users, "Users, without secrets.", 200, "users"},
};

// One segment off the front of a path that starts with '/'.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& params) {
    params.clear();
    while (!pattern.empty() && !path.empty()) {
        const std::string_view wanted = take_segment(pattern);
        const std::string_view given = take_segment(path);
        if (!wanted.starts_with('{')) {
            if (wanted != given) return false;
            continue;
        }
        // Decoded after splitting: an escaped '/' belongs to the id.
        auto decoded = percent_decode(given);
        if (!decoded || decoded->empty()) return false;
        params.push_back(std::move(*decoded));
    }
    return pattern.empty() && path.empty();
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

Match match_route(std::string_view method, std::string_view path) {
    Match match;
    std::vector<std::string> params;
    for (const Route& route : kRoutes) {
        if (!fits(route.pattern, path, params)) continue;
        if (route.method == method || (method == "HEAD" && route.method == "GET")) return {&route, params, {}};
        match.allow += (match.allow.empty() ? "" : ", ") + std::string(route.method);
        if (route.method == "GET") match.allow += ", HEAD";
    }
    return match;
}

LaneKind lane_of(const HttpRequest& request) {
    const Match match = match_route(request.method, request.path);
    return match.route ? match.route->lane : instant;
}

}  // namespace citybridge::gateway
