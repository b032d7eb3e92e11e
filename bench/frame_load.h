#pragma once
// The load of event_to_frame: plays the PBX to two servers and reads all their
// clients' streams, on one thread with one clock, so that both servers are
// measured by the same means. Times are from before send() of the event to
// after recv() of the frame.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/asterisk/replay_peer.h"
#include "bench/call_script.h"
#include "bench/sockets.h"
#include "bench/ws_client.h"

namespace citybridge::bench {

inline constexpr int kAgents = 200;
inline constexpr int kFirstAgent = 2001;  // their numbers go on from here

class FrameLoad {
public:
    using Clock = std::chrono::steady_clock;
    enum Server { node, floor };

    // Accepts the floor's and the node's connection at their PBX.
    FrameLoad(CallScript script, double rings_per_second, const Socket& node_pbx, const Socket& floor_pbx);

    // Answers the node as an Asterisk does until it has asked for nothing for a while.
    void serve_login();
    void connect_clients(Server server, std::uint16_t port, const std::string& password);
    // Microseconds of every pop. Throws if one is missing, comes twice, or to the wrong agent.
    std::vector<double> block(Server server, std::chrono::seconds length);

    // Of the node's pops so far; the floor is told to send as much.
    std::size_t mean_pop_bytes() const;
    void tell_floor_frame_bytes();

private:
    struct Pop {  // one agent's that is on its way
        Clock::time_point sent;
        std::string customer;
    };
    struct Side {
        Socket pbx;
        std::optional<asterisk::ReplayPeer> peer;  // the floor's PBX is not asked anything
        std::vector<std::unique_ptr<WsClient>> clients;
        std::vector<std::optional<Pop>> waiting;  // by agent
        std::uint64_t calls = 0;
    };

    void watch(int fd, std::uint64_t tag) const;
    void ring(Side& side, std::uint64_t call);
    void poll_until(Clock::time_point until);
    void on_ready(std::uint64_t tag);
    void answer_pbx(Side& side);
    void read_client(Side& side, Server server, std::size_t agent);
    CallTexts texts(std::uint64_t call) const;

    CallScript script_;
    Clock::duration between_calls_;
    Socket epoll_;
    Side sides_[2];
    Clock::time_point pbx_spoke_;
    std::vector<double> found_us_;
    std::uint64_t pop_bytes_ = 0, pops_ = 0;
};

}  // namespace citybridge::bench
