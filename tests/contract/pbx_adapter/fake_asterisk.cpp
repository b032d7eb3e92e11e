#include "tests/contract/pbx_adapter/fake_asterisk.h"

#include "tests/contract/pbx_adapter/ami_action.h"

namespace citybridge::contract {
namespace {

std::map<std::string, std::string> fields_of(const std::string& text) {
    std::map<std::string, std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find("\r\n", at), text.size());
        const std::string line = text.substr(at, end - at);
        const std::size_t colon = line.find(": ");
        if (colon != std::string::npos) out.emplace(line.substr(0, colon), line.substr(colon + 2));
        at = end + 2;
    }
    return out;
}

}  // namespace

FakeAsterisk::FakeAsterisk() : PlayedPbx("\r\n\r\n") { start(); }
FakeAsterisk::~FakeAsterisk() { stop(); }

std::string FakeAsterisk::greet() {
    peer_ = std::make_unique<asterisk::ReplayPeer>("");
    return peer_->on_connected();
}

void FakeAsterisk::begin_again() {
    ++starts_;
    channels_.clear();
    consults_.clear();
}

std::string FakeAsterisk::answer(const std::string& text) {
    const Action action = fields_of(text);
    const std::string name = value(action, "Action");
    if (name == "CoreStatus")
        return "Response: Success\r\nActionID: " + value(action, "ActionID") +
               "\r\nCoreStartupDate: 2026-11-21\r\nCoreStartupTime: 19:35:0" + std::to_string(starts_) + "\r\n\r\n";
    if (name == "Originate") return originate(action);
    if (name == "Status") return status(action);
    if (name == "CoreShowChannels") return channels(action);
    if (name == "ShowDialPlan") return response(action, "Success", "DialPlan list will follow");
    if (name == "DeviceStateList")
        return "Response: Success\r\nActionID: " + value(action, "ActionID") +
               "\r\nEventList: start\r\nMessage: Device State Changes will follow\r\n\r\nEvent: DeviceStateChange\r\n"
               "ActionID: " +
               value(action, "ActionID") + "\r\nDevice: SIP/1003\r\nState: UNAVAILABLE\r\n\r\n" +
               "Event: DeviceStateListComplete\r\nActionID: " + value(action, "ActionID") +
               "\r\nEventList: Complete\r\nListItems: 1\r\n\r\n";
    if (name.starts_with("Queue") && name != "QueueStatus") return on_member(name, action);
    if (std::string out = on_call(name, action); !out.empty()) return out;
    return peer_->on_client_bytes(text);
}

}  // namespace citybridge::contract
