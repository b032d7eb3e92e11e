#pragma once
// What tests of transfers say and look at.
#include <string>
#include <vector>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {

inline std::vector<std::string> transfers_of(const Contact& contact) {
    std::vector<std::string> out;
    for (const Transfer& each : contact.transfers)
        out.push_back(std::string(to_string(each.kind)) + ' ' + each.from_agent + " > " + each.to + ' ' +
                      std::string(to_string(each.result)) +
                      (each.reason == TransferReason::none ? "" : " (" + std::string(to_string(each.reason)) + ')'));
    return out;
}

inline std::vector<std::string> legs_of(const Contact& contact) {
    std::vector<std::string> out;
    for (const Leg& leg : contact.legs)
        out.push_back(std::string(to_string(leg.role)) + ' ' + (leg.agent.empty() ? leg.number : leg.agent) +
                      (leg.joined_at ? "" : " not joined"));
    return out;
}

// Asterisk's Atxfer: hold, a Local pair in a second bridge, the phone behind it.
inline void consult(PbxScript& pbx) {
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", signal::HoldChanged{true});
    pbx.at(5.4);
    for (const char* half : {"l1", "l2"})
        pbx.say(half, signal::ChannelStarted{"Local/2001@internal", {}, {}, "2001", ChannelState::down, true, "L"},
                "c");
    pbx.bridge("consult", {"l1"});
    pbx.say("a", signal::BridgeLeft{"b"});
    pbx.bridge("consult", {"a"});
    pbx.say("y", signal::ChannelStarted{"PJSIP/2001", "2001", {}, {}, ChannelState::down, false}, "c");
    pbx.say("l2", signal::DialStarted{"y", "2001"});
    pbx.say("y", signal::ChannelStateChanged{ChannelState::ringing});
}
inline void consult_answered(PbxScript& pbx) {
    consult(pbx);
    pbx.at(7);
    pbx.pick_up("l2", "y");
    pbx.bridge("behind", {"y", "l2"});
}

}  // namespace citybridge::calls
