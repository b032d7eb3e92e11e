#include "tests/sim/switch_table.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace citybridge::sim {
namespace {

std::string seconds(std::string_view micros) {
    return std::to_string(std::atoll(std::string(micros).c_str()) / 1'000'000);
}

}  // namespace

void SwitchTable::see(const EslFrame& frame) {
    if (!frame.is_event()) return;
    if (core_uuid_.empty()) core_uuid_ = frame.get("Core-UUID");
    const std::string_view name = frame.get("Event-Name");
    see_channel(frame, name);
    see_bridge(frame, name);
    if (name == "CUSTOM" && frame.get("Event-Subclass") == "callcenter::info") see_callcenter(frame);
    if (name == "CHANNEL_HANGUP_COMPLETE" || name == "CHANNEL_DESTROY") forget(std::string(frame.get("Unique-ID")));
}

void SwitchTable::see_channel(const EslFrame& event, std::string_view name) {
    const std::string id = std::string(event.get("Unique-ID"));
    if (name == "CHANNEL_UUID") {
        auto node = channels_.extract(std::string(event.get("Old-Unique-ID")));
        if (!node.empty()) {
            node.key() = id;
            node.mapped()["uuid"] = id;
            channels_.insert(std::move(node));
        }
    }
    if (name == "CHANNEL_CREATE") {
        Row& row = channels_[id];
        row["uuid"] = id;
        row["direction"] = event.get("Call-Direction");
        row["created_epoch"] = seconds(event.get("Event-Date-Timestamp"));
        const std::array<std::array<const char*, 3>, 4> first{
            {{"initial_cid_name", "cid_name", "Caller-Caller-ID-Name"},
             {"initial_cid_num", "cid_num", "Caller-Caller-ID-Number"},
             {"initial_dest", "dest", "Caller-Destination-Number"},
             {"initial_context", "context", "Caller-Context"}}};
        for (const auto& [initial, now, header] : first) row[initial] = row[now] = event.get(header);
        row["application"] = row["application_data"] = "";
    }
    const auto channel = channels_.find(id);
    if (channel == channels_.end() || !name.starts_with("CHANNEL_")) return;
    Row& row = channel->second;
    const auto take = [&](const char* column, std::string_view header) {
        if (const auto value = event.get(header); !value.empty()) row[column] = value;
    };
    take("name", "Channel-Name");
    take("state", "Channel-State");
    take("callstate", "Channel-Call-State");
    take("call_uuid", "Channel-Call-UUID");
    take("callee_name", "Caller-Callee-ID-Name");
    take("callee_num", "Caller-Callee-ID-Number");
    take("presence_id", "Channel-Presence-ID");
    if (name == "CHANNEL_ANSWER") row["callstate"] = "ACTIVE";
    if (name != "CHANNEL_EXECUTE") return;
    row["application"] = event.get("Application");
    row["application_data"] = event.get("Application-Data");
}

void SwitchTable::see_bridge(const EslFrame& event, std::string_view name) {
    const std::string id = std::string(event.get("Unique-ID"));
    if (name == "CHANNEL_BRIDGE") {
        std::string one = std::string(event.get("Bridge-A-Unique-ID"));
        std::string other = std::string(event.get("Bridge-B-Unique-ID"));
        if (one.empty()) one = id;
        if (other.empty()) other = event.get("Other-Leg-Unique-ID");
        if (channels_.contains(one) && channels_.contains(other)) calls_.emplace_back(one, other);
    }
    if (name == "CHANNEL_UNBRIDGE")
        std::erase_if(calls_, [&](const auto& call) { return call.first == id || call.second == id; });
}

void SwitchTable::see_callcenter(const EslFrame& event) {
    const std::string_view action = event.get("CC-Action");
    const std::string agent = std::string(event.get("CC-Agent"));
    const std::string queue = std::string(event.get("CC-Queue"));
    const std::string member = std::string(event.get("CC-Member-UUID"));
    if (!queue.empty()) queues_[queue] = true;
    if (!queue.empty() && !agent.empty()) tiers_[{queue, agent}] = true;
    if (action == "agent-status-change") agents_[agent].status = event.get("CC-Agent-Status");
    if (action == "agent-state-change") agents_[agent].state = event.get("CC-Agent-State");
    if (action == "member-queue-start")
        members_[member] = {queue,
                            std::string(event.get("CC-Member-Session-UUID")),
                            seconds(event.get("Event-Date-Timestamp")),
                            std::string(event.get("CC-Member-CID-Number")),
                            "",
                            "Waiting"};
    if (action == "member-queue-end") members_.erase(member);
    const auto waiting = members_.find(member);
    if (waiting == members_.end()) return;
    if (action == "agent-offering") {
        waiting->second.state = "Trying";
        waiting->second.agent = agent;
    }
    if (action == "bridge-agent-start") waiting->second.state = "Answered";
    if (action == "bridge-agent-fail") {
        waiting->second.state = "Waiting";
        waiting->second.agent.clear();
    }
}

void SwitchTable::forget(const std::string& channel) {
    channels_.erase(channel);
    std::erase_if(calls_, [&](const auto& call) { return call.first == channel || call.second == channel; });
    std::erase_if(members_, [&](const auto& each) { return each.second.session == channel; });
}

// ---- Answers ----------------------------------------------------------------

std::optional<std::string> SwitchTable::answer(std::string_view command) const {
    constexpr std::string_view kMembers = "callcenter_config queue list members ";
    if (command == "show channels as json") return show_channels();
    if (command == "show bridged_calls as json") return show_bridged();
    if (command == "callcenter_config agent list") return agents();
    if (command == "callcenter_config tier list") return tiers();
    if (command == "callcenter_config queue list") return queues();
    if (command.starts_with(kMembers)) return members(command.substr(kMembers.size()));
    if (command == "global_getvar core_uuid") return core_uuid_;
    if (command.starts_with("uuid_exists "))
        return channels_.contains(std::string(command.substr(12))) ? "true" : "false";
    return std::nullopt;
}

std::string SwitchTable::show_channels() const {
    nlohmann::json out{{"row_count", channels_.size()}};
    for (const auto& [id, row] : channels_) out["rows"].push_back(row);
    return out.dump();
}

std::string SwitchTable::show_bridged() const {
    nlohmann::json out{{"row_count", calls_.size()}};
    for (const auto& [one, other] : calls_) {
        nlohmann::json row = channels_.at(one);
        for (const auto& [name, value] : channels_.at(other)) row["b_" + name] = value;
        out["rows"].push_back(std::move(row));
    }
    return out.dump();
}

std::string SwitchTable::agents() const {
    if (agents_.empty()) return "+OK\n";
    std::string out = "name|instance_id|type|contact|status|state|wrap_up_time\n";
    for (const auto& [name, agent] : agents_) {
        const std::string user = name.substr(0, name.find('@'));
        out += name + "|single_box|callback|[leg_timeout=15]user/" + user + "|" + agent.status + "|" + agent.state +
               "|0\n";
    }
    return out + "+OK\n";
}

std::string SwitchTable::tiers() const {
    if (tiers_.empty()) return "+OK\n";
    std::string out = "queue|agent|state|level|position\n";
    for (const auto& [tier, present] : tiers_) out += tier.first + "|" + tier.second + "|Ready|1|1\n";
    return out + "+OK\n";
}

std::string SwitchTable::queues() const {
    if (queues_.empty()) return "+OK\n";
    std::string out = "name|strategy\n";
    for (const auto& [queue, present] : queues_) out += queue + "|longest-idle-agent\n";
    return out + "+OK\n";
}

std::string SwitchTable::members(std::string_view queue) const {
    std::string out = "queue|instance_id|uuid|session_uuid|cid_number|cid_name|joined_epoch|serving_agent|state\n";
    for (const auto& [id, member] : members_)
        if (member.queue == queue)
            out += member.queue + "|single_box|" + id + "|" + member.session + "|" + member.number + "|" +
                   member.number + "|" + member.joined + "|" + member.agent + "|" + member.state + "\n";
    return out + "+OK\n";
}

}  // namespace citybridge::sim
