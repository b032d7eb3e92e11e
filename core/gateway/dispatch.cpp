#include <exception>
#include <set>

#include "core/api/model_json.h"
#include "core/gateway/crypto.h"
#include "core/gateway/handlers_desk.h"
#include "core/gateway/http_codec.h"
#include "core/gateway/problem.h"
#include "core/gateway/router.h"

namespace citybridge::gateway {
namespace {

constexpr std::string_view kBearer = "bearer ";
constexpr std::string_view kBearerProtocol = "bearer.";

// The header, or for browsers, whose WebSocket can set none, a subprotocol.
// Never the query: it ends up in logs.
std::string token_of(const HttpRequest& request, const Route& route) {
    if (const std::string* value = request.header("authorization")) {
        std::string scheme = value->substr(0, kBearer.size());
        for (char& c : scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        return scheme == kBearer ? value->substr(kBearer.size()) : "";
    }
    if (route.success != 101) return {};
    const std::string* protocols = request.header("sec-websocket-protocol");
    if (!protocols) return {};
    const std::size_t start = protocols->find(kBearerProtocol);
    if (start == std::string::npos) return {};
    const std::size_t from = start + kBearerProtocol.size();
    return protocols->substr(from, protocols->find_first_of(", \t", from) - from);
}

Result<> check_query(const HttpRequest& request, const Route& route) {
    if (route.any_query) return ok();
    nlohmann::json query = nlohmann::json::object();
    for (const auto& [name, value] : request.query) {
        if (query.contains(name)) return Error{"request.bad_parameter", "Parameter '" + name + "' appears twice."};
        query[name] = value;
    }
    const auto checked = read_object(dump(query), route.query);
    if (checked) return ok();
    const bool unknown = checked.error().code == "request.unknown_field";
    std::string detail = checked.error().detail;
    if (detail.starts_with("Field")) detail.replace(0, 5, "Parameter");
    return Error{unknown ? "request.unknown_parameter" : "request.bad_parameter", detail};
}

Result<> check_body_kind(const HttpRequest& request, const Route& route) {
    if (route.raw_body) return ok();
    if (route.body.empty()) {
        if (request.body.empty() || request.body == "{}") return ok();
        return Error{"request.unexpected_body", "Send this request without a body."};
    }
    // Nothing has to be said of a conference.
    if (request.body.empty() && route.key == KeyKind::by_body) return ok();
    const std::string* type = request.header("content-type");
    const std::string kind = type ? type->substr(0, type->find_first_of("; ")) : "";
    if (kind == "application/json") return ok();
    return Error{"request.media_type", "Send the body with Content-Type: application/json."};
}

HttpResponse run_once(const Route& route, Call call) {
    const std::string* key = call.request.header("idempotency-key");
    const KeyKind kind = key_kind_of(route, call.request);
    if (kind == KeyKind::none || !key) return route.handler(call);
    if (!IdempotencyJournal::is_valid_key(*key))
        return problem("idempotency.bad_key", "Use 1 to 128 visible ASCII characters without spaces.");
    if (kind == KeyKind::durable) {
        const HttpRequest& request = call.request;
        call.key = RequestKey{call.user().user.name, *key,
                              sha256_hex(request.method + "\n" + request.path + "\n" + request.body)};
        return route.handler(call);
    }
    IdempotencyJournal& journal = call.services.idempotency;
    const std::string& user = call.user().user.name;
    HttpResponse answer;
    switch (journal.begin(user, *key, call.request, system_now().mono, answer)) {
        case IdempotencyJournal::Verdict::replay: return answer.with("Idempotency-Replayed", "true");
        case IdempotencyJournal::Verdict::mismatch:
            return problem("idempotency.mismatch", "Use a new key for a new request.");
        case IdempotencyJournal::Verdict::in_flight:
            return problem("idempotency.in_flight", "Wait for the first answer, or ask again later.");
        case IdempotencyJournal::Verdict::first: break;
    }
    try {
        answer = route.handler(call);
    } catch (...) {
        journal.forget(user, *key);
        throw;
    }
    // What the node could not do now had no effect and may succeed when asked again.
    if (answer.status >= 500)
        journal.forget(user, *key);
    else
        journal.finish(user, *key, answer);
    return answer;
}

HttpResponse route_request(const HttpRequest& request, Services& services) {
    Match match = match_route(request.method, request.path);
    if (!match.route && match.allow.empty())
        return problem("route.not_found", "No such address; /openapi.json lists them all.");
    if (!match.route)
        return problem("route.method_not_allowed", "Allowed here: " + match.allow + ".").with("Allow", match.allow);
    const Route& route = *match.route;

    std::optional<Identity> who;
    if (route.roles != kOpen) {
        who = services.sessions.identify(token_of(request, route), system_now());
        if (!who) return problem("auth.required", "Send 'Authorization: Bearer <token>' with a valid token.");
        if ((route.roles & only(who->user.role)) == 0)
            return problem("auth.forbidden",
                           "The role " + std::string(to_string(who->user.role)) + " may not do this.");
    }
    if (const Result<> checked = check_query(request, route); !checked) return problem(checked.error());
    if (const Result<> checked = check_body_kind(request, route); !checked) return problem(checked.error());
    return run_once(route, Call{request, who ? &*who : nullptr, std::move(match.params), services});
}

}  // namespace

std::size_t body_limit(const HttpRequest& head, Services& services) {
    constexpr std::size_t kUsual = 65'536, kTable = 4U << 20U;
    const Match match = match_route(head.method, head.path);
    if (!match.route || !match.route->raw_body || match.route->roles == kOpen) return kUsual;
    const auto who = services.sessions.identify(token_of(head, *match.route), system_now());
    if (!who || (match.route->roles & only(who->user.role)) == 0) return kUsual;
    const bool file = match.route->handler == &post_attachment;
    if (!file) return kTable;
    return services.hooks.attachments == nullptr ? kUsual : services.hooks.attachments->most_bytes();
}

HttpResponse dispatch(const HttpRequest& request, Services& services) {
    HttpResponse response;
    try {
        response = route_request(request, services);
    } catch (const std::exception& failure) {
        // The text may hold anything; people get a fixed sentence, the log gets the cause.
        if (services.hooks.log) services.hooks.log(LogLevel::error, "server.error", failure.what());
        response = problem("server.error", "The node's log says more.");
    }
    response.with("X-Content-Type-Options", "nosniff").with("Cache-Control", "no-store");
    return response;
}

}  // namespace citybridge::gateway
