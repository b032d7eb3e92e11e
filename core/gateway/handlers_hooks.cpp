#include "core/api/several_messages.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

desk::Request request_to_take(const Call& call, InboundMessage message) {
    const desk::Actor actor{"erp:" + message.source, "erp", {}};
    desk::Request request = request_of(call, desk::TakeInbound{std::move(message)});
    request.actor = actor;
    return request;
}

// Offering it again does not help.
bool refused_for_good(const Result<DurableAnswer>& answer) {
    return !answer && (answer.error().code == "hook.not_understood" || answer.error().code == "hook.too_old");
}

// All wait together, so that they share commits. What is not taken now makes the sender offer all of them again: those
// that took effect are known then.
HttpResponse take_several(const Call& call, std::vector<InboundMessage> messages) {
    std::vector<std::pair<desk::Request, std::optional<RequestKey>>> steps;
    for (InboundMessage& each : messages) steps.emplace_back(request_to_take(call, std::move(each)), std::nullopt);
    const auto answers = call.services.durable.submit_all(std::move(steps));
    std::size_t taken = 0;
    for (const Result<DurableAnswer>& answer : answers) {
        if (!answer && !refused_for_good(answer)) return problem(answer.error());
        if (answer) ++taken;
    }
    if (taken == 0 && !answers.empty()) return problem(answers.front().error());
    return json_response(200, {{"status", "applied"}, {"taken", taken}, {"refused", answers.size() - taken}});
}

}  // namespace

// The signature is the log-in. An answer of 2xx means that the message took
// effect, durably and once (P1, P3).
HttpResponse post_hook(const Call& call) {
    const InboundConnector* connector =
        call.services.hooks.inbound ? call.services.hooks.inbound(call.params[0]) : nullptr;
    if (connector == nullptr)
        return problem("hook.unknown", "No connector of this name takes messages; ask the node's administrator.");
    // GET is for senders that know nothing else; who only looks has no effect.
    if (call.request.method == "HEAD")
        return problem("route.method_not_allowed", "Allowed here: POST, GET.").with("Allow", "POST, GET");
    const WallTime now = system_now().wall;
    HeaderList headers = call.request.headers;
    headers.emplace_back(":method", call.request.method);
    headers.emplace_back(":query", call.request.query_text);
    auto message = connector->accept(headers, call.request.body, now);
    if (!message) return problem(message.error());
    auto messages = unpack_messages(std::move(*message));
    if (messages.empty()) return problem("hook.bad_message", "This message says that it holds several, and does not.");
    if (messages.size() > 1) return take_several(call, std::move(messages));
    return answer_of(call.services.durable.submit(request_to_take(call, std::move(messages.front())), {}));
}

}  // namespace citybridge::gateway
