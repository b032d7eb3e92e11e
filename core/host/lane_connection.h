#pragma once
// One TCP link of a HostLane. The plugin holds a handle that points here; the
// lane holds the connection while it is in use, so that a handle destroyed
// inside its own callback does not destroy the callback that is running.
// Lane thread only, except the destructor.
#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/api/link.h"
#include "core/host/resolver.h"

namespace citybridge {

class HostLane;

class LaneConnection {
public:
    LaneConnection(HostLane& lane, std::uint64_t id, const LinkOptions& options, LinkCallbacks callbacks);

    void begin();                             // starts resolving or connecting
    void resolved(Result<Addresses> answer);  // late answers are ignored
    void ready(std::uint32_t events);         // from epoll
    void send(std::string_view bytes);
    void close_quietly();  // no callback follows

private:
    // closing: the socket is gone, `closed` is still to be told.
    enum class State { idle, resolving, connecting, open, closing, closed };

    void connect_next();
    void connected();
    void receive();
    void flush();
    void overflow();
    void fail(Error why);
    void tell_closed(const Error& why);
    void drop_socket();
    void watch();
    bool in_use() const { return state_ != State::closing && state_ != State::closed; }
    int fd() const;
    std::string peer() const;  // "host:port" for people

    HostLane& lane_;  // outlives every use: it closes all connections before it ends
    const std::uint64_t id_;
    const LinkOptions options_;
    LinkCallbacks callbacks_;
    State state_ = State::idle;
    Addresses addresses_;  // still to be tried, last first
    std::optional<Error> last_failure_;
    std::optional<Poco::Net::StreamSocket> socket_;
    TimerId connect_timer_ = 0;
    TimerId close_timer_ = 0;
    std::string unsent_;
    std::size_t sent_ = 0;  // bytes of unsent_ that are gone already
    bool wants_write_ = false;
};

}  // namespace citybridge
