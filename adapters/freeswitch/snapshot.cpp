#include "adapters/freeswitch/snapshot.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/freeswitch/translate_table.h"
#include "adapters/freeswitch/words.h"

namespace citybridge::freeswitch {
namespace {

using nlohmann::json;

std::string field(const json& row, const char* name) {
    const auto found = row.find(name);
    return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t to_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? value : 0;
}

WallTime from_epoch(std::string_view seconds) {
    constexpr std::int64_t kMaxSeconds = 100'000'000'000;
    return WallTime(std::chrono::seconds(std::clamp<std::int64_t>(to_number(seconds), 0, kMaxSeconds)));
}

// {"row_count":0} without rows when there are none.
std::optional<json> rows_of(std::string_view answer) {
    json parsed = json::parse(answer, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("row_count")) return std::nullopt;
    return parsed.value("rows", json::array());
}

std::string_view column(const std::vector<std::string_view>& names, const std::vector<std::string_view>& row,
                        std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name) - names.begin();
    return static_cast<std::size_t>(at) < row.size() ? row[static_cast<std::size_t>(at)] : std::string_view{};
}

// "[leg_timeout=15]user/1001@beijing": the phone of an agent, if he has his own.
std::string device_of_contact(std::string_view contact) {
    const std::size_t at = contact.rfind("user/");
    if (at == std::string_view::npos || contact.find(',', at) != std::string_view::npos) return {};
    return std::string(bare_user(contact.substr(at + std::string_view("user/").size())));
}

}  // namespace

std::string listing_command(Listing listing, std::string_view queue) {
    switch (listing) {
        case Listing::channels: return "show channels as json";
        case Listing::calls: return "show bridged_calls as json";
        case Listing::agents: return "callcenter_config agent list";
        case Listing::tiers: return "callcenter_config tier list";
        case Listing::queues: return "callcenter_config queue list";
        case Listing::queue_members: return "callcenter_config queue list members " + std::string(queue);
    }
    return {};
}

bool SnapshotBuilder::add(Listing listing, std::string_view answer) {
    if (listing == Listing::channels) return add_channels(answer);
    if (listing == Listing::calls) return add_calls(answer);
    // A table of columns between bars; the first line names them, the last is +OK. Without rows: +OK alone.
    if (answer.starts_with("-")) return false;
    std::vector<std::string_view> names;
    for (const std::string_view line : split(answer, '\n')) {
        if (line.empty() || line.starts_with("+OK")) continue;
        const auto row = split(line, '|');
        if (names.empty()) {
            names = row;
        } else {
            add_row(listing, names, row);
        }
    }
    return true;
}

bool SnapshotBuilder::add_channels(std::string_view answer) {
    const auto rows = rows_of(answer);
    if (!rows) return false;
    for (const json& row : *rows) {
        signal::SnapshotChannel channel;
        channel.id = field(row, "uuid");
        if (channel.id.empty() || field(row, "callstate") == "HANGUP") continue;
        const bool outbound = field(row, "direction") == "outbound";
        const std::string name = field(row, "name");
        channel.started_at = from_epoch(field(row, "created_epoch"));
        channel.started.device = translator_.device_of(name, {});
        channel.started.internal_helper = is_helper(name);
        const std::string caller = field(row, "initial_cid_num");
        const std::string asked = field(row, "initial_dest");
        channel.started.number = outbound ? asked : caller;
        // What a called phone's row names is whom it is shown by now, not whose it is.
        const std::string shown = outbound ? std::string() : field(row, "initial_cid_name");
        channel.started.name = translator_.text(party_name(shown, channel.started.number));
        if (!outbound) channel.started.dialled = asked;
        channel.started.state = channel_state(field(row, "callstate"), outbound);
        if (field(row, "callstate") == "HELD") held_.push_back(channel.id);
        if (field(row, "callstate") == "EARLY" && outbound) early_.push_back(channel.id);
        const std::string call = field(row, "call_uuid");
        if (outbound && call != channel.id) channel.dialled_by = call;
        if (outbound) caller_ids_[channel.id] = caller;
        channel.application = application(field(row, "application"));
        const std::string data = field(row, "application_data");
        if (channel.application == Application::conference) {
            channel.bridge_name = bare_user(std::string_view(data).substr(0, data.find('+')));
            channel.bridge = conference_bridge(channel.bridge_name);
            channel.bridge_kind = BridgeKind::conference;
        } else if (channel.application == Application::park) {
            channel.bridge = park_bridge(channel.id);
            channel.bridge_kind = BridgeKind::parking;
        }
        snapshot_.channels.push_back(std::move(channel));
    }
    return true;
}

bool SnapshotBuilder::add_calls(std::string_view answer) {
    const auto rows = rows_of(answer);
    if (!rows) return false;
    for (const json& row : *rows) {
        std::string one = field(row, "uuid");
        std::string other = field(row, "b_uuid");
        if (!one.empty() && !other.empty()) calls_.emplace_back(std::move(one), std::move(other));
    }
    return true;
}

void SnapshotBuilder::add_row(Listing listing, const std::vector<std::string_view>& names,
                              const std::vector<std::string_view>& row) {
    const auto value = [&](std::string_view name) { return std::string(column(names, row, name)); };
    switch (listing) {
        case Listing::queues: queues_.push_back(value("name")); return;
        case Listing::tiers: tiers_.emplace_back(value("agent"), value("queue")); return;
        case Listing::agents: {
            CallcenterAgent agent;
            agent.name = value("name");
            if (agent.name.empty()) return;
            agent.device = device_of_contact(value("contact"));
            if (agent.device.empty()) agent.device = bare_user(agent.name);
            agent.status = value("status");
            agent.state = value("state");
            agent.wrap_up_seconds =
                static_cast<int>(std::clamp<std::int64_t>(to_number(value("wrap_up_time")), 0, 86'400));
            agents_.push_back(std::move(agent));
            return;
        }
        case Listing::queue_members: {
            const std::string state = value("state");
            if (value("session_uuid").empty()) return;
            if (state == "Waiting" || state == "Trying")
                snapshot_.queue_callers.push_back(
                    {value("queue"), value("session_uuid"), from_epoch(value("joined_epoch"))});
            if (state == "Waiting" || state == "Trying")
                entries_.push_back({value("session_uuid"), value("queue"), value("uuid")});
            if (state == "Trying") serving_.push_back({value("serving_agent"), value("session_uuid")});
            return;
        }
        case Listing::channels:
        case Listing::calls: return;
    }
}

// A phone that a queue rings is linked to the caller by nothing but the agent's name.
void SnapshotBuilder::link_agents() {
    for (const Serving& serving : serving_) {
        const auto agent = std::find_if(agents_.begin(), agents_.end(),
                                        [&](const CallcenterAgent& a) { return a.name == serving.agent; });
        if (agent == agents_.end()) continue;
        for (signal::SnapshotChannel& channel : snapshot_.channels) {
            const bool rung = channel.dialled_by.empty() && channel.started.dialled.empty() && channel.bridge.empty();
            if (rung && channel.started.device == agent->device) channel.dialled_by = serving.channel;
        }
    }
}

// A leg that was set aside is linked to who called it by nothing but the caller's
// number, which it was shown; taken for so only if one caller has it.
void SnapshotBuilder::link_numbers() {
    const auto& channels = snapshot_.channels;
    for (signal::SnapshotChannel& rung : snapshot_.channels) {
        const auto shown = caller_ids_.find(rung.id);
        if (shown == caller_ids_.end() || !rung.dialled_by.empty() || rung.started.internal_helper) continue;
        const std::string& number = shown->second;
        if (!is_number(number) || number.find_first_not_of('0') == std::string::npos) continue;
        const auto calls = [&](const signal::SnapshotChannel& each) {
            return !each.started.dialled.empty() && each.started.number == number && each.started_at <= rung.started_at;
        };
        const auto caller = std::find_if(channels.begin(), channels.end(), calls);
        if (caller != channels.end() && std::none_of(caller + 1, channels.end(), calls)) rung.dialled_by = caller->id;
    }
}

signal::Snapshot SnapshotBuilder::finish(WallTime now) {
    link_agents();
    link_numbers();
    const auto is_early = [&](const std::string& id) {
        return std::find(early_.begin(), early_.end(), id) != early_.end();
    };
    // Bridged by early media: listed together, though one of them has not answered.
    const auto spoken = std::stable_partition(calls_.begin(), calls_.end(), [&](const auto& call) {
        return !is_early(call.first) && !is_early(call.second);
    });
    const std::vector<std::pair<std::string, std::string>> early(spoken, calls_.end());
    calls_.erase(spoken, calls_.end());
    for (const auto& [one, other] : calls_) {
        for (signal::SnapshotChannel& channel : snapshot_.channels) {
            if (channel.id != one && channel.id != other) continue;
            channel.bridge = bridge_of_two(one, other);
            channel.bridge_kind = BridgeKind::two_party;
        }
    }
    for (const signal::SnapshotChannel& channel : snapshot_.channels) translator_.know_channel(channel);
    for (const auto& [one, other] : calls_) translator_.know_call(one, other);
    for (const auto& [one, other] : early) {
        if (is_early(one)) translator_.know_early(one, other);
        if (is_early(other)) translator_.know_early(other, one);
    }
    for (const Entry& entry : entries_) translator_.know_queue_entry(entry.channel, entry.queue, entry.id);
    translator_.know_apart(now);
    for (CallcenterAgent& agent : agents_) {
        for (const auto& [of, queue] : tiers_) {
            if (of == agent.name) agent.queues.push_back(queue);
        }
        const std::string bare(bare_user(agent.name));
        translator_.know_agent(std::move(agent));
        for (signal::MemberChanged& member : translator_.members_of(bare))
            snapshot_.members.push_back(std::move(member));
    }
    return std::exchange(snapshot_, {});
}

}  // namespace citybridge::freeswitch
