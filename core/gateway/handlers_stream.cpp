#include "core/gateway/crypto.h"
#include "core/gateway/handlers.h"
#include "core/gateway/http_codec.h"
#include "core/gateway/problem.h"
#include "core/gateway/stream_json.h"
#include "core/gateway/ws_frame.h"

namespace citybridge::gateway {
namespace {

constexpr std::string_view kProtocol = "citybridge.v1";

// RFC 6455 section 4.2.1. Returns the accept value.
Result<std::string> check_handshake(const HttpRequest& request) {
    const auto value = [&](std::string_view name) {
        const std::string* found = request.header(name);
        return found ? *found : std::string();
    };
    if (!lists_token(value("upgrade"), "websocket") || !lists_token(value("connection"), "upgrade"))
        return Error{"stream.upgrade_required", "Connect with a WebSocket client."};
    if (value("sec-websocket-version") != "13")
        return Error{"stream.upgrade_required", "Only WebSocket version 13 is spoken here."};
    if (request.method != "GET" || request.http_1_0 || !request.body.empty())
        return Error{"stream.bad_handshake", "A handshake is an HTTP/1.1 GET without a body."};
    const std::string key = value("sec-websocket-key");
    const auto nonce = from_base64(key);
    if (!nonce || nonce->size() != 16)
        return Error{"stream.bad_handshake", "Sec-WebSocket-Key must be 16 bytes in base64."};
    const std::string protocols = value("sec-websocket-protocol");
    if (!protocols.empty() && !lists_token(protocols, kProtocol))
        return Error{"stream.bad_handshake", "Offer the subprotocol citybridge.v1, or none."};
    return ws_accept(key);
}

}  // namespace

HttpResponse get_stream(const Call& call) {
    const auto accept = check_handshake(call.request);
    if (!accept) {
        HttpResponse refused = problem(accept.error());
        if (refused.status == 426)
            refused.with("Upgrade", "websocket").with("Connection", "Upgrade").with("Sec-WebSocket-Version", "13");
        return refused;
    }
    StreamHub& hub = call.services.hub;
    const Viewer viewer = viewer_of(call.user().user);
    auto place = hub.reserve(viewer, call.user().session);
    if (!place) return problem(place.error());

    std::string first;
    auto cursor = hub.resume_at(call.request.parameter("last_event_id").value_or(""));
    if (!cursor) {
        // The snapshot says which event it contains last; the ring has everything after it.
        const auto snapshot = call.services.live.snapshot();
        if (!snapshot) return problem(snapshot.error());
        first = ws_frame(WsOpcode::text,
                         snapshot_text(hub.id_of(snapshot->sequence), system_now().wall, *snapshot, viewer));
        cursor = snapshot->sequence + 1;
    }
    HttpResponse response;
    response.status = 101;
    response.with("Upgrade", "websocket").with("Connection", "Upgrade").with("Sec-WebSocket-Accept", *accept);
    if (call.request.header("sec-websocket-protocol")) response.with("Sec-WebSocket-Protocol", std::string(kProtocol));
    response.take_over = [&hub, &sessions = call.services.sessions, viewer, session = call.user().session,
                          first = std::move(first), cursor = *cursor, place = *place](Upgraded connection) {
        // One desktop for an agent: the place he came to last.
        for (const std::string& other : hub.take_over(viewer.agent, session)) sessions.revoke(other);
        hub.join(std::move(connection), viewer, session, first, cursor);
    };
    return response;
}

}  // namespace citybridge::gateway
