#include "core/gateway/stream_client.h"

#include <sys/socket.h>

namespace citybridge::gateway {

bool StreamClient::flush(MonoTime now) {
    if (life == Life::gone) return false;
    while (writing()) {
        const std::string_view rest = std::string_view(*out.bytes).substr(out.at);
        // A short write is followed by another one until the socket says it is full: only then does
        // epoll's edge tell when there is room again.
        const ssize_t sent = rest.empty() ? 0 : send_some(socket.get(), rest);
        if (sent < 0) {
            life = Life::gone;
            ::shutdown(socket.get(), SHUT_RDWR);  // wakes the hub thread, which alone may close it
            return false;
        }
        if (sent == 0 && !rest.empty()) return false;
        out.at += static_cast<std::size_t>(sent);
        progress = now;
        if (out.at == out.bytes->size()) out = {};
    }
    return true;
}

void StreamClient::begin_close(std::uint16_t code, std::string_view reason, MonoTime now) {
    if (life != Life::open) return;
    life = Life::closing;
    close_code = code;
    close_frame = ws_close_frame(code, reason);
    close_by = now + kStreamCloseTime;
}

bool StreamClient::next_control(MonoTime now) {
    std::string frame;
    if (pong) {
        frame = ws_frame(WsOpcode::pong, *pong);
        pong.reset();
    } else if (ping_due) {
        frame = ws_frame(WsOpcode::ping, {});
        ping_due = false;
    } else if (!farewell.empty()) {
        frame = std::move(farewell);
        farewell.clear();
    } else if (!close_frame.empty()) {
        frame = std::move(close_frame);
        close_frame.clear();
    }
    if (frame.empty()) return false;
    send(std::make_shared<const std::string>(std::move(frame)), now);
    return true;
}

}  // namespace citybridge::gateway
