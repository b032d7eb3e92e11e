#pragma once
// The recorded event socket streams, and reading them.
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/freeswitch/framer.h"

namespace citybridge::freeswitch {

// Every stream under tests/wire/captures/freeswitch but the busy one.
inline constexpr std::array<std::string_view, 23> kStreams{
    "agent_hold_api", "agent_status",      "auth",     "auth-2",         "auth-3",
    "click2dial",     "click2dial_fail",   "commands", "direct_calls",   "filters",
    "kill",           "inbound_ivr_queue", "json_all", "outbound_async", "outbound_sync",
    "queue_abandon",  "queue_rona",        "record",   "three_way",      "transfer_attended_bridge",
    "transfer_blind", "utf8_names",        "zz_crash"};

std::string stream(std::string_view name);  // its bytes

// What the ground truth beside the recording counted in it.
struct Counted {
    std::size_t bytes = 0;
    std::size_t frames = 0;
    std::size_t events = 0;
    std::size_t largest_body = 0;
    std::map<std::string, std::size_t> types;  // by Content-Type
    std::map<std::string, std::size_t> names;  // by Event-Name
};
Counted counted(std::string_view name);

// A frame with its bytes, to be kept.
struct Kept {
    Frame::Kind kind = Frame::Kind::other;
    std::string headers;
    std::string body;
    std::size_t end = 0;  // offset in the stream

    friend bool operator==(const Kept&, const Kept&) = default;
};
// All complete frames; throws on an error of the framer.
std::vector<Kept> frames_of(std::string_view bytes);
void drain(Framer& framer, std::vector<Kept>& out);

// The frame of `kept`, whose bytes must live on.
inline Frame frame_of(const Kept& kept) { return {kept.kind, kept.headers, kept.body}; }

}  // namespace citybridge::freeswitch
