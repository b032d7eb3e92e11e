#include "core/gateway/durable_input.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {

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
    const desk::Actor actor{"erp:" + message->source, "erp", {}};
    desk::Request request = request_of(call, desk::TakeInbound{std::move(*message)});
    request.actor = actor;
    return answer_of(call.services.durable.submit(std::move(request), {}));
}

}  // namespace citybridge::gateway
