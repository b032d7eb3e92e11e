#include "core/api/model_json.h"
#include "core/gateway/fields.h"
#include "core/gateway/handlers.h"
#include "core/gateway/passwords.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

nlohmann::ordered_json session_json(const User& user, const std::optional<WallTime>& expires_at) {
    return {{"expires_at", expires_at ? nlohmann::ordered_json(to_rfc3339(*expires_at)) : nullptr},
            {"user", user_json(user)}};
}

// Compared against when the user does not exist, so that the time of the answer does not tell.
const std::string& nobodys_hash() {
    static const std::string hash = hash_password("nobody");
    return hash;
}

}  // namespace

nlohmann::ordered_json user_json(const User& user) {
    const auto text = [](const std::string& value) {
        return value.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(value);
    };
    return {{"name", user.name},
            {"role", to_string(user.role)},
            {"groups", user.groups},
            {"device", text(user.device)},
            {"agent", text(user.agent)}};
}

HttpResponse json_response(int status, const nlohmann::ordered_json& body) {
    HttpResponse response;
    response.status = status;
    response.body = dump(body);
    return response.with("Content-Type", "application/json");
}

HttpResponse post_session(const Call& call) {
    const auto body = read_object(call.request.body, kSessionFields);
    if (!body) return problem(body.error());
    const std::string name = text_field(*body, "name");
    const std::string by_user = "user:" + name, by_address = "address:" + call.request.peer;
    Services& services = call.services;
    {
        const std::lock_guard lock(services.throttle_mutex);
        const MonoTime now = system_now().mono;
        const Millis wait =
            std::max(services.throttle.wait(by_user, now), services.address_throttle.wait(by_address, now));
        if (wait > Millis(0)) {
            const auto seconds = std::to_string((wait.count() + 999) / 1000);
            return problem("auth.throttled", "Try again in " + seconds + " s.").with("Retry-After", seconds);
        }
        services.throttle.attempt(by_user, now);
        services.address_throttle.attempt(by_address, now);
    }
    const std::optional<User> user = services.sessions.find_user(name);
    const bool can_log_in = user && !user->password_hash.empty();
    const bool right =
        verify_password(text_field(*body, "password"), can_log_in ? user->password_hash : nobodys_hash());
    if (!can_log_in || !right) return problem("auth.failed", "Check the name and the password.");
    {
        const std::lock_guard lock(services.throttle_mutex);
        services.throttle.success(by_user);
        services.address_throttle.undo(by_address);
    }
    if (services.refuse_second_place && services.hub.is_elsewhere(user->agent, {}))
        return problem("session.second_place", "His desktop is connected at another place; log out there first.");
    const NewSession created = services.sessions.open(*user, system_now());
    nlohmann::ordered_json answer{{"token", created.token}};
    answer.update(session_json(*user, created.expires_at));
    return json_response(201, answer);
}

HttpResponse get_session(const Call& call) {
    return json_response(200, session_json(call.user().user, call.user().expires_at));
}

HttpResponse delete_session(const Call& call) {
    call.services.sessions.revoke(call.user().session);
    call.services.hub.end_session(call.user().session);
    HttpResponse response;
    response.status = 204;
    return response;
}

}  // namespace citybridge::gateway
