// Channels: how they begin, ring, are answered and end; what is done on them.
#include <algorithm>
#include <utility>

#include "adapters/freeswitch/translate_table.h"
#include "adapters/freeswitch/words.h"

namespace citybridge::freeswitch {
namespace {

std::string_view gateway_of(const Event& event) {
    const std::string_view gateway = event.value("variable_sip_gateway_name");
    return gateway.empty() ? event.value("variable_sip_gateway") : gateway;
}

// Another channel made this one to reach somebody. Only the leg that was made
// knows it from its first event on (FACTS).
std::string originator_of(const Event& event) {
    std::string own(event.value("variable_" + std::string(kDialledForVariable)));
    if (!own.empty()) return own;
    const std::string_view leg = event.value("variable_originating_leg_uuid");
    if (!leg.empty()) return std::string(leg);
    return event.value("Other-Type") == "originator" ? std::string(event.value("Other-Leg-Unique-ID")) : std::string();
}

// What the caller asked for; his own number stands there when a command rang him first.
std::string number_dialled(const Event& event) {
    const std::string_view asked = event.value("Other-Leg-Destination-Number");
    const std::string own(event.value("Caller-Destination-Number"));
    const ChannelName from = channel_name(event.value("Other-Leg-Channel-Name"));
    return is_number(asked) && asked != bare_user(from.address) ? std::string(asked) : own;
}

bool is_phone_of_ours(const Event& event, std::string_view device) {
    if (device.empty() || device.find('/') != std::string_view::npos) return false;
    if (event.has("variable_dialed_user") || event.has("variable_user_name")) return true;
    return is_extension(device);
}

// "loopback/1002-a" and "-b" are two ends of one wire; only b's first event names the other.
std::string helper_pair(const Event& event, const std::string& id) {
    const std::string_view other = event.value("variable_other_loopback_leg_uuid");
    const bool second = event.value("Channel-Name").ends_with("-b") && !other.empty();
    return second ? std::string(other) : id;
}

// "sip:200": the party itself ended an answered call; it sent BYE.
bool own_bye(const Event& event) {
    return event.value("variable_proto_specific_hangup_cause") == "sip:200" ||
           event.value("variable_sip_term_status") == "200";
}

bool own_wish(const Event& event) {
    return event.value("variable_sip_hangup_disposition").starts_with("recv_") || own_bye(event);
}

}  // namespace

void Handlers::create(Translator& self, const EventContext& context) {
    const Event& event = context.event;
    const std::string id = context.channel();
    if (id.empty()) return;
    const bool outbound = event.value("Call-Direction") == "outbound";
    signal::ChannelStarted body;
    body.device = self.device_of(event.value("Channel-Name"), gateway_of(event));
    body.internal_helper = is_helper(event.value("Channel-Name"));
    if (body.internal_helper) body.helper_pair = helper_pair(event, id);
    const bool local = !body.internal_helper && is_phone_of_ours(event, body.device);
    body.number = context.text(outbound ? "Caller-Destination-Number" : "Caller-Caller-ID-Number");
    if (local) body.number = body.device;
    const std::string_view name = event.value(outbound ? "Caller-Callee-ID-Name" : "Caller-Caller-ID-Name");
    body.name = self.text(party_name(name, body.number));
    if (!outbound) body.dialled = event.value("Caller-Destination-Number");
    body.state = outbound ? ChannelState::down : ChannelState::calling;

    Remembered& known = self.remember(id);
    known.seen = true;
    known.local = local;
    known.outbound = outbound;
    known.bound = known.bound || (!outbound && !local);
    known.created_at = context.at;
    known.number = body.number;
    std::vector<PbxSignal> again = std::exchange(known.again, {});
    context.say(id, std::move(body));

    if (event.value("variable_cc_side") == "agent") {
        called_by_queue(self, context, id);
    } else if (outbound) {
        const std::string from = originator_of(event);
        dialled(self, context, from, id, from.empty() ? std::string() : number_dialled(event), context.at);
        if (from.empty()) self.remember(id).bound = false;
    }
    for (PbxSignal& early : again) context.out.push_back(std::move(early));
}

void Handlers::progress(Translator& self, const EventContext& context) {
    Remembered& known = self.remember(context.channel());
    const bool rung = context.event.value("Call-Direction") == "outbound";
    if (context.event.name() == "CHANNEL_PROGRESS_MEDIA") known.early_media = true;
    if (rung && !known.up) context.say(context.channel(), signal::ChannelStateChanged{ChannelState::ringing});
}

void Handlers::answer(Translator& self, const EventContext& context) {
    const std::string id = context.channel();
    Remembered& known = self.remember(id);
    known.up = true;
    context.say(id, signal::ChannelStateChanged{ChannelState::up});
    if (std::exchange(known.dial_open, false) && !known.dialled_by.empty())
        context.say(known.dialled_by, signal::DialEnded{id, DialResult::answered});
    early_answered(self, context, id);
}

// The first that hangs up says so first; who that was is told only here in time.
void Handlers::hangup(Translator& self, const EventContext& context) {
    const std::string id = context.channel();
    self.remember(id).hung_up = true;
    if (own_wish(context.event)) say_hangup(self, context, id, context.at);
}

void Handlers::hangup_complete(Translator& self, const EventContext& context) {
    const Event& event = context.event;
    const std::string id = context.channel();
    const bool destroyed = event.name() == "CHANNEL_DESTROY";
    // CHANNEL_DESTROY follows CHANNEL_HANGUP_COMPLETE and is needed only where that is not subscribed to.
    if (destroyed && self.find(id) == nullptr) return;
    self.remember(id);
    missed_bridge(self, context);
    Remembered* const known = &self.remember(id);  // it may have moved
    const WallTime hung_up_at = event.time("Caller-Channel-Hangup-Time").value_or(context.at);
    const bool wished = own_wish(event);
    if (wished) {
        say_hangup(self, context, id, hung_up_at);
    } else if (event.value("variable_last_bridge_proto_specific_hangup_cause") == "sip:200") {
        const std::string peer = context.text("variable_last_bridge_to");
        if (self.find(peer) != nullptr) say_hangup(self, context, peer, hung_up_at);
    }
    const auto cause = static_cast<int>(event.number("variable_hangup_cause_q850").value_or(0));
    if (known->dial_open && !known->dialled_by.empty())
        context.say(known->dialled_by, signal::DialEnded{id, dial_result(event.value("Hangup-Cause")), cause});
    const std::string_view transfer = event.value("variable_endpoint_disposition");
    if (transfer == "BLIND_TRANSFER" || transfer == "ATTENDED_TRANSFER")
        context.say(id, signal::Transferred{transfer == "BLIND_TRANSFER" ? TransferKind::blind : TransferKind::attended,
                                            TransferResult::completed,
                                            {},
                                            known->peer,
                                            {}});
    queue_left(self, context, id, wished);
    if (known->listening) context.say(id, signal::ListeningStopped{});
    leave(self, context, id);
    context.say(id, signal::ChannelEnded{cause});
    self.channels_.erase(id);
    self.channels_before_.erase(id);
}

void Handlers::renamed(Translator& self, const EventContext& context) {
    const std::string fresh = context.channel();
    const std::string old = context.text("Old-Unique-ID");
    if (old.empty() || old == fresh) return;
    auto node = self.channels_.extract(old);
    if (!node.empty()) {
        node.key() = fresh;
        self.channels_.insert(std::move(node));
    }
    context.say(old, signal::ChannelRenamed{fresh});
}

void Handlers::execute(Translator& self, const EventContext& context) {
    const std::string_view name = context.event.value("Application");
    const std::string id = context.channel();
    if (name == "eavesdrop" || name == "userspy") {
        self.remember(id).listening = true;
        context.say(id, signal::ListeningStarted{context.text("Application-Data")});
        return;
    }
    const Application entered = application(name);
    if (entered == Application::voicemail || entered == Application::menu)
        context.say(id, signal::ApplicationEntered{entered});
}

void Handlers::record_start(Translator& self, const EventContext& context) {
    const std::string file = context.text("Record-File-Path");
    auto& files = self.remember(context.channel()).recordings;
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
    context.say(context.channel(), signal::RecordingChanged{RecordingStep::started, file});
}

void Handlers::record_stop(Translator& self, const EventContext& context) {
    const std::string file = context.text("Record-File-Path");
    if (Remembered* known = self.find(context.channel())) std::erase(known->recordings, file);
    context.say(context.channel(), signal::RecordingChanged{RecordingStep::stopped, file});
}

// Muting a recording has no event of its own; the command that does it has.
void Handlers::api(Translator& self, const EventContext& context) {
    if (context.event.value("API-Command") != "uuid_record") return;
    const std::string argument = context.text("API-Command-Argument");
    const auto words = split(argument, ' ');
    if (words.size() < 3 || (words[1] != "mask" && words[1] != "unmask")) return;
    if (self.find(words[0]) == nullptr) return;
    const RecordingStep step = words[1] == "mask" ? RecordingStep::muted : RecordingStep::unmuted;
    context.say(std::string(words[0]), signal::RecordingChanged{step, std::string(words[2])});
}

}  // namespace citybridge::freeswitch
