#include "adapters/asterisk/translate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "adapters/asterisk/translate_table.h"
#include "adapters/asterisk/words.h"
#include "core/api/text.h"

namespace citybridge::asterisk {
namespace {

// Channels that hang up unseen (a cut link) are forgotten with the next link;
// this bound is for a PBX that never says Hangup.
constexpr std::size_t kMaxRemembered = 100'000;
constexpr std::size_t kMaxInterfaces = 20'000;

struct Row {
    std::string_view name;
    Handlers::Function function;
};

constexpr bool shorter_first(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// Sorted by length, then text: most events that are not here miss on their length alone.
constexpr std::array kFunctions{
    Row{"Hold", &Handlers::hold},
    Row{"Hangup", &Handlers::hangup},
    Row{"Rename", &Handlers::rename},
    Row{"Unhold", &Handlers::unhold},
    Row{"VarSet", &Handlers::var_set},
    Row{"DTMFEnd", &Handlers::key_pressed},
    Row{"DialEnd", &Handlers::dial_end},
    Row{"Newexten", &Handlers::newexten},
    Row{"Newstate", &Handlers::newstate},
    Row{"DialBegin", &Handlers::dial_begin},
    Row{"UserEvent", &Handlers::user_event},
    Row{"Newchannel", &Handlers::newchannel},
    Row{"ParkedCall", &Handlers::parked_call},
    Row{"AgentCalled", &Handlers::agent_called},
    Row{"BridgeEnter", &Handlers::bridge_enter},
    Row{"BridgeLeave", &Handlers::bridge_leave},
    Row{"ChanSpyStop", &Handlers::spy_stop},
    Row{"NewCallerid", &Handlers::new_callerid},
    Row{"AgentConnect", &Handlers::agent_connect},
    Row{"ChanSpyStart", &Handlers::spy_start},
    Row{"UnParkedCall", &Handlers::unparked_call},
    Row{"BlindTransfer", &Handlers::blind_transfer},
    Row{"ConfbridgeEnd", &Handlers::conference_end},
    Row{"HangupRequest", &Handlers::hangup_request},
    Row{"ConfbridgeJoin", &Handlers::conference_join},
    Row{"MixMonitorMute", &Handlers::monitor_mute},
    Row{"MixMonitorStop", &Handlers::monitor_stop},
    Row{"ConfbridgeStart", &Handlers::conference_start},
    Row{"MixMonitorStart", &Handlers::monitor_start},
    Row{"QueueCallerJoin", &Handlers::caller_join},
    Row{"AttendedTransfer", &Handlers::attended_transfer},
    Row{"ParkedCallGiveUp", &Handlers::parked_call_over},
    Row{"QueueCallerLeave", &Handlers::caller_leave},
    Row{"QueueMemberAdded", &Handlers::member_changed},
    Row{"QueueMemberPause", &Handlers::member_changed},
    Row{"AgentRingNoAnswer", &Handlers::agent_ring_no_answer},
    Row{"DeviceStateChange", &Handlers::device_state},
    Row{"ParkedCallTimeOut", &Handlers::parked_call_over},
    Row{"QueueMemberPaused", &Handlers::member_changed},
    Row{"QueueMemberStatus", &Handlers::member_changed},
    Row{"QueueCallerAbandon", &Handlers::caller_abandon},
    Row{"QueueMemberRemoved", &Handlers::member_removed},
};

constexpr bool is_sorted_table() {
    for (std::size_t i = 1; i < kFunctions.size(); ++i) {
        if (!shorter_first(kFunctions[i - 1].name, kFunctions[i].name)) return false;
    }
    return true;
}
static_assert(is_sorted_table());

// `Timestamp: 1795291397.603014`, present with timestampevents=yes.
std::optional<WallTime> pbx_time(std::string_view timestamp) {
    std::int64_t seconds = 0;
    const char* const end = timestamp.data() + timestamp.size();
    const auto [dot, error] = std::from_chars(timestamp.data(), end, seconds);
    constexpr std::int64_t kMaxSeconds = 100'000'000'000;
    if (error != std::errc{} || seconds <= 0 || seconds > kMaxSeconds) return std::nullopt;
    std::int64_t millis = 0;
    std::int64_t weight = 100;
    for (const char* digit = dot + (dot != end ? 1 : 0); digit != end && weight > 0; ++digit, weight /= 10) {
        if (*digit < '0' || *digit > '9') return std::nullopt;
        millis += (*digit - '0') * weight;
    }
    return WallTime(Millis(seconds * 1000 + millis));
}

}  // namespace

Handlers::Function Handlers::find(std::string_view event_name) {
    const auto row = std::lower_bound(kFunctions.begin(), kFunctions.end(), event_name,
                                      [](const Row& r, std::string_view name) { return shorter_first(r.name, name); });
    return row != kFunctions.end() && row->name == event_name ? row->function : nullptr;
}

PbxSignal Handlers::about_channel(const EventContext& context, SignalBody body) {
    return {context.at, std::string(known(context.event.get("Uniqueid"))),
            std::string(known(context.event.get("Linkedid"))), std::move(body)};
}

PbxSignal Handlers::about_role(const EventContext& context, std::string_view role, SignalBody body) {
    const std::string prefix(role);
    return {context.at, std::string(known(context.event.get(prefix + "Uniqueid"))),
            std::string(known(context.event.get(prefix + "Linkedid"))), std::move(body)};
}

void Translator::translate(const Message& event, WallTime arrival, std::vector<PbxSignal>& out) {
    const Handlers::Function function = Handlers::find(event.name());
    if (function == nullptr) return;
    // Every step of a dialplan is a Newexten and several VarSet; without the filter
    // on the PBX they are too many to be split just to be dropped.
    if (function == &Handlers::newexten && event.bytes().find("VoiceMail") == std::string_view::npos) return;
    if (function == &Handlers::var_set && event.bytes().find(kRecordingVariable) == std::string_view::npos) return;
    const auto at = pbx_time(event.get("Timestamp"));
    function(*this, {event, at.value_or(arrival), out});
}

std::string Translator::text(std::string_view bytes) const { return to_utf8(known(bytes), settings_.charset); }

Translator::Remembered& Translator::remember(std::string_view channel) {
    if (channels_.size() >= kMaxRemembered) channels_.clear();
    return channels_[std::string(channel)];
}

const Translator::Remembered* Translator::remembered(std::string_view channel) const {
    const auto found = channels_.find(std::string(channel));
    return found != channels_.end() ? &found->second : nullptr;
}

namespace {

// "/n" and other options are how the queue dials, not who is dialled.
std::string without_options(std::string_view local_interface) {
    return std::string(local_interface.substr(0, local_interface.find('/', std::string_view("Local/").size())));
}

}  // namespace

std::string Translator::agent_of(std::string_view interface) const {
    if (!is_helper(interface)) return std::string(interface);
    std::string plain = without_options(interface);
    const auto found = members_.find(plain);
    if (found != members_.end()) return found->second.agent;
    return plain;
}

std::string Translator::interface_of(std::string_view agent) const {
    for (const auto& [plain, member] : members_) {
        if (member.agent == agent) return member.interface;
    }
    return std::string(agent);
}

void Translator::learn_interface(const Message& event, std::string_view interface_key) {
    const std::string_view interface = event.get(interface_key);
    const std::string_view phone = event.get("StateInterface");
    if (!is_helper(interface) || phone.empty() || members_.size() >= kMaxInterfaces) return;
    members_.insert_or_assign(without_options(interface), LocalMember{std::string(interface), std::string(phone)});
}

}  // namespace citybridge::asterisk
