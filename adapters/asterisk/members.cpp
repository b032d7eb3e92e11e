#include "adapters/asterisk/members.h"

namespace citybridge::asterisk {

void Members::learn(const Message& message) {
    const std::string_view name = message.name();
    if (name == "DeviceStateChange") {
        const std::string_view device = message.get("Device");
        if (equal_ignoring_case(message.get("State"), "UNAVAILABLE")) {
            unreachable_.emplace(device);
        } else if (const auto it = unreachable_.find(device); it != unreachable_.end()) {
            unreachable_.erase(it);
        }
        return;
    }
    if (!name.starts_with("QueueMember")) return;
    // Lists call it Location and Name, events Interface and MemberName.
    const bool item = name == "QueueMember";
    const std::string_view interface = message.get(item ? "Location" : "Interface");
    const std::string_view queue = message.get("Queue");
    if (interface.empty() || queue.empty()) return;
    if (name == "QueueMemberRemoved") {
        if (const auto it = in_.find(interface); it != in_.end()) it->second.erase(std::string(queue));
    } else if (item || name == "QueueMemberAdded") {
        in_[std::string(interface)].emplace(queue);
    }
    // Without a name of its own a member is called like its interface.
    const std::string_view called = message.get(item ? "Name" : "MemberName");
    if (!called.empty() && called != interface) names_.insert_or_assign(std::string(interface), std::string(called));
}

void Members::forget() {
    unreachable_.clear();
    in_.clear();
}

bool Members::is_unreachable(std::string_view device) const { return unreachable_.contains(device); }

std::vector<std::string> Members::queues_of(std::string_view interface) const {
    const auto it = in_.find(interface);
    if (it == in_.end()) return {};
    return {it->second.begin(), it->second.end()};
}

std::string Members::name_of(std::string_view interface) const {
    const auto it = names_.find(interface);
    return it != names_.end() ? it->second : std::string();
}

}  // namespace citybridge::asterisk
