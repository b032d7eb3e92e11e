// What the played Asterisk does with calls. The order of answers and events is
// that of the captures: 08a and 08b (dialling), 09b, 10a, 10b, 11a, 12, 17, 14.
#include "tests/contract/pbx_adapter/ami_action.h"
#include "tests/contract/pbx_adapter/fake_asterisk.h"

namespace citybridge::contract {
namespace {

std::string started_list(const AmiAction& action) {
    return "Response: Success\r\nActionID: " + value(action, "ActionID") + "\r\nEventList: start\r\n\r\n";
}

std::string complete(const AmiAction& action, const std::string& event) {
    return "Event: " + event + "\r\nActionID: " + value(action, "ActionID") + "\r\nEventList: Complete\r\n\r\n";
}

std::string originate_response(const AmiAction& action, int reason, const std::string& id) {
    const bool answered = reason == 4;
    return "Event: OriginateResponse\r\nPrivilege: call,all\r\nActionID: " + value(action, "ActionID") +
           "\r\nResponse: " + (answered ? "Success" : "Failure") + "\r\nChannel: " + value(action, "Channel") +
           "\r\nReason: " + std::to_string(reason) + "\r\nUniqueid: " + (answered ? id : "<unknown>") + "\r\n\r\n";
}

}  // namespace

std::string FakeAsterisk::id_of(const Action& action) const {
    const std::string wanted = value(action, "Channel");
    for (const auto& [id, channel] : channels_) {
        if (id == wanted || channel.name == wanted) return id;
    }
    return {};
}

FakeAsterisk::Channel* FakeAsterisk::find(const Action& action) {
    const auto it = channels_.find(id_of(action));
    return it != channels_.end() ? &it->second : nullptr;
}

std::string FakeAsterisk::about(const std::string& event, const std::string& id, const std::string& rest) {
    const Channel& channel = channels_.at(id);
    return "Event: " + event + "\r\nPrivilege: call,all\r\nChannel: " + channel.name +
           "\r\nChannelState: 6\r\nChannelStateDesc: Up\r\nCallerIDNum: " + channel.number +
           "\r\nCallerIDName: <unknown>\r\nContext: internal\r\nExten: s\r\nPriority: 1\r\nUniqueid: " + id +
           "\r\nLinkedid: " + channel.group + "\r\n" + rest + "\r\n";
}

std::string FakeAsterisk::new_channel(const std::string& id, const std::string& name, const std::string& number,
                                      const std::string& group) {
    channels_[id] = {name, number, {}, group};
    std::string out = about("Newchannel", id);
    const std::string up = "ChannelState: 6\r\nChannelStateDesc: Up";
    return out.replace(out.find(up), up.size(), "ChannelState: 0\r\nChannelStateDesc: Down");
}

std::string FakeAsterisk::enter(const std::string& id, const std::string& bridge) {
    channels_.at(id).bridge = bridge;
    return about("BridgeEnter", id,
                 "BridgeUniqueid: " + bridge + "\r\nBridgeType: basic\r\nBridgeTechnology: simple_bridge\r\n");
}

std::string FakeAsterisk::leave(const std::string& id) {
    const std::string bridge = std::exchange(channels_.at(id).bridge, {});
    if (bridge.empty()) return {};
    return about("BridgeLeave", id,
                 "BridgeUniqueid: " + bridge + "\r\nBridgeType: basic\r\nBridgeTechnology: simple_bridge\r\n");
}

std::string FakeAsterisk::end(const std::string& id, int cause) {
    std::string out = leave(id);
    out += about("Hangup", id, "Cause: " + std::to_string(cause) + "\r\nCause-txt: ended\r\n");
    channels_.erase(id);
    return out;
}

std::string FakeAsterisk::originate(const Action& action) {
    ++dials_;
    const std::string device = value(action, "Channel");
    const std::string id = value(action, "ChannelId");
    if (value(action, "Exten") == "5555") return response(action, "Error", "Extension does not exist.");
    if (device == "SIP/1015") return {};  // lost on the way
    std::string queued = response(action, "Success", "Originate successfully queued");
    if (device == "SIP/1003") return queued + originate_response(action, 0, id);
    const std::string number = device.substr(device.find('/') + 1);
    const std::string phone = new_channel(id, device + "-0000003" + std::to_string(++last_ % 10), number, id);
    if (device == "SIP/1011") return queued + phone + originate_response(action, 5, id) + end(id, 17);
    if (device == "SIP/1012") return queued + phone + originate_response(action, 3, id) + end(id, 19);
    if (device == "SIP/1013") return queued + phone + originate_response(action, 5, id) + end(id, 21);
    if (device == "SIP/1014") return queued;  // he answered; nobody hears of it
    const std::string up = in_order({queued, phone, about("Newstate", id)});
    // Into a room there is nobody to be dialled.
    if (device.starts_with("Local/")) return up + originate_response(action, 4, id);
    return up + originate_response(action, 4, id) + talk(id, "PJSIP/trunk");
}

// Who was dialled answers: the two talk.
std::string FakeAsterisk::talk(const std::string& id, const std::string& device) {
    const std::string other = "1795290163." + std::to_string(++last_ + 100);
    std::string out = new_channel(other, device + "-0000001" + std::to_string(last_ % 10), "13912345678", id);
    const std::string target = "DestChannel: " + channels_.at(other).name + "\r\nDestUniqueid: " + other +
                               "\r\nDestLinkedid: " + id + "\r\nDialString: trunk/sip:13912345678\r\n";
    out += about("DialBegin", id, target) + about("Newstate", other) +
           about("DialEnd", id, target + "DialStatus: ANSWER\r\n");
    const std::string bridge = "bridge-talk-" + other;
    return in_order({out, enter(other, bridge), enter(id, bridge)});
}

std::string FakeAsterisk::status(const Action& action) {
    const std::string wanted = value(action, "Channel");
    const std::string one = id_of(action);
    if (!wanted.empty() && one.empty()) return response(action, "Error", "No such channel");
    std::string out = started_list(action);
    for (const auto& [id, channel] : channels_) {
        if (!one.empty() && id != one) continue;
        out += "Event: Status\r\nPrivilege: Call\r\nActionID: " + value(action, "ActionID") +
               "\r\nChannel: " + channel.name + "\r\nChannelState: 6\r\nUniqueid: " + id +
               "\r\nLinkedid: " + channel.group + "\r\nDNID: \r\nBridgeID: " + channel.bridge + "\r\n\r\n";
    }
    return out + complete(action, "StatusComplete");
}

std::string FakeAsterisk::channels(const Action& action) {
    std::string out = started_list(action);
    for (const auto& [id, channel] : channels_) {
        std::string item = about("CoreShowChannel", id,
                                 "Application: \r\nDuration: 00:00:05\r\nBridgeId: " + channel.bridge +
                                     "\r\nActionID: " + value(action, "ActionID") + "\r\n");
        const std::string privilege = "Privilege: call,all\r\n";
        out += item.erase(item.find(privilege), privilege.size());
    }
    return out + complete(action, "CoreShowChannelsComplete");
}

std::string FakeAsterisk::on_call(const std::string& name, const Action& action) {
    const bool records = name == "MixMonitor" || name == "StopMixMonitor" || name == "MixMonitorMute";
    const bool known_action = records || name == "Hangup" || name == "BlindTransfer" || name == "Atxfer" ||
                              name == "CancelAtxfer" || name == "PlayDTMF" || name == "Redirect" || name == "Park";
    if (!known_action) return {};
    const std::string id = id_of(action);
    if (id.empty()) {
        const bool other_words = name == "Atxfer" || name == "CancelAtxfer" || name == "Redirect";
        return response(action, "Error", other_words ? "Channel specified does not exist" : "No such channel");
    }
    if (records) {
        const std::string variable =
            "Variable: MIXMONITOR_FILENAME\r\nValue: /srv/monitor/" + value(action, "File") + "\r\n";
        std::string out = response(action, "Success", {});
        if (name == "MixMonitor") out += in_order({about("VarSet", id, variable), about("MixMonitorStart", id)});
        if (name == "StopMixMonitor") out += about("MixMonitorStop", id);
        return out;
    }
    if (name == "Hangup") return hangup(action);
    if (name == "Atxfer") return consult(action);
    if (name == "CancelAtxfer")
        return response(action, "Success", "CancelAtxfer successfully queued") + back(action, false);
    if (name == "Park") return response(action, "Success", "Park successful") + leave(id);
    if (name == "PlayDTMF") {
        const bool second = value(action, "Digit") == "3" && value(action, "Receive") == "true";
        return response(action, "Success", "DTMF successfully queued") + (second ? back(action, true) : std::string());
    }
    if (name == "BlindTransfer") return response(action, "Success", "Transfer succeeded") + end(id);
    std::string out = response(action, "Success", "Dual Redirect successful");
    const std::string extra = id_of({{"Channel", value(action, "ExtraChannel")}});
    const std::string room = "bridge-room-" + value(action, "Exten");
    for (const std::string& each : {extra, id}) {
        if (!each.empty()) out += leave(each);
    }
    for (const std::string& each : {id, extra}) {
        if (!each.empty()) out += enter(each, room);
    }
    return out;
}

std::string FakeAsterisk::consult(const Action& action) {
    const std::string id = id_of(action);
    const std::string third = "1795289947." + std::to_string(++last_ + 100);
    const std::string bridge = "bridge-consult-" + third;
    std::string out = response(action, "Success", "Atxfer successfully queued") + about("Hold", id);
    out += new_channel(third, "SIP/1002-0000004" + std::to_string(last_ % 10), "1002", channels_.at(id).group);
    const std::string target = "DestChannel: " + channels_.at(third).name + "\r\nDestUniqueid: " + third +
                               "\r\nDestLinkedid: " + channels_.at(id).group + "\r\nDialString: 1002\r\n";
    out += in_order({about("DialBegin", id, target), leave(id), enter(id, bridge), about("Newstate", third)});
    consults_[id] = third;
    return in_order({out, about("DialEnd", id, target + "DialStatus: ANSWER\r\n"), enter(third, bridge)});
}

// The agent comes back to the customer, alone or with whom he consulted.
std::string FakeAsterisk::back(const Action& action, bool three_way) {
    const std::string id = id_of(action);
    const std::string third = std::exchange(consults_[id], {});
    std::string talk;
    for (const auto& [each, channel] : channels_) {
        if (each != id && channel.bridge.starts_with("bridge-talk-")) talk = channel.bridge;
    }
    if (talk.empty() || third.empty()) return {};
    std::string out = in_order({leave(id), enter(id, talk)});
    if (!three_way) return in_order({out, about("Unhold", id), end(third)});
    out += in_order({leave(third), enter(third, talk)});
    return out + "Event: AttendedTransfer\r\nPrivilege: call,all\r\nResult: Success\r\nOrigTransfererUniqueid: " + id +
           "\r\nSecondTransfererUniqueid: " + id + "\r\nDestType: Threeway\r\n\r\n";
}

std::string FakeAsterisk::hangup(const Action& action) {
    const std::string id = id_of(action);
    std::string out = response(action, "Success", "Channel Hungup");
    if (const std::string third = std::exchange(consults_[id], {}); !third.empty()) {
        std::string talk;
        for (const auto& [each, channel] : channels_) {
            if (each != id && channel.bridge.starts_with("bridge-talk-")) talk = channel.bridge;
        }
        out += in_order({leave(id), leave(third), enter(third, talk)});
        out += "Event: AttendedTransfer\r\nPrivilege: call,all\r\nResult: Success\r\nOrigTransfererUniqueid: " + id +
               "\r\nSecondTransfererUniqueid: " + id + "\r\nDestType: Bridge\r\nDestBridgeUniqueid: " + talk +
               "\r\n\r\n";
        return out + end(id);
    }
    const std::string bridge = channels_.at(id).bridge;
    out += end(id);
    for (auto it = channels_.begin(); it != channels_.end();) {
        const std::string other = it->first;
        const bool with_him = !bridge.empty() && it->second.bridge == bridge;
        ++it;
        if (with_him) out += end(other);
    }
    return out;
}

std::string FakeAsterisk::on_member(const std::string& name, const Action& action) {
    const std::string interface = value(action, "Interface");
    const bool known_member = interface == "SIP/1001" || interface == "SIP/1003";
    if (name == "QueuePause") {
        if (!known_member) return response(action, "Error", "Interface not found");
        const bool paused = value(action, "Paused") == "true";
        return response(action, "Success",
                        paused ? "Interface paused successfully" : "Interface unpaused successfully") +
               "Event: QueueMemberPause\r\nPrivilege: agent,all\r\nQueue: sales\r\nMemberName: 张伟\r\nInterface: " +
               interface + "\r\nStateInterface: " + interface + "\r\nStatus: 1\r\nPaused: " + (paused ? "1" : "0") +
               "\r\nPausedReason: " + value(action, "Reason") + "\r\n\r\n";
    }
    if (name == "QueueAdd" || name == "QueueRemove") {
        if (value(action, "Queue") != "sales")
            return response(action, "Error", "Unable to add interface to queue: No such queue");
        const bool adds = name == "QueueAdd";
        return response(action, "Success", adds ? "Added interface to queue" : "Removed interface from queue") +
               "Event: " + (adds ? "QueueMemberAdded" : "QueueMemberRemoved") +
               "\r\nPrivilege: agent,all\r\nQueue: sales\r\nMemberName: 张伟\r\nInterface: " + interface +
               "\r\nStateInterface: " + interface + "\r\nStatus: 1\r\nPaused: 0\r\n\r\n";
    }
    return response(action, "Error", "Invalid/unknown command: " + name + ".");
}

}  // namespace citybridge::contract
