#include "core/api/records_json.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

HttpResponse no_content() {
    HttpResponse response;
    response.status = 204;
    return response;
}

// Fills in what the body says. Passwords and tokens are kept as hashes only.
Result<> read_user(const nlohmann::json& body, User& user) {
    if (body.contains("role")) {
        user.role = *role_from(text_field(body, "role"));
        // A person's password and a system's token do not survive the change from one to the other.
        (is_system(user) ? user.password_hash : user.token_hash).clear();
    }
    if (body.contains("agent")) user.agent = text_field(body, "agent");
    if (body.contains("device")) user.device = text_field(body, "device");
    if (body.contains("groups")) user.groups = body["groups"].get<std::vector<std::string>>();
    return body.contains("password") ? set_password(user, text_field(body, "password")) : ok();
}

void end_sessions(const Call& call, const std::string& name) {
    for (const std::string& session : call.services.sessions.revoke_user(name)) call.services.hub.end_session(session);
}

// Committed first: a user who may log in is one that a restarted node knows.
HttpResponse keep(const Call& call, const User& user, int status, const std::string& token) {
    UserDirectory& users = call.services.users;
    const UserRecord row = record_of(user, system_now().wall);
    if (const Result<> checked = users.check(row); !checked) return problem(checked.error());
    nlohmann::ordered_json answer = user_json(user);
    Changes changes;
    changes.users.push_back(row);
    if (const auto kept = call.services.durable.record(std::move(changes), {status, {}, {}}, {}); !kept)
        return problem(kept.error());
    if (const Result<> put = users.put_stored(row); !put) return problem(put.error());
    if (!token.empty()) answer["token"] = token;
    return json_response(status, answer);
}

}  // namespace

HttpResponse post_user(const Call& call) {
    const auto body = read_object(call.request.body, kNewUserFields);
    if (!body) return problem(body.error());
    User user;
    user.name = text_field(*body, "name");
    UserDirectory& users = call.services.users;
    if (users.is_configured(user.name) || users.is_stored(user.name))
        return problem("user.exists", "Change this user with PATCH, or choose another name.");
    if (const Result<> read = read_user(*body, user); !read) return problem(read.error());
    const std::string token = give_token(user);
    if (token.empty() && user.password_hash.empty())
        return problem("request.missing_field", "Field 'password' is missing; only erp and node log in without one.");
    return keep(call, user, 201, token);
}

HttpResponse patch_user(const Call& call) {
    const auto body = read_object(call.request.body, kChangedUserFields);
    if (!body) return problem(body.error());
    const std::string& name = call.params[0];
    if (call.services.users.is_configured(name))
        return problem("user.in_configuration", "Change this user in the configuration file and send HUP.");
    std::optional<User> user = call.services.sessions.find_user(name);
    if (!user) return problem("user.unknown", "No user has this name.");
    if (const Result<> read = read_user(*body, *user); !read) return problem(read.error());
    const std::string token = text_field(*body, "new_token") == "true" ? give_token(*user) : std::string();
    HttpResponse answer = keep(call, *user, 200, token);
    // Rights are as they are now, not as they were at log-in.
    if (answer.status == 200) end_sessions(call, name);
    return answer;
}

HttpResponse delete_user(const Call& call) {
    const std::string& name = call.params[0];
    if (call.services.users.is_configured(name))
        return problem("user.in_configuration", "Remove this user from the configuration file and send HUP.");
    if (!call.services.users.is_stored(name)) return problem("user.unknown", "No user has this name.");
    Changes changes;
    changes.removed_users.push_back(name);
    if (const auto kept = call.services.durable.record(std::move(changes), {204, {}, {}}, {}); !kept)
        return problem(kept.error());
    call.services.users.remove_stored(name);
    end_sessions(call, name);
    return no_content();
}

HttpResponse delete_user_sessions(const Call& call) {
    if (!call.services.sessions.find_user(call.params[0])) return problem("user.unknown", "No user has this name.");
    end_sessions(call, call.params[0]);
    return no_content();
}

}  // namespace citybridge::gateway
