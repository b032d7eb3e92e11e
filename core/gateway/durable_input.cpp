#include "core/gateway/durable_input.h"

#include "core/gateway/crypto.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {

desk::Actor actor_of(const User& user) { return {user.name, std::string(to_string(user.role)), user.groups}; }

desk::Request request_of(const Call& call, decltype(desk::Request::what) what) {
    const desk::Actor actor = call.who ? actor_of(call.user().user) : desk::Actor{};
    return {uuid_v7(system_now().wall), actor, std::move(what)};
}

HttpResponse submit(const Call& call, decltype(desk::Request::what) what) {
    return answer_of(call.services.durable.submit(request_of(call, std::move(what)), call.key));
}

HttpResponse answer_of(const Result<DurableAnswer>& answer) {
    if (!answer) return problem(answer.error());
    HttpResponse response;
    response.status = answer->reply.status;
    response.body = answer->reply.body;
    if (!response.body.empty()) response.with("Content-Type", "application/json");
    if (!answer->reply.location.empty()) response.with("Location", answer->reply.location);
    if (answer->replayed) response.with("Idempotency-Replayed", "true");
    return response;
}

Result<std::string> number_of(const Call& call, std::string_view field, const std::string& text) {
    const std::string e164 = call.services.hooks.e164 ? call.services.hooks.e164(text) : text;
    if (!e164.empty()) return e164;
    return Error{"request.bad_field", "Field '" + std::string(field) + "' holds '" + text +
                                          "', which is no telephone number; write it as people dial it, or with + "
                                          "and country code."};
}

}  // namespace citybridge::gateway
