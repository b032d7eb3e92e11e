#include "adapters/freeswitch/replay_outbound.h"

#include <algorithm>
#include <array>
#include <utility>

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kOther = "Other-Leg-";

std::string frame_of(std::string_view name, const std::string& headers, std::optional<WallTime> at) {
    std::string text = "Event-Name: " + std::string(name) + '\n';
    if (at) text += "Event-Date-Timestamp: " + std::to_string(at->time_since_epoch().count()) + "000\n";
    text += headers + '\n';
    return "Content-Length: " + std::to_string(text.size()) + "\nContent-Type: text/event-plain\n\n" + text;
}

// The channel's headers without those of the reply that carried them.
std::string without_reply(std::string_view headers) {
    constexpr std::array kOfTheReply{"Event-Name", "Content-Type", "Reply-Text", "Socket-Mode", "Control"};
    std::string out;
    while (!headers.empty()) {
        const std::string_view line = headers.substr(0, headers.find('\n'));
        headers.remove_prefix(std::min(line.size() + 1, headers.size()));
        const std::string_view name = line.substr(0, line.find(':'));
        if (std::find(kOfTheReply.begin(), kOfTheReply.end(), name) == kOfTheReply.end()) out.append(line) += '\n';
    }
    return out;
}

std::string line(std::string_view name, std::string_view value) {
    return std::string(name).append(": ").append(value) + '\n';
}

}  // namespace

std::vector<MadeEvent> OutboundStream::exists(const Event& channel, const std::string& headers, bool for_long) {
    begun_ = true;
    heard_of_ = true;
    channel_ = channel.raw("Unique-ID");
    std::vector<MadeEvent> out;
    for (const std::string name : {"CREATE", "ANSWER"}) {
        if (!out.empty() && channel.value("Answer-State") != "answered") break;
        std::optional<WallTime> at;
        if (for_long) at = channel.time(out.empty() ? "Caller-Channel-Created-Time" : "Caller-Channel-Answered-Time");
        out.push_back({"CHANNEL_" + name, at, frame_of("CHANNEL_" + name, headers, at), for_long});
    }
    return out;
}

std::vector<MadeEvent> OutboundStream::begin(const Frame& frame, const Event& channel) {
    return exists(channel, without_reply(frame.headers), false);
}

std::vector<MadeEvent> OutboundStream::join(const std::string& session, const Event& event) {
    if (heard_of_ || session.empty() || event.raw("Unique-ID") != session) return {};
    heard_of_ = true;
    if (event.name() == "CHANNEL_CREATE") return {};
    std::string headers;
    for (const Event::Pair& pair : event.all()) {
        const bool of_the_event = pair.name.starts_with("Event-") || pair.name.starts_with("Other-");
        if (!of_the_event) headers += line(pair.name, event.raw(pair.name));
    }
    return exists(event, headers, true);
}

std::vector<MadeEvent> OutboundStream::finish(const Frame& notice) {
    if (notice.lingers() || hanging_up_.empty() || notice.header("Controlled-Session-UUID") != channel_) return {};
    return {{"CHANNEL_HANGUP_COMPLETE", hung_up_at_,
             frame_of("CHANNEL_HANGUP_COMPLETE", std::exchange(hanging_up_, {}), hung_up_at_), false}};
}

MadeEvent OutboundStream::other_leg(const Event& event, std::string_view name, std::string_view more,
                                    std::optional<WallTime> at) const {
    std::string headers = line("Core-UUID", event.raw("Core-UUID")) + line("Unique-ID", partner_) +
                          line("Channel-Name", event.raw("Other-Leg-Channel-Name")) +
                          line("Call-Direction", event.raw("Other-Leg-Direction")) +
                          line("Channel-Call-UUID", channel_) + line("Other-Type", "originator") +
                          line("Other-Leg-Unique-ID", channel_) + line("variable_originating_leg_uuid", channel_);
    for (const Event::Pair& pair : event.all()) {
        if (pair.name.starts_with(kOther))
            headers += line("Caller-" + std::string(pair.name.substr(kOther.size())), event.raw(pair.name));
    }
    if (!at) at = event.at();
    return {std::string(name), at, frame_of(name, headers.append(more), at), name != "CHANNEL_HANGUP_COMPLETE"};
}

std::vector<MadeEvent> OutboundStream::implied(const Event& event) {
    std::vector<MadeEvent> out;
    if (!begun_ || event.raw("Unique-ID") != channel_) return out;
    if (event.name() == "CHANNEL_HANGUP_COMPLETE") hanging_up_.clear();
    if (event.name() == "CHANNEL_HANGUP") {
        hung_up_at_ = event.at();
        for (const Event::Pair& pair : event.all())
            if (!pair.name.starts_with("Event-")) hanging_up_ += line(pair.name, event.raw(pair.name));
    }
    if (event.name() == "CHANNEL_BRIDGE" && partner_.empty()) {
        partner_ = event.raw("Other-Leg-Unique-ID");
        if (partner_.empty()) return out;
        const auto answered = event.time("Other-Leg-Channel-Answered-Time");
        out.push_back(other_leg(event, "CHANNEL_CREATE", "Channel-Call-State: DOWN\nAnswer-State: ringing\n",
                                event.time("Other-Leg-Channel-Created-Time")));
        const auto rang = event.time("Other-Leg-Channel-Progress-Time");
        if (rang)
            out.push_back(
                other_leg(event, "CHANNEL_PROGRESS", "Channel-Call-State: RINGING\nAnswer-State: ringing\n", rang));
        out.push_back(
            other_leg(event, "CHANNEL_ANSWER", "Channel-Call-State: RINGING\nAnswer-State: answered\n", answered));
    }
    if ((event.name() == "CHANNEL_UNBRIDGE" || event.name() == "CHANNEL_HANGUP_COMPLETE") && !partner_.empty()) {
        const bool hung_up_here = event.value("variable_sip_hangup_disposition") == "recv_bye";
        out.push_back(other_leg(event, "CHANNEL_HANGUP_COMPLETE",
                                std::string("Answer-State: hangup\nHangup-Cause: NORMAL_CLEARING\n") +
                                    line("variable_sip_hangup_disposition", hung_up_here ? "send_bye" : "recv_bye"),
                                std::nullopt));
        partner_.clear();
    }
    return out;
}

}  // namespace citybridge::freeswitch
