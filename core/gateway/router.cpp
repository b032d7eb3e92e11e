#include "core/gateway/router.h"

#include <algorithm>
#include <array>

#include "core/gateway/fields.h"
#include "core/gateway/handlers.h"
#include "core/gateway/http_codec.h"
#include "core/gateway/routes.h"

namespace citybridge::gateway {
namespace {

using enum LaneKind;

constexpr RoleSet kReaders = kPeople | only(Role::erp);
constexpr RoleSet kOpeners = kDialers | only(Role::erp);
constexpr RoleSet kAdmin = only(Role::admin);
constexpr RoleSet kOperators = only(Role::admin) | only(Role::supervisor);

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
          KeyKind::memory},
    Route{"GET", "/v1/contacts/{id}/recordings", kPeople, media, get_recordings,
          "Its recordings; with a Range, or if only audio/* is accepted, the first one's sound.", 200,
          "recording_page"},
    Route{"GET", "/v1/contacts/{id}/recordings/{recording}", kPeople, media, get_recording,
          "The sound of one recording; takes Range and If-Range (RFC 9110).", 200, "", "audio/*"},
    Route{"POST", "/v1/contacts/{id}/hold", kDialers, live, post_hold, "The customer waits; he hears music.", 202, "command_accepted",
          "application/json", {}, {}, KeyKind::memory},
    Route{"POST", "/v1/contacts/{id}/retrieve", kDialers, live, post_retrieve, "Back from hold.", 202, "command_accepted",
          "application/json", {}, {}, KeyKind::memory},
    Route{"POST", "/v1/contacts/{id}/transfer", kDialers, live, post_transfer, "Gives the customer to somebody else.", 202, "command_accepted",
          "application/json", kTransferFields, {}, KeyKind::memory},
    Route{"POST", "/v1/contacts/{id}/consult", kDialers, live, post_consult, "Calls a colleague while the customer waits, or goes back to him.", 202, "command_accepted",
          "application/json", kConsultFields, {}, KeyKind::by_body},
    Route{"POST", "/v1/contacts/{id}/conference", kDialers, live, post_conference, "All three talk.", 202, "command_accepted",
          "application/json", kConferenceFields, {}, KeyKind::by_body},
    Route{"POST", "/v1/contacts/{id}/record", kDialers, live, post_record, "Starts, stops, mutes a recording.", 202, "command_accepted",
          "application/json", kRecordFields, {}, KeyKind::memory},
    Route{"POST", "/v1/contacts/{id}/park", kDialers, live, post_park, "Leaves the customer in a parking slot.", 202, "command_accepted",
          "application/json", {}, {}, KeyKind::memory},
    Route{"GET",
          "/v1/agents",
          kPeople,
          live,
          get_agents,
          "Agents and their states; an agent sees himself and, without their calls, the colleagues of his groups.",
          200,
          "agent_page",
          "application/json",
          {},
          kPageQuery},
    Route{"GET", "/v1/agents/{id}", kPeople, live, get_agent, "One agent; '/' in an id is sent as %2F.", 200, "agent"},
    Route{"PUT", "/v1/agents/{id}/state", kDialers, live, put_agent_state,
          "Makes an agent ready or not ready, logs him in or out.", 202,
          "command_accepted", "application/json", kAgentStateFields},
    Route{"POST",
          "/v1/calls",
          kDialers,
          durable,
          post_call,
          "Click to dial: rings the agent, then calls the number.",
          202,
          "command_accepted",
          "application/json",
          kCallFields,
          {},
          KeyKind::durable},
    Route{"GET", "/v1/commands/{id}", kDialers, durable, get_command, "What became of a command.", 200, "command"},
    Route{"GET",
          "/v1/customers",
          kPeople,
          durable,
          get_customers,
          "The customer who has a number.",
          200,
          "customer_page",
          "application/json",
          {},
          kCustomersQuery},
    Route{"POST",
          "/v1/customers",
          kDialers,
          durable,
          post_customer,
          "Makes a customer.",
          201,
          "customer",
          "application/json",
          kCustomerFields,
          {},
          KeyKind::durable},
    Route{"GET", "/v1/customers/{id}", kPeople, durable, get_customer, "One customer.", 200, "customer"},
    Route{"PATCH",
          "/v1/customers/{id}",
          kDialers,
          durable,
          patch_customer,
          "Changes what is given.",
          200,
          "customer",
          "application/json",
          kCustomerFields,
          {},
          KeyKind::durable},
    Route{"DELETE", "/v1/customers/{id}", kAdmin, durable, delete_customer,
          "Erases a person's data; orders stay, without him.", 200, "customer"},
    Route{"GET", "/v1/customers/{id}/export", kAdmin, durable, get_customer_export, "All that is kept of one person.",
          200, "customer_export"},
    Route{"GET",
          "/v1/orders",
          kReaders,
          durable,
          get_orders,
          "Work orders, the newest first.",
          200,
          "order_page",
          "application/json",
          {},
          kOrdersQuery},
    Route{"POST",
          "/v1/orders",
          kOpeners,
          durable,
          post_order,
          "Opens a work order.",
          201,
          "order",
          "application/json",
          kOrderFields,
          {},
          KeyKind::durable},
    Route{"GET", "/v1/orders/{id}", kReaders, durable, get_order, "One work order.", 200, "order"},
    Route{"GET", "/v1/orders/{id}/history", kReaders, durable, get_order_history, "What happened to it.", 200,
          "history"},
    Route{"POST",
          "/v1/orders/{id}/notes",
          kOpeners,
          durable,
          post_order_note,
          "Adds a note.",
          200,
          "order",
          "application/json",
          kNoteFields,
          {},
          KeyKind::durable},
    Route{"POST",
          "/v1/orders/{id}/{action}",
          kOpeners,
          durable,
          post_order_action,
          "Carries out an action of the order's flow.",
          200,
          "order",
          "application/json",
          kActionFields,
          {},
          KeyKind::durable},
    Route{"POST",
          "/v1/hooks/{connector}",
          kOpen,
          durable,
          post_hook,
          "A message of the ERP, signed as Standard Webhooks says.",
          200,
          "hook_answer",
          "application/json",
          {},
          {},
          KeyKind::none,
          true,
          true},
    Route{"GET",
          "/v1/hooks/{connector}",
          kOpen,
          durable,
          post_hook,
          "The same for senders that know only GET, such as an SMS gateway's delivery reports; what is in the query is "
          "the connector's matter.",
          200,
          "hook_answer",
          "application/json",
          {},
          {},
          KeyKind::none,
          true,
          true},
    Route{"GET",
          "/v1/admin/outbox",
          kOperators,
          durable,
          get_outbox,
          "Messages outward, the newest first.",
          200,
          "outbox_page",
          "application/json",
          {},
          kOutboxQuery},
    Route{"GET", "/v1/admin/outbox/{id}", kOperators, durable, get_outbox_message, "One message with its content.", 200,
          "outbox_message"},
    Route{"POST",
          "/v1/admin/outbox/{id}/replay",
          kOperators,
          durable,
          post_outbox_replay,
          "Sends a message again that was given up.",
          200,
          "replayed",
          "application/json",
          {},
          kReplayQuery},
    Route{"POST", "/v1/admin/outbox/{id}/cancel", kOperators, durable, post_outbox_cancel,
          "Gives a message up for good; its key goes on.", 200, "replayed"},
    Route{"GET",
          "/v1/admin/dead-letters",
          kOperators,
          durable,
          get_dead_letters,
          "Messages that wait for a person.",
          200,
          "outbox_page",
          "application/json",
          {},
          kDeadLettersQuery},
    Route{"POST", "/v1/admin/dead-letters/replay", kOperators, durable, post_dead_letters_replay,
          "Sends a range of them again, in order; at most 1000.", 200, "replayed", "application/json", kReplayFields},
    Route{"GET", "/v1/admin/destinations", kOperators, durable, get_destinations, "How deliveries stand.", 200,
          "destinations"},
    Route{"PUT", "/v1/admin/destinations/{name}/state", kOperators, durable, put_destination_state,
          "Switches a destination off, or on again.", 204, "", "application/json", kDestinationFields},
    Route{"GET", "/v1/admin/plugins", only(Role::admin), instant, get_plugins, "Plugins and their states.", 200,
          "plugins"},
    Route{"POST",
          "/v1/admin/config/reload",
          only(Role::admin),
          durable,
          post_reload,
          "Reads the configuration again; a mistake in it changes nothing.",
          200,
          "reloaded",
          "application/json",
          {},
          {},
          KeyKind::memory},
    Route{"GET", "/v1/admin/users", only(Role::admin), instant, get_users, "Users, without secrets.", 200, "users"},
    Route{"POST", "/v1/admin/users", kAdmin, password, post_user,
          "Makes a user; for erp and node the answer holds a token, once.", 201, "user", "application/json",
          kNewUserFields},
    Route{"PATCH", "/v1/admin/users/{name}", kAdmin, password, patch_user,
          "Changes what is given; the user's log-ins end.", 200, "user", "application/json", kChangedUserFields},
    Route{"DELETE", "/v1/admin/users/{name}", kAdmin, durable, delete_user, "Removes a user; his log-ins end.", 204},
    Route{"DELETE", "/v1/admin/users/{name}/sessions", kAdmin, instant, delete_user_sessions,
          "Ends all log-ins of a user.", 204},
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

// Every subject's file has its own; those with fixed words come before those with parameters in the same place.
std::span<const Route> routes() {
    static const std::vector<Route> all = [] {
        std::vector<Route> out;
        for (const auto part : {paper_routes(), desk_routes(), report_routes(), calendar_routes(), verification_routes(), message_routes(), callback_routes(), flow_routes(), std::span<const Route>(kRoutes)})
            out.insert(out.end(), part.begin(), part.end());
        return out;
    }();
    return all;
}

Match match_route(std::string_view method, std::string_view path) {
    Match match;
    std::vector<std::string> params;
    for (const Route& route : routes()) {
        if (!fits(route.pattern, path, params)) continue;
        if (route.method == method || (method == "HEAD" && route.method == "GET")) return {&route, params, {}};
        match.allow += (match.allow.empty() ? "" : ", ") + std::string(route.method);
        if (route.method == "GET") match.allow += ", HEAD";
    }
    return match;
}

LaneKind lane_of(const HttpRequest& request) {
    const Match match = match_route(request.method, request.path);
    if (!match.route) return instant;
    const bool waits = match.route->key == KeyKind::by_body && key_kind_of(*match.route, request) == KeyKind::durable;
    return waits ? durable : match.route->lane;
}

KeyKind key_kind_of(const Route& route, const HttpRequest& request) {
    if (route.key != KeyKind::by_body) return route.key;
    const auto body = read_object(request.body.empty() ? "{}" : request.body, route.body);
    return body && body->contains("to") ? KeyKind::durable : KeyKind::memory;
}

}  // namespace citybridge::gateway
