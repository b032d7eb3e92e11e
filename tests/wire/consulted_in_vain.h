#pragma once
// Recorded calls that came to nothing, as consultations: what the PBX really said of such a line, told of one that an
// agent calls while his customer waits.
#include <string>
#include <vector>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {

inline std::string consulted(const std::vector<PbxSignal>& signals, const std::string& line) {
    PbxScript pbx;
    pbx.caller("c", "13900000000");
    pbx.ring("c", "a", "SIP/1099");
    pbx.pick_up("c", "a");
    pbx.bridge("b", {"a", "c"});
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.say("a", signal::BridgeLeft{"b"});
    for (const PbxSignal& each : signals) {
        const auto* begun = std::get_if<signal::DialStarted>(&each.body);
        const auto* ended = std::get_if<signal::DialEnded>(&each.body);
        if ((begun != nullptr && begun->target == line) || (ended != nullptr && ended->target == line))
            pbx.say("a", each.body);
        else if (each.channel == line)
            pbx.say(line, each.body);
    }
    if (pbx.contact().transfers.empty()) return {};
    const Transfer& last = pbx.contact().transfers.back();
    return last.to + ' ' + std::string(to_string(last.result)) + ' ' + std::string(to_string(last.reason));
}

inline bool was_answered(const std::vector<PbxSignal>& signals, const std::string& line) {
    return std::any_of(signals.begin(), signals.end(), [&](const PbxSignal& each) {
        const auto* ended = std::get_if<signal::DialEnded>(&each.body);
        return ended != nullptr && ended->target == line && ended->result == DialResult::answered;
    });
}

// Of every line that a channel dialled and that was not answered, in order.
inline std::vector<std::string> consulted_in_vain(const std::vector<PbxSignal>& signals) {
    std::vector<std::string> out;
    for (const PbxSignal& each : signals) {
        const auto* dial = std::get_if<signal::DialStarted>(&each.body);
        if (dial == nullptr || each.channel.empty() || was_answered(signals, dial->target)) continue;
        if (std::string words = consulted(signals, dial->target); !words.empty()) out.push_back(std::move(words));
    }
    return out;
}

}  // namespace citybridge::calls
